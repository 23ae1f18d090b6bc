"""Which absences advance the level of a student (SBE, definitions of excused and unexcused absences, 2012).

The definitions count all absences, excused or not. They do not say whether mental health wellness days and
disciplinary absences are among them: both are, unless the policy says otherwise.
"""

from __future__ import annotations

from models.policy import Policy
from models.student_year import DISCIPLINARY, MHW, Classes


def advances(class_: str, policy: Policy) -> bool:
    """Whether an absence of a class advances it. An MHW day that is none is of class unknown, and does."""
    if class_ == "mhw":
        return policy.level_counts_mhw
    return class_ != "disciplinary" or policy.level_counts_disciplinary


def advancing(absences: int, classes: Classes, policy: Policy) -> int:
    """Those of some absences that advance it."""
    if not policy.level_counts_mhw:
        absences &= ~classes[MHW]
    if not policy.level_counts_disciplinary:
        absences &= ~classes[DISCIPLINARY]
    return absences
