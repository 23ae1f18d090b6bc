"""Ways to count attendance: ours (contract 2), and those in which other systems and the state differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from models.policy import Policy

Part = Literal["more_than_half", "half", "any", "sum"]
"""From which part of a day on it is an absence; `sum`: the parts themselves are added up."""
Pk = Literal["apart", "in", "out"]
"""PK days: counted where there are no K-12 days, added to them, or never counted."""

MINIMUM_DAYS = (10, 20, 45)
"""Days enrolled below which others leave a student out (EDFacts 10; some warehouses 20; New Jersey 45)."""


class Reading(NamedTuple):
    """A way to count. The defaults are the contract's, in district scope.

    `without` are classes of absences that are not counted, `absent` and `present` codes that mean so whatever
    the code map says. `as_taken` leaves out what was recorded after the other's numbers were taken.
    """

    school_scope: bool = False
    pk: Pk = "apart"
    leavers: bool = True
    minimum_days: int = 0
    unreported: bool = False
    part: Part = "more_than_half"
    without: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    as_taken: bool = False


class Alternative(NamedTuple):
    """One way in which a reading may differ. `code` is the one that it is about, or blank."""

    name: str
    change: Callable[[Reading], Reading]
    code: str = ""

    @property
    def label(self) -> str:
        """Its name, with the code."""
        return f"{self.name} {self.code}" if self.code else self.name


WORDS = {
    "leavers_left_out": "students who left before the end are left out",
    **{
        f"minimum_days_{days}": f"students enrolled for fewer than {days} days are left out"
        for days in MINIMUM_DAYS
    },
    "pk_left_out": "pre-kindergarten is left out",
    "pk_included": "pre-kindergarten days are added to the others",
    "in_school_suspension": "in-school suspension is counted the other way",
    "school_scope": "only the days at one school are counted",
    "district_scope": "the days at all schools of the district are counted",
    "unreported_as_attended": "unreported days count as attended",
    "recorded_later": "records that were written after the other's numbers were taken",
    "mhw_not_counted": "mental health wellness days are not counted as absences",
    "disciplinary_not_counted": "disciplinary absences are not counted",
    "excused_not_counted": "excused absences are not counted",
    "half_days_absent": "half of a day is an absence",
    "any_part_absent": "any part of a day is an absence",
    "parts_added_up": "parts of days are added up",
    "code_as_absent": "the code is taken for an absence",
    "code_as_present": "the code is taken for attendance",
}
"""What each alternative says, in the order in which equally good ones are named."""


def alternatives(
    base: Reading, policy: Policy, absent: Iterable[str], attending: Iterable[str]
) -> list[Alternative]:
    """What is tried, the likelier first. The codes are those of the district's records, by what they mean."""
    suspension = frozenset(policy.iss_codes)
    found = [
        Alternative("leavers_left_out", lambda held: held._replace(leavers=False)),
        *(_minimum(days) for days in MINIMUM_DAYS),
        Alternative("pk_left_out", lambda held: held._replace(pk="out")),
        Alternative("pk_included", lambda held: held._replace(pk="in")),
        *([_suspension(suspension, policy.iss_is_absence)] if suspension else []),
        Alternative(
            "district_scope" if base.school_scope else "school_scope",
            lambda held: held._replace(school_scope=not base.school_scope),
        ),
        Alternative("unreported_as_attended", lambda held: held._replace(unreported=True)),
        Alternative("recorded_later", lambda held: held._replace(as_taken=True)),
        *(_without(class_) for class_ in ("mhw", "disciplinary", "excused")),
        Alternative("half_days_absent", lambda held: held._replace(part="half")),
        Alternative("any_part_absent", lambda held: held._replace(part="any")),
        Alternative("parts_added_up", lambda held: held._replace(part="sum")),
    ]
    found += [_absent(code) for code in sorted(set(attending) - suspension)]
    found += [_present(code) for code in sorted(set(absent) - suspension)]
    return [each for each in found if each.change(base) != base]


def _minimum(days: int) -> Alternative:
    return Alternative(f"minimum_days_{days}", lambda held: held._replace(minimum_days=days))


def _without(class_: str) -> Alternative:
    return Alternative(
        f"{class_}_not_counted", lambda held: held._replace(without=held.without | frozenset([class_]))
    )


def _suspension(codes: frozenset[str], is_absence: bool) -> Alternative:
    if is_absence:
        return Alternative("in_school_suspension", lambda held: held._replace(present=held.present | codes))
    return Alternative("in_school_suspension", lambda held: held._replace(absent=held.absent | codes))


def _absent(code: str) -> Alternative:
    named = frozenset([code])
    return Alternative("code_as_absent", lambda held: held._replace(absent=held.absent | named), code)


def _present(code: str) -> Alternative:
    named = frozenset([code])
    return Alternative("code_as_present", lambda held: held._replace(present=held.present | named), code)
