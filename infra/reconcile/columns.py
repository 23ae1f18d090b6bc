"""Which column of somebody else's file says what. Names are compared without case, spaces and signs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

STUDENT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "student_id": ("studentid", "student", "studentnumber", "localid", "lasid", "sasid", "stateid", "id"),
    "school_id": ("schoolid", "school", "schoolcode", "schoolnumber", "building"),
    "enrolled_days": (
        "enrolleddays", "daysenrolled", "membership", "membershipdays", "daysmembership", "daysofmembership",
        "daysinmembership", "possibledays",
    ),
    "absent_days": ("absentdays", "daysabsent", "absences", "totalabsences", "absent"),
    "attended_days": (
        "attendeddays", "daysattended", "attendance", "attendancedays", "daysinattendance", "dayspresent",
        "presentdays",
    ),
    "chronic": ("chronic", "chronicallyabsent", "ischronic", "chronicabsence", "chronicallyabsentyn"),
}  # fmt: skip
GROUP_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "school_id": STUDENT_COLUMNS["school_id"],
    "group": ("group", "studentgroup", "subgroup", "dimension"),
    "value": ("value", "groupvalue", "subgroupvalue"),
    "students": ("students", "enrollment", "enrolled", "totalstudents", "denominator"),
    "chronic": ("chroniccount", "chronic", "chronicstudents", "chronicallyabsent", "numerator"),
    "rate": ("rate", "chronicrate", "ratepercent", "percent", "%"),
}
NAMES = frozenset(STUDENT_COLUMNS) | frozenset(GROUP_COLUMNS)


class ColumnsUnclear(ValueError):
    """A header that cannot be told, or an option that names no column. The message says what to do."""


def chosen(options: Sequence[str]) -> dict[str, str]:
    """The columns of options `NAME=HEADER`. Raises ColumnsUnclear."""
    named = {}
    for option in options:
        name, sign, header = option.partition("=")
        if not sign or name not in NAMES or not header:
            raise ColumnsUnclear(f"--column takes NAME=HEADER with a name of {', '.join(sorted(NAMES))}")
        named[name] = header
    return named


def columns_of(
    header: Sequence[str], known: Mapping[str, tuple[str, ...]], named: Mapping[str, str]
) -> list[str]:
    """What each column of a header says, blank where it is left out. Raises ColumnsUnclear."""
    said = [""] * len(header)
    for name, column in named.items():
        places = [place for place, cell in enumerate(header) if _plain(cell) == _plain(column)]
        if len(places) != 1:
            raise ColumnsUnclear(f"--column {name}: {len(places)} columns of the file have that name")
        if name in known:
            said[places[0]] = name
    for name, words in known.items():
        if name in named:
            continue
        # The first word of the list that the header has: a file may have a total and its parts.
        for word in words:
            places = [place for place, cell in enumerate(header) if _plain(cell) == word and not said[place]]
            if len(places) > 1:
                raise ColumnsUnclear(
                    f"several columns could be {name}; say which with --column {name}=HEADER"
                )
            if places:
                said[places[0]] = name
                break
    return said


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9%]", "", name.lower())
