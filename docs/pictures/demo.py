"""Draws demo.svg beside it from a real run of the demo: `python -m docs.pictures.demo` in the top folder."""

from __future__ import annotations

import io
import os
import re
import signal
import tempfile
from pathlib import Path
from typing import Any

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from infra.demo.mornings import Mornings
from infra.demo.running import Plan, play, settings_of_demo
from infra.simulator.district import HISTORY_DAYS

DAYS = 2
TARGET = Path(__file__).with_name("demo.svg")


class Screen(Console):
    """Keeps what the demo prints, but for the lines that stand in for its progress bar."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print, and keep it."""
        if not str(objects[0] if objects else "").startswith(("history: ", "publishing ", "storing ")):
            # A terminal wraps what is too long; a picture cuts it, and says so.
            super().print(
                *objects, **{**options, "soft_wrap": False, "no_wrap": True, "overflow": "ellipsis"}
            )


class SomeDays(Mornings):
    """New school days, and then Ctrl-C."""

    def stream(self, first: int) -> None:
        """The first few days."""
        for index in range(first, first + DAYS):
            self._day(index)
        os.kill(os.getpid(), signal.SIGINT)


def main() -> None:
    """Play the history and the first new days, and draw what was on the screen."""
    console = Screen(record=True, width=140, height=14, file=io.StringIO(), highlight=False)
    # Two days are enough for a picture; the demo itself goes on to the end of the year.
    Mornings.stream = SomeDays.stream  # type: ignore[method-assign]  # on purpose, in this process only
    with tempfile.TemporaryDirectory() as home:
        plan = Plan(once=False, seed=1, students=6000, schools=12, days=HISTORY_DAYS, every=5.0)
        play(plan, settings_of_demo(Path(home)), console, "rollcall")
    # A picture in a repository asks no other host for its font.
    template = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    svg = console.export_svg(title="make demo", code_format=template)
    TARGET.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
