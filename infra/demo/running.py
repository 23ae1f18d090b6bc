"""The demo from start to end: home, history, the running system beside the screen, summary."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from infra import logging
from infra.demo import history, summary
from infra.demo.history import Took
from infra.demo.home import begun_anew
from infra.demo.mornings import Mornings
from infra.demo.people import Directory
from infra.demo.screen import Screen
from infra.event_logs import event_log, open_log
from infra.running.parts import Parts
from infra.running.process import run
from infra.running.signals import told_by_signals
from infra.settings import Settings, load
from infra.settings_values import local_url
from infra.simulator.district import District
from models.school_year import school_year_of

LOG_FILE = "demo.log"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to show: `days` of history, then a school day every so many seconds, unless `once`."""

    once: bool
    seed: int
    students: int
    schools: int
    days: int
    every: float


def settings_of_demo(home: Path) -> Settings:
    """The embedded default in a home of its own, whatever else the environment names."""
    return load(
        home=home,
        broker=local_url("sqlite", home / "log.sqlite3"),
        clickhouse=local_url("chdb", home / "chdb"),
        partitions=1,
        kafka_protocol="PLAINTEXT",
        policy_file=None,
        metrics_port=0,
        api_tokens_file=None,
        web_port=0,
    )


def play(plan: Plan, settings: Settings, console: Console, command: str) -> bool:
    """Play the demo; whether it came to its end, or was stopped by a signal.

    `command` is how `rollcall` is called here. Raises HomeRefused, Failed, LogUnavailable, StoreUnavailable.
    """
    stop = threading.Event()
    with (
        # Also before the system runs, which has handlers of its own.
        told_by_signals(stop),
        begun_anew(settings.home),
        (settings.home / LOG_FILE).open("w", encoding="utf-8") as lines,
    ):
        logging.configure(settings.log_level, settings.log_format, stream=lines)
        console.print(
            f"A district of {plan.students:,} students in {plan.schools} schools is made up from seed "
            f"{plan.seed}. No student in it exists; names are shown for that reason only.",
            soft_wrap=True,
        )
        district = District(plan.seed, plan.students, plan.schools)
        screen = Screen(console, Directory(district))
        with event_log(settings) as log:
            with screen.waiting(f"publishing the records of {plan.days} school days"):
                sizes = history.publish(log, district, plan.days, settings.batch_records, stop)
            if sizes is None:
                return False
            show = _Show(plan, settings, district, console, screen, sizes, stop)
            show.start()
            try:
                run(settings, Parts(), stop)
            finally:
                stop.set()
                show.join()
            if show.failure is not None:
                raise show.failure
            if show.took is None or not show.complete:
                return False
            if plan.once:
                summary.show(console, _read(settings, district), show.took)
                summary.next_steps(console, settings.home, command, district.school_days[plan.days - 1])
    return True


class _Show(threading.Thread):
    """What is on the screen while the system runs in the main thread, where signals arrive."""

    def __init__(
        self, plan: Plan, settings: Settings, district: District, console: Console, screen: Screen,
        sizes: list[int], stop: threading.Event,
    ) -> None:  # fmt: skip
        super().__init__(name="demo")
        self.took: Took | None = None
        self.complete = False
        self.failure: Exception | None = None
        self._plan = plan
        self._settings = settings
        self._district = district
        self._console = console
        self._screen = screen
        self._sizes = sizes
        self._stop_event = stop

    def run(self) -> None:
        """Show everything, and stop the system at the end."""
        try:
            self._show()
        except Exception as error:
            self.failure = error
        finally:
            self._stop_event.set()

    def _show(self) -> None:
        plan, stop = self._plan, self._stop_event
        log = open_log(self._settings)
        try:
            self.took = history.watch(log, self._sizes, self._screen, stop)
            if self.took is not None and not plan.once:
                summary.show(self._console, _read(self._settings, self._district), self.took)
                self._screen.say(
                    f"\nNew school days, one every {plan.every:g} s, until Ctrl-C. A star marks one of the "
                    "fifteen students whose stories docs/cast.md tells."
                )
                size = self._settings.batch_records
                Mornings(log, self._district, self._screen, plan.every, size, stop).stream(plan.days)
        finally:
            log.close()
        self.complete = not stop.is_set()


def _read(settings: Settings, district: District) -> summary.Summary:
    year = school_year_of(district.school_days[0])
    log = open_log(settings)
    try:
        return summary.read(settings, log, district.district_id, year)
    finally:
        log.close()
