"""Which days of a school are reported (contract 2, Membership day is *reported*)."""

from __future__ import annotations

from collections.abc import Mapping

from models.bits import up_to


def evidence_day(day: int, written: int, year_start: int) -> int | None:
    """The earlier of a record's date and the date written in its recorded_at, as a day of its year.

    All are ordinals; None where the earlier one lies in a school year before the record's.
    """
    earlier = min(day, written)
    return earlier - year_start if earlier >= year_start else None


def evidence_until(evidence: Mapping[int, int], school_days: int) -> int:
    """Up to which day attendance is known to have been taken; -1 where no record says so.

    `evidence` gives for each day with records the latest evidence day among them; only days that are school
    days of any track count.
    """
    return max((until for day, until in evidence.items() if school_days >> day & 1), default=-1)


def reported_days(explicit: int, submitted: int, reopened: int, until: int) -> int:
    """The days on which a negative school has reported: submitted, or by record up to `until`."""
    return submitted | (up_to(until) & ~explicit & ~reopened)
