"""Schools in which so few are absent that "present" is more likely a default than an observation."""

from __future__ import annotations

from collections.abc import Iterator

from models.quality.finding import Finding
from models.quality.view import View

NAME = "default_present"

# Even a very good school misses one student-day in fifty (98 % attendance; Connecticut as a whole 93 %, CSDE
# 2023). A school is named where so few absences would come about there once in a thousand years.
_ONE_IN = 50
_ONCE_IN = 1000
# One illness takes several days and several students, so that student-days are no independent draws, and more
# of them are no more evidence: a school with more is judged as if it had this many, at its own rate.
MOST_DRAWS = 2000


def improbably_few(absent: int, counted: int) -> bool:
    """Whether P(X <= absent) is 1/1000 or less for X binomial over the counted student-days and 1/50.

    Exact: the sum over k up to `absent` of C(n, k) 49^(n-k) is compared with 50^n / 1000 in whole numbers.
    """
    if _ONE_IN * absent >= counted:
        return False
    n = min(counted, MOST_DRAWS)
    most = -(-absent * n // counted)  # rounded up, in the school's favour
    term: int = (_ONE_IN - 1) ** n
    tail = term
    for k in range(most):
        term = term * (n - k) // ((k + 1) * (_ONE_IN - 1))  # divides: it is C(n, k+1) 49^(n-k-1)
        tail += term
    least: int = _ONE_IN**n
    return tail * _ONCE_IN <= least


def default_present(view: View) -> Iterator[Finding]:
    """A finding a school; `part` of `whole` are absent days of counted student-days."""
    for school, (counted, *classes) in sorted(view.absences().items()):
        if improbably_few(sum(classes), counted):
            days = 0
            for known in view.ledger.known[view.year].values():
                for part in known.now.parts:
                    days |= part.counted if part.school == school else 0
            yield Finding(
                NAME, view.district, school, "", "", sum(classes), counted, "absent days", *view.dates(days)
            )
