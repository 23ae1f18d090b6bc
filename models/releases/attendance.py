"""Student-days by school and month, with both margins, so that they say nothing about hidden bands.

How many days were missed bounds how many students missed how much. So the days of a school are shown only
where every table of bands that looks the same could have them too (ADR 26).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import product

from models.releases.counted import Days
from models.suppression.limits import Limits
from models.suppression.release import Release
from models.suppression.system import Key
from models.suppression.tables import ALL, Divided, Place, Row, Structure
from models.trends.answers import BANDS

ABSENT = "absent"
OTHERS = "\x00"
"""The schools whose days are not shown, as one; it is no school's id, and never leaves the decision."""

DAYS_OPEN = 24
"""How many values a hidden number of days leaves open: one student may have missed any part of a month."""

Bands = tuple[int, ...]


def limits_of_days(limits: Limits) -> Limits:
    """The limits for days, of which there are many more than students."""
    return limits._replace(values_open=max(limits.values_open, DAYS_OPEN))


def shown_schools(days: Sequence[Days], bands: Release) -> frozenset[str] | None:
    """The schools whose days give no hidden band away; None where those of the whole district would."""
    whole = {each.school: each for each in days if not each.month}
    if ALL not in whole:
        return None
    seen = {school: _seen(bands, school) for school in whole}
    if not seen[ALL] or not _all_fit(whole[ALL], seen[ALL]):
        return None
    fit = {school for school in whole if school != ALL and _all_fit(whole[school], seen[school])}
    if _rest_fits(whole, fit, bands):
        return frozenset(fit)
    # Where the bands of a school are the same in every table, so are those of all the others together.
    fixed = {school for school in fit if len(set(seen[school])) == 1}
    return frozenset(fixed) if len(set(seen[ALL])) == 1 else None


def _rest_fits(whole: dict[str, Days], fit: Collection[str], bands: Release) -> bool:
    rest = whole.keys() - {ALL, *fit}
    return not rest or _all_fit(_together(whole[school] for school in rest), list(_possible(bands, rest)))


def _seen(bands: Release, school: str) -> list[Bands]:
    """What the bands of a place may be; nothing where it hides one, and no other table says what else."""
    found = list(_possible(bands, {school}))
    hides = found and None in bands.answers[_place(school)].counts.values()
    return [] if hides and len(set(found)) == 1 else found


def _possible(bands: Release, schools: Collection[str]) -> Iterator[Bands]:
    """The bands of some schools together in the true table and in each other one that proves it safe.

    Nothing where one of them has no students by the last day, hides how many, or has its bands left out.
    """
    if any(
        (answer := bands.answers.get(_place(school))) is None or answer.size is None for school in schools
    ):
        return
    system, hidden, _ = bands.counts
    if any((BANDS[0], *bands.stands[_place(school)]) not in system.index for school in schools):
        return
    at = [[system.index[band, *bands.stands[_place(school)]] for school in schools] for band in BANDS]
    yield tuple(sum(system.cells[cell].value for cell in of) for of in at)
    for table in hidden.witnesses:
        yield tuple(sum(system.cells[cell].value + table.get(cell, 0) for cell in of) for of in at)


def _place(school: str) -> Place:
    return (school, ALL, ALL)


def _all_fit(days: Days, seen: Sequence[Bands]) -> bool:
    """Whether each of these could have missed so many days; where all are the same, the truth is one."""
    return bool(seen) and (len(set(seen)) == 1 or all(_fits(days, bands) for bands in seen))


def _fits(days: Days, bands: Bands) -> bool:
    """Whether students of these bands could have missed so many of their days, whoever had how many.

    Of the days of a student of the mean the least and most that the band allows, in 20ths, and a whole day a
    student for what does not divide.
    """
    students = sum(bands)
    least = days.counted * (bands[1] + 2 * bands[2] + 4 * bands[3]) + 20 * students * sum(bands[1:])
    most = days.counted * (bands[0] + 2 * bands[1] + 4 * bands[2] + 20 * bands[3])
    most -= 20 * students * sum(bands[:3])
    return least <= 20 * students * days.absent <= most


def _together(days: Iterable[Days]) -> Days:
    listed = list(days)
    return Days(
        OTHERS,
        "",
        sum(each.counted for each in listed),
        sum(each.absent for each in listed),
        sum(each.students for each in listed),
    )


def tables(days: Sequence[Days], schools: Collection[str]) -> tuple[list[Row], Structure]:
    """The rows of the schools that may be shown, of the others together, and of the district.

    A place is a school and a month. The others are there for what is theirs by subtraction.
    """
    held = {(each.school, each.month): each for each in days}
    months = sorted({each.month for each in days if each.month})
    rest = sorted({each.school for each in days} - {ALL, *schools})
    for month in (ALL, *months):
        others = [held[school, month] for school in rest if (school, month) in held]
        if others:
            held[OTHERS, month] = _together(others)
    parts = [*sorted(schools), *([OTHERS] if rest else [])]
    rows = [
        Row(place, each.counted, {ABSENT: each.absent}, each.students)
        for place in product((ALL, *parts), (ALL, *months))
        if (each := held.get(place))
    ]
    divided = (Divided(0, ALL, tuple(parts)), Divided(1, ALL, tuple(months)))
    return rows, Structure(measures=(ABSENT,), divided=divided)


def withheld(days: Sequence[Days]) -> list[Key]:
    """The places of all days, for a release in which none is shown."""
    return [(each.school, each.month) for each in days]
