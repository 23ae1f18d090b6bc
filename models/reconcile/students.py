"""Two counts of the same students: the other's, where it gives them, and ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from models.policy import Policy
from models.reconcile.causes import Explained, causes
from models.reconcile.reading import Reading, alternatives
from models.reconcile.recount import Count, Evidence, recount

Key = tuple[str, str]
"""A student, and the school where counts are those of one school (else blank)."""


class TheirCount(NamedTuple):
    """What the other says of a student; None is not said. Days may have parts."""

    enrolled: Fraction | None = None
    absent: Fraction | None = None
    attended: Fraction | None = None
    chronic: bool | None = None

    @property
    def missed(self) -> Fraction | None:
        """The days absent, given or as what is left of the days enrolled."""
        if self.absent is not None:
            return self.absent
        return None if self.enrolled is None or self.attended is None else self.enrolled - self.attended

    @property
    def is_chronic(self) -> bool | None:
        """Whether they take the student for chronically absent: said, or by their numbers."""
        if self.chronic is not None:
            return self.chronic
        missed = self.missed
        if missed is None or self.enrolled is None or self.enrolled <= 0:
            return None
        return 10 * missed >= self.enrolled


def agrees(theirs: TheirCount | None, ours: Count | None) -> bool:
    """Whether all that they say is what we count. Nobody on both sides, and 0 days enrolled, are the same."""
    if theirs is None:
        return ours is None
    if ours is None:
        return theirs.enrolled == 0
    return (
        theirs.enrolled in (None, ours.enrolled)
        and theirs.absent in (None, ours.absent)
        and theirs.attended in (None, ours.enrolled - ours.absent)
        and theirs.chronic in (None, ours.chronic)
    )


def explain_students(
    theirs: Mapping[Key, TheirCount],
    evidence: Mapping[str, Evidence],
    keys: Sequence[Key],
    base: Reading,
    policy: Policy,
) -> Explained[Key]:
    """The causes of each student's difference."""

    def ours(reading: Reading, of: Sequence[Key]) -> dict[Key, Count]:
        return count_students(evidence, of, reading)

    return causes(theirs, ours, keys, base, alternatives(base, policy, *codes_in(evidence)), agrees)


def count_students(
    evidence: Mapping[str, Evidence], keys: Sequence[Key], reading: Reading
) -> dict[Key, Count]:
    """Our counts of some students under a reading; who is left out by it has none."""
    counted = {}
    for student, school in keys:
        held = evidence.get(student)
        count = recount(held, reading, school) if held is not None else None
        if count is not None:
            counted[student, school] = count
    return counted


def codes_in(evidence: Mapping[str, Evidence]) -> tuple[set[str], set[str]]:
    """The codes of these students' records: those that mean an absence, and those that mean in attendance."""
    absent: set[str] = set()
    attending: set[str] = set()
    for held in evidence.values():
        for records in (*held.records, *held.taken):
            for said in records:
                (absent if said.class_ else attending).add(said.code)
    return absent, attending
