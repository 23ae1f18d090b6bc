"""Which attendance records of a call wait for the meaning of their code (contract 1, In force)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from infra.snapshot import Snapshot
from models.columns import Kind
from models.ledger.chain import Stored
from models.ledger.district import Ledger

KINDS = (Kind.CODE, Kind.ATTENDANCE)


class CodesUsed:
    """The codes of a call's attendance, with the earliest date of each."""

    def __init__(self) -> None:
        self._earliest: dict[tuple[str, str], str] = {}

    def see(self, given: Mapping[str, str]) -> None:
        """An attendance record of the call."""
        if given.get("op") == "delete":
            return
        place = (given["district_id"], given["code"])
        day = given["date"]
        if day < self._earliest.get(place, "~"):
            self._earliest[place] = day

    @property
    def districts(self) -> set[str]:
        """The districts of the records."""
        return {district for district, _ in self._earliest}

    def unmapped(self, snapshot: Snapshot) -> set[str]:
        """The districts with a code that has no meaning on the earliest of its dates.

        A code that has one then has one on every later date.
        """
        return {
            district
            for (district, code), day in self._earliest.items()
            if not _means(snapshot.ledger(district), code, day)
        }


def _means(ledger: Ledger, code: str, day: str) -> bool:
    return ledger.codes.meaning(code, date.fromisoformat(day).toordinal()) is not None


def set_aside_of(snapshot: Snapshot, districts: set[str], files: set[str]) -> Iterator[Stored]:
    """The records of some files that are set aside now; `snapshot` knows codes and attendance."""
    for district in sorted(districts):
        for held in snapshot.ledger(district).set_aside():
            if held.file in files:
                yield held
