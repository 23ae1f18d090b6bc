"""The groups that a student's record says, and what they are called where groups are members of a table."""

from __future__ import annotations

from collections.abc import Mapping

from models.columns import Kind
from models.ledger.district import Ledger
from models.trends.scope import DIMENSIONS


def student_record(ledger: Ledger, student: str) -> Mapping[str, str]:
    """A student's live record as written; empty where there is none."""
    held = ledger.newest(Kind.STUDENT, {"district_id": ledger.district, "student_id": student})
    return {} if held is None or held.deleted else held.given


def groups_of(given: Mapping[str, str]) -> dict[str, str]:
    """The groups that a student record says, by DIMENSIONS; blank: not given.

    High needs: an English learner, a disability, or free or reduced-price meals; blank where none is said and
    one of the three is not given.
    """
    groups = {name: given.get(name, "") for name in DIMENSIONS}
    three = (groups["english_learner"], groups["disability"], groups["meals"])
    if "yes" in three[:2] or three[2] in ("free", "reduced"):
        groups["high_needs"] = "yes"
    else:
        groups["high_needs"] = "" if "" in three else "no"
    return groups


def member(dimension: str, value: str) -> str:
    """A student group as a member of a table; a blank value is "not given"."""
    return f"{dimension}={value}"


HIGH_NEEDS = member("high_needs", "yes")
NEEDS = ("english_learner=yes", "disability=yes", "meals=free", "meals=reduced")
"""Who is in any of these has high needs, and nobody else."""
