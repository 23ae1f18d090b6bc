"""Differences as rows: of students and of groups, theirs beside ours, with the probable cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from infra.exports.writing import Row
from models.reconcile.causes import Cause, Explained
from models.reconcile.groups import Group, OurGroup, TheirGroup
from models.reconcile.recount import Count
from models.reconcile.students import Key, TheirCount

STUDENT_COLUMNS = (
    "district_id", "school_id", "student_id", "difference", "their_enrolled_days", "our_enrolled_days",
    "enrolled_difference", "their_absent_days", "our_absent_days", "absent_difference", "their_chronic",
    "our_chronic", "cause", "also",
)  # fmt: skip
GROUP_COLUMNS = (
    "district_id", "school_id", "group", "value", "their_students", "our_students", "students_difference",
    "their_chronic", "our_chronic", "chronic_difference", "their_rate_percent", "our_rate_percent",
    "rate_difference", "cause", "also",
)  # fmt: skip
NUMBERS = frozenset(
    name for name in GROUP_COLUMNS if name.endswith(("_students", "_chronic", "students_difference"))
) | {"chronic_difference"}
UNEXPLAINED, SAME = "unexplained", ""


def student_rows(
    district: str,
    schools: Mapping[Key, str],
    theirs: Mapping[Key, TheirCount],
    ours: Mapping[Key, Count],
    explained: Explained[Key],
    fallback: Mapping[Key, str],
    keys: Sequence[Key],
) -> Iterator[Row]:
    """A row a key. `schools` are where the students are, `fallback` what is said of those without a cause."""
    for key in keys:
        their, our = theirs.get(key), ours.get(key)
        missed = their.missed if their else None
        named = explained.causes.get(key)
        yield dict(
            zip(
                STUDENT_COLUMNS,
                (
                    district,
                    schools.get(key, key[1]),
                    key[0],
                    _kind(named, their, our),
                    _days(their.enrolled if their else None),
                    _days(our.enrolled if our else None),
                    _difference(our.enrolled if our else None, their.enrolled if their else None),
                    _days(missed),
                    _days(our.absent if our else None),
                    _difference(our.absent if our else None, missed),
                    _yes(their.is_chronic if their else None),
                    _yes(our.chronic if our else None),
                    *_causes(named, fallback.get(key, UNEXPLAINED)),
                ),
                strict=True,
            )
        )


def group_rows(
    district: str,
    theirs: Mapping[Group, TheirGroup],
    ours: Mapping[Group, OurGroup],
    explained: Explained[Group],
) -> Iterator[Row]:
    """A row a group that they name."""
    for key, their in theirs.items():
        our = ours.get(key, OurGroup(0, 0))
        places = their.places if their.rate is not None else 2
        rate, their_rate = our.rate(places), their.rate
        if their_rate is None and their.students is not None and their.chronic is not None:
            their_rate = OurGroup(their.students, their.chronic).rate(places)
        gap = None if rate is None or their_rate is None else rate - their_rate
        yield dict(
            zip(
                GROUP_COLUMNS,
                (
                    district,
                    key.school,
                    key.dimension,
                    key.value,
                    _count(their.students),
                    str(our.students),
                    _difference(our.students, their.students),
                    _count(their.chronic),
                    str(our.chronic),
                    _difference(our.chronic, their.chronic),
                    _percent(their_rate, places),
                    _percent(rate, places),
                    _percent(gap, places),
                    *_causes(explained.causes.get(key), UNEXPLAINED),
                ),
                strict=True,
            )
        )


def _kind(named: Sequence[Cause] | None, their: TheirCount | None, our: Count | None) -> str:
    if named is None:
        return SAME
    if their is None:
        return "not_in_theirs"
    return "not_in_ours" if our is None else "counts"


def _causes(named: Sequence[Cause] | None, otherwise: str) -> tuple[str, str]:
    """The first cause, and the others behind semicolons; blank where there is no difference."""
    if named is None:
        return SAME, ""
    if not named:
        return otherwise, ""
    return named[0].label, "; ".join(cause.label for cause in named[1:])


def _days(held: Fraction | int | None) -> str:
    """A number of days, with a part where it has one: at most four decimals were read."""
    if held is None:
        return ""
    exact = Fraction(held)
    if exact.denominator == 1:
        return str(exact.numerator)
    shown = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.0001")).normalize()
    return f"{shown:f}"


def _difference(ours: Fraction | int | None, theirs: Fraction | int | None) -> str:
    """Ours less theirs; blank where a side says nothing."""
    return "" if ours is None or theirs is None else _days(Fraction(ours) - Fraction(theirs))


def _count(held: int | None) -> str:
    return "" if held is None else str(held)


def _percent(held: int | None, places: int) -> str:
    return "" if held is None else f"{Decimal(held).scaleb(-places):.{places}f}"


def _yes(held: bool | None) -> str:
    return "" if held is None else "yes" if held else "no"
