"""An independent, slow and plain reading of the contract, to hold the engine against.

It was written from the contract alone and imports nothing of the product: where the two disagree, one of
them (or the contract) is wrong. What the contract leaves open is listed at the top of each module. Only the
policy's defaults are judged unless another one is given, and it holds for every district and school year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tests.reference import exports
from tests.reference.checking import Record, check
from tests.reference.counting import Counting, Day
from tests.reference.live import Live
from tests.reference.reading import Refusal, Row, read_file
from tests.reference.rules import Policy


@dataclass(frozen=True)
class Result:
    """What the records of some files mean.

    `refused` are rows and files, sorted by file and line; `set_aside` the live attendance records whose code
    has no meaning. Dates are local dates; every export value is a string, blank where there is none.
    """

    refused: list[Refusal]
    set_aside: list[Refusal]
    live: dict[str, dict[tuple[str, ...], Record]]
    _counting: Counting
    _policy: Policy

    def standings(self, as_of: date | str) -> list[dict[str, str]]:
        """Give the rows of `export standings --as-of`."""
        return exports.standings(self._counting, _date(as_of), self._policy)

    def alerts(self, as_of: date | str | None = None) -> list[dict[str, str]]:
        """Give the rows of `export alerts --current` without `amendments`."""
        return exports.alerts(self._counting, None if as_of is None else _date(as_of), self._policy)

    def days(self, district_id: str, student_id: str) -> list[Day]:
        """Give a student's membership days, to explain a difference."""
        return self._counting.days(district_id, student_id)


def evaluate(files: dict[str, bytes], policy: Policy | None = None) -> Result:
    """Read files (name to content, as one call of `ingest`) and judge all of their records."""
    records: list[Record] = []
    refused: list[Refusal] = []
    for name, content in files.items():
        rows, faults = checked(name, content)
        refused += faults
        for _, found in rows:
            if isinstance(found, Record):
                records.append(found)
            else:
                refused.append(found)
    live = Live(records)
    counting = Counting(live)
    return Result(sorted(refused), sorted(live.set_aside), live.live, counting, policy or Policy())


@lru_cache(maxsize=64)
def checked(name: str, content: bytes) -> tuple[list[tuple[Row, Record | Refusal]], list[Refusal]]:
    """Read a file into rows, each with what it is taken for; and what is refused of the file as a whole.

    What was read last is kept, for who evaluates files mostly wants their rows too: change nothing in it.
    """
    rows, faults = read_file(name, content)
    return [(row, check(row)) for row in rows], faults


def _date(day: date | str) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day)
