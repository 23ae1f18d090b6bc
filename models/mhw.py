"""Which mental health wellness days are valid (contract 2, MHW days; CGS 10-198f)."""

from __future__ import annotations

from models.bits import days

VALID = "valid"
NOT_K12 = "mhw_not_k12"
CONSECUTIVE = "mhw_consecutive"
OVER_LIMIT = "mhw_over_limit"


def judge(mhw: int, k12: int, membership: int, limit: int = 2) -> dict[int, str]:
    """What each MHW day of a year is, by day.

    `mhw`: the counted absent days of class mhw; `k12`: those of K-12; `membership`: every membership day,
    reported or not, PK too, because a day before is a day before.
    """
    found: dict[int, str] = {}
    valid = 0
    for day in days(mhw):
        before = (membership & ((1 << day) - 1)).bit_length() - 1
        if not k12 >> day & 1:
            found[day] = NOT_K12
        elif found.get(before) == VALID:
            found[day] = CONSECUTIVE
        elif valid >= limit:
            found[day] = OVER_LIMIT
        else:
            found[day] = VALID
            valid += 1
    return found
