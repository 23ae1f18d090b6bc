"""What the demo puts on the screen: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from infra.demo.people import CAST, Directory
from infra.demo.words import TITLE_WIDTH, title, told
from streams.alerts_message import AlertEvent

Told = Callable[[int], None]
"""Is called with how many records are done."""

# The word says it; the style only helps those who see it.
_STYLES = {"opened": "bold", "reopened": "bold", "recovered": "green", "withdrawn": "dim", "amended": "dim"}
_CHANGE_WIDTH = max(map(len, _STYLES))
_SORTS = 5
_LINE_EVERY = 5.0
# Beside the alerts a day has a heading, two lines at its end, and some air.
_BESIDE, _FEWEST, _MOST = 8, 6, 16


class Screen:
    """Prints to a console."""

    def __init__(self, console: Console, people: Directory) -> None:
        self._console = console
        self._people = people

    @property
    def lines(self) -> int:
        """How many alerts of a day fit, besides those of the cast."""
        return min(_MOST, max(_FEWEST, self._console.size.height - _BESIDE))

    def say(self, text: str = "", style: str = "") -> None:
        """One line, which the terminal may wrap."""
        self._console.print(Text(text, style), soft_wrap=True)

    def alert(self, event: AlertEvent) -> None:
        """One change of an alert, on one line; a star marks the cast."""
        line = Text("* " if event.student_id in CAST else "  ")
        line.append(f"{event.change:<{_CHANGE_WIDTH}}", _STYLES.get(event.change, ""))
        line.append(f"  {title(event.rule):<{TITLE_WIDTH}}  {told(event, self._people)}")
        self._console.print(line, soft_wrap=True)

    def rest(self, rest: Counter[tuple[str, str]]) -> None:
        """What was not shown, by what it is."""
        if rest:
            sorts = [f"{count} {title(rule)} {change}" for (rule, change), count in rest.most_common(_SORTS)]
            more = ", ..." if len(rest) > _SORTS else ""
            self.say(f"  and {rest.total():,} more: {', '.join(sorts)}{more}")

    @contextmanager
    def progress(self, total: int) -> Iterator[Told]:
        """Shows how many of so many records are done, at which rate, and the time left."""
        if not self._console.is_terminal:
            yield _Lines(self.say, total)
            return
        columns = (
            TextColumn("history"),
            BarColumn(),
            TextColumn("{task.completed:,} of {task.total:,} records"),
            _Rate(),
            TimeRemainingColumn(),
            TextColumn("left"),
        )
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task("history", total=total)
            yield lambda done: progress.update(task, completed=done)

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """Says what is waited for."""
        if not self._console.is_terminal:
            self.say(text)
            yield
            return
        with self._console.status(text):
            yield


class _Rate(ProgressColumn):
    """Records a second, over the last seconds."""

    def render(self, task: Task) -> Text:
        """The rate, once there is one."""
        rate = task.finished_speed or task.speed
        return Text("" if rate is None else f"{rate:,.0f} records/s")


class _Lines:
    """The progress as a line every few seconds."""

    def __init__(self, say: Callable[[str], None], total: int) -> None:
        self._say = say
        self._total = total
        self._begun = self._last = time.monotonic()

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if not done or (done < self._total and now < self._last + _LINE_EVERY):
            return
        self._last = now
        rate = done / max(now - self._begun, 0.001)
        left = "" if done >= self._total else f", about {(self._total - done) / rate:.0f} s left"
        self._say(f"history: {done:,} of {self._total:,} records, {rate:,.0f} records/s{left}")
