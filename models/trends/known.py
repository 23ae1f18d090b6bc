"""What was known of alerts at an instant: counts, and one student's."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple


class AlertCount(NamedTuple):
    """How many alerts of a rule, in district or school scope, are standing, recovered or withdrawn."""

    rule: str
    scope: str
    condition: str
    alerts: int


class KnownAlert(NamedTuple):
    """An alert of a student as it was known, and when that was first so and last changed (UTC).

    `condition` is that as of the day that was asked for; `enrolled_days` and `absent_days` are the evidence
    of the opening day; `school_id` is blank in district scope.
    """

    alert_id: str
    rule: str
    scope: str
    school_id: str
    opened_on: date
    recovered_on: date | None
    condition: str
    enrolled_days: int
    absent_days: int
    first_known: datetime
    last_changed: datetime


class KnownStudent(NamedTuple):
    """What was known of a student: the standing in the district up to a day, and the alerts.

    `data_through` is the last day that was counted, None where none was; then the counts are 0.
    """

    enrolled_days: int
    absent_days: int
    data_through: date | None
    alerts: tuple[KnownAlert, ...]
