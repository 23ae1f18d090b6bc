"""By when a meeting with the parents is due after truancy (CGS 10-198a).

The statute gives ten school days after the fourth unexcused absence in a month, or the tenth in a year. They
are the student's own: membership days, reported or not, at whichever school has the student by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from models.bits import nth_day, up_to
from models.school_year import dates_of, day_index, school_year_of
from models.student_year import StudentYear


class MeetingState(StrEnum):
    """What a due date says on a day; none of it says whether a meeting was held."""

    DUE = "due"
    PAST_DUE = "past_due"
    NOT_YET_KNOWN = "not_yet_known"


def meeting_due(since: date, years: Iterable[StudentYear], meeting_days: int = 10) -> date | None:
    """The last of the student's `meeting_days` school days after `since`; None where fewer are known.

    `years` are the student's years from that of `since` on, in order and without a gap: an absence in June
    has the rest of its school days after the summer.
    """
    left = meeting_days
    for year in years:
        after = year.membership
        if year.year == school_year_of(since):
            after &= ~up_to(day_index(since))
        day = nth_day(after, left)
        if day >= 0:
            return dates_of(year.year)[day]
        left -= after.bit_count()
    return None


def meeting_state(due: date | None, as_of: date) -> MeetingState:
    """Whether the meeting may still be held in time on a day; on the due date it may."""
    if due is None:
        return MeetingState.NOT_YET_KNOWN
    return MeetingState.PAST_DUE if as_of > due else MeetingState.DUE
