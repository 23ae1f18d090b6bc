"""What a system says of a district's own codes, and no more: a meaning is never guessed.

A code that means absent has the class that the system gives as a reason, else `unknown`. These code records
are recorded before all others and hold always, so that any code record of the district's own wins. A code of
which the system says nothing clear gets no record: its attendance is set aside until the district says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from infra.connectors.edfi_gather import Place
from infra.connectors.edfi_words import as_id
from infra.connectors.table_values import FIRST
from infra.intake.events import Record
from models.columns import Kind
from models.ledger.chain import Stored

_LABEL = 200
_SHOWN = 20
_LONGEST = 52


class Meaning(NamedTuple):
    """A code's status and class, as the columns have them, and what tells it apart where a code has several.

    `rank` decides between calls that say different things of one code: in doubt absent, and no truancy.
    """

    status: str
    class_: str
    suffix: str
    rank: int


PRESENT = Meaning("in_attendance", "", "present", 0)
UNEXCUSED = Meaning("absent", "unexcused", "unexcused", 1)
EXCUSED = Meaning("absent", "excused", "excused", 2)
ABSENT = Meaning("absent", "unknown", "absent", 3)


def suffixed(code: str, suffix: str) -> str:
    """A code of its own for what a row says beside its code."""
    return f"{as_id(code)[:_LONGEST]}.{suffix}"


def tie(meaning: Meaning | None) -> str:
    """The event_id of an attendance record: of two rows of one day and one time the absence holds."""
    return "0-in_attendance" if meaning is PRESENT else "1-absent"


class _Said(NamedTuple):
    place: Place
    label: str


class LocalCodes:
    """The codes of a call's attendance, with what the system says of them.

    Where it says several things of one code (two schools use it in different ways), each is a code of its
    own: `E.present` and `E.absent`.
    """

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], dict[Meaning | None, _Said]] = {}
        self._rows: Counter[tuple[str, Meaning | None]] = Counter()

    def see(self, district: str, code: str, meaning: Meaning | None, place: Place, label: str = "") -> None:
        """A row with a code; `meaning` is None where the system says nothing clear."""
        code = as_id(code)
        self._said.setdefault((district, code), {}).setdefault(meaning, _Said(place, label))
        self._rows[code, meaning] += 1

    def code_of(self, district: str, code: str, meaning: Meaning | None) -> str:
        """The code of a record: the system's own, unless it has several meanings here."""
        plain = as_id(code)
        if self._several(district, plain):
            return suffixed(plain, "unclear" if meaning is None else meaning.suffix)
        return plain

    def records(self) -> Iterator[Record]:
        """A code record for each meaning."""
        for (district, code), said in self._said.items():
            for meaning, (place, label) in said.items():
                if meaning is not None:
                    given = {
                        "district_id": district,
                        "code": self.code_of(district, code, meaning),
                        "status": meaning.status,
                        "class": meaning.class_,
                        "recorded_at": FIRST,
                        "event_id": f"{meaning.rank}-{meaning.suffix}",
                        "label": label[:_LABEL].strip(),
                    }
                    given = {name: cell for name, cell in given.items() if cell}
                    yield Record(Kind.CODE, Stored(given, *place))

    def notices(self) -> Iterator[str]:
        """What a person should do about codes, with how many rows each has."""
        if shown := self._shown(ABSENT):
            yield (
                f"codes that mean absent, and the export has no reason: {shown}; their class is unknown "
                "until a code record of yours says more"
            )
        if shown := self._shown(None):
            yield f"codes of which the export says nothing clear: {shown}; set aside until a code record does"
        several = [code for district, code in self._said if self._several(district, code)]
        if several:
            yield (
                f"codes that mean different things in this export: {_list(several)}; each meaning is a code "
                f"of its own, such as {several[0]}.absent"
            )

    def _several(self, district: str, code: str) -> bool:
        return len(self._said.get((district, code), ())) > 1

    def _shown(self, meaning: Meaning | None) -> str:
        rows = {code: count for (code, said), count in self._rows.items() if said is meaning}
        return _list([f"{code} {count}" for code, count in sorted(rows.items())])


def _list(texts: list[str]) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
