"""In-school suspension and exempt reasons, worked by hand from records to the classes of a year."""

from __future__ import annotations

import pytest

from models.bits import days, first_days, span
from models.code_reading import CodeReading
from models.day_classes import build
from models.day_records import NOT_EXEMPT, DayMark, LiveRecord, day_mark
from models.in_force import CodeMap
from models.policy import DEFAULT, Exempt, Policy
from models.student_year import CLASS_NAMES, NO_CLASSES, Classes, Frame, Marks, Part

CODES = CodeMap(
    [
        {"code": "ISS", "status": "absent", "class": "disciplinary"},
        {"code": "ISI", "status": "in_attendance"},
        {"code": "MIL", "status": "absent", "class": "unexcused"},
        {"code": "U", "status": "absent", "class": "unexcused"},
    ]
)
NAMED = DEFAULT._replace(iss_codes=("ISS", "ISI"))
ABSENT = NAMED._replace(iss_is_absence=True)


def said(policy: Policy, code: str, fraction: str = "") -> str:
    """The class of a day with one record."""
    given = {"code": code, **({"absent_fraction": fraction} if fraction else {})}
    return day_mark([CodeReading(CODES, policy).record(given, 738000)]).class_


@pytest.mark.parametrize(
    ("code", "fraction", "unnamed", "named", "absent"),
    [
        ("ISS", "", "disciplinary", "", "disciplinary"),
        ("ISI", "", "", "", "disciplinary"),
        ("ISS", "0.5", "", "", "disciplinary"),  # half a day or more
        ("ISS", "0.49", "", "", ""),
        ("ISS", "0", "", "", ""),
        ("ISS", "0.75", "disciplinary", "", "disciplinary"),
        ("ISI", "0.25", "", "", "disciplinary"),  # the fraction of a code in attendance says nothing
        ("U", "0.5", "", "", ""),
        ("U", "", "unexcused", "unexcused", "unexcused"),
    ],
)
def test_in_school_suspension_is_attendance_unless_the_policy_says_absence(
    code: str, fraction: str, unnamed: str, named: str, absent: str
) -> None:
    assert [said(policy, code, fraction) for policy in (DEFAULT, NAMED, ABSENT)] == [unnamed, named, absent]


def test_a_short_suspension_is_disciplinary_and_adds_to_the_rest_of_the_day() -> None:
    reading = CodeReading(CODES, ABSENT)
    short = reading.record({"code": "ISS", "absent_fraction": "0.4"}, 738000)
    assert short == LiveRecord("disciplinary", "0.4", False, code="ISS")
    more = reading.record({"code": "U", "absent_fraction": "0.3", "permission": "documented"}, 738000)
    assert more == LiveRecord("unexcused", "0.3", True, code="U")
    assert day_mark([short, more]) == DayMark("disciplinary", False, code="ISS")
    named = CodeReading(CODES, NAMED).record({"code": "ISS", "permission": "missing"}, 738000)
    assert named == LiveRecord("", "", False, code="ISS")


def test_the_record_of_an_exempt_code_names_its_reason() -> None:
    reading = CodeReading(CODES, DEFAULT._replace(exempt=(Exempt(("X",), 1), Exempt(("MIL", "Y"), 10))))
    assert [reading.record({"code": code}, 738000).exempt for code in ("MIL", "U")] == [1, NOT_EXEMPT]


def live(class_: str, fraction: str = "", exempt: int = NOT_EXEMPT) -> LiveRecord:
    return LiveRecord(class_, fraction, False, exempt)


@pytest.mark.parametrize(
    ("records", "mark"),
    [
        ([live("unexcused", "", 1)], DayMark("unexcused", False, 1)),
        ([live("unexcused", "0.5", 0)], DayMark("", False)),
        ([live("", "", 0)], DayMark("", False)),
        ([live("unexcused", "0.6"), live("excused", "0.4", 0)], DayMark("unexcused", False)),
        ([live("unexcused", "0.5"), live("unexcused", "0.5", 1)], DayMark("unexcused", False, 1)),
        ([live("unexcused", "0.5", 1), live("unknown", "0.5", 0)], DayMark("unknown", False, 0)),
        ([live("mhw", "", 0)], DayMark("mhw", False)),
        ([live("mhw", "0.5"), live("unexcused", "0.5", 0)], DayMark("mhw", False)),
    ],
)
def test_a_day_is_exempt_by_a_record_with_the_largest_fraction(
    records: list[LiveRecord], mark: DayMark
) -> None:
    assert day_mark(records) == mark
    assert day_mark(reversed(records)) == mark


def bits(*held: int) -> int:
    return sum(1 << day for day in held)


def classes_of(policy: Policy, *schools: tuple[int, dict[str, int], tuple[int, ...]]) -> dict[str, list[int]]:
    """The classes of a year: of each school its counted days, the marks by class and the exempt days."""
    parts, marks = [], {}
    for place, (counted, held, exempt) in enumerate(schools):
        name = "AB"[place]
        parts.append(Part(name, "5", True, counted, counted))
        absent: Classes = NO_CLASSES
        absent = tuple(held.get(class_, 0) for class_ in CLASS_NAMES)  # type: ignore[assignment]  # five of them
        marks[name] = {"mia": Marks(0, absent, 0, exempt)}
    year = build(2021, Frame(tuple(parts)), marks, "mia", policy)
    return {name: list(days(held)) for name, held in zip(CLASS_NAMES, year.classes, strict=True) if held}


def test_the_first_days_are_excused_and_the_others_as_coded() -> None:
    policy = DEFAULT._replace(exempt=(Exempt(("MIL",), 2),))
    held = {"unexcused": bits(1, 3, 5), "excused": bits(2), "unknown": bits(7)}
    town = (span(0, 9), held, (bits(1, 2, 5, 7),))
    assert classes_of(policy, town) == {"excused": [1, 2], "unexcused": [3, 5], "unknown": [7]}
    assert classes_of(DEFAULT, town) == {"excused": [2], "unexcused": [1, 3, 5], "unknown": [7]}


def test_the_days_are_those_of_the_year_at_all_schools_and_counted_ones() -> None:
    policy = DEFAULT._replace(exempt=(Exempt(("MIL",), 2),))
    first = (span(0, 2) | span(4, 5), {"unexcused": bits(1, 3)}, (bits(1, 3),))  # day 3 is not reported
    second = (span(6, 9), {"unexcused": bits(6, 8)}, (bits(6, 8),))
    assert classes_of(policy, first, second) == {"excused": [1, 6], "unexcused": [8]}


def test_each_reason_has_days_of_its_own() -> None:
    policy = DEFAULT._replace(exempt=(Exempt(("MIL",), 1), Exempt(("REL",), 1)))
    held = {"unexcused": bits(1, 2), "disciplinary": bits(3), "unknown": bits(4)}
    town = (span(0, 9), held, (bits(1, 2), bits(3, 4)))
    assert classes_of(policy, town) == {"excused": [1, 3], "unexcused": [2], "unknown": [4]}


def test_an_exempt_day_does_not_lapse_and_one_over_the_limit_does() -> None:
    policy = DEFAULT._replace(
        exempt=(Exempt(("MIL",), 1),), unknown_becomes_unexcused=True, documentation_days=1
    )
    town = (span(0, 9), {"unknown": bits(1, 2)}, (bits(1, 2),))
    assert classes_of(policy, town) == {"excused": [1], "unexcused": [2]}


def test_the_first_days_of_a_set() -> None:
    assert [first_days(bits(2, 4, 9), count) for count in (1, 2, 3, 4)] == [
        bits(2), bits(2, 4), bits(2, 4, 9), bits(2, 4, 9),
    ]  # fmt: skip
