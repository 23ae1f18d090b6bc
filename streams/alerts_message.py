"""Messages of alert changes: opened, amended, recovered, reopened, withdrawn; each with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from alerts.changes import Change
from alerts.fold import Alert
from models.school_year import label
from streams.event_log import Outgoing


class AlertEvent(NamedTuple):
    """One change of one alert, as published. Two with one `event_id` are the same event.

    `sequence` counts the changes of an alert from 0. Dates are written YYYY-MM-DD, blank where there is none.
    `dates` are the days counted on the opening day; `version` is the offset of the records message that the
    change follows from; `data_through` the student's last counted day; `unreported_days` the membership days
    before it of which nothing was known. (Messages of older versions do not say them.)
    """

    event_id: str
    alert_id: str
    sequence: int
    change: str
    district_id: str
    scope: str
    school_id: str
    opening_school_id: str
    student_id: str
    school_year: str
    rule: str
    opened_on: str
    recovered_on: str
    enrolled_days: int
    absent_days: int
    dates: list[str]
    condition: str
    policy_version: str
    data_through: str
    version: int
    unreported_days: int = 0


def event(
    district: str,
    student: str,
    change: Change,
    policy_version: str,
    data_through: str,
    version: int,
    unreported_days: int,
) -> AlertEvent:
    """The event of a change."""
    published = change.published
    alert: Alert = published.alert
    return AlertEvent(
        f"{alert.alert_id}-{published.amendments}",
        alert.alert_id,
        published.amendments,
        change.what,
        district,
        alert.scope,
        alert.school,
        alert.owner,
        student,
        label(alert.school_year),
        alert.rule,
        alert.opened_on,
        alert.recovered_on,
        alert.n,
        alert.a,
        list(alert.dates),
        published.condition,
        policy_version,
        data_through,
        version,
        unreported_days,
    )


def pack(events: Sequence[AlertEvent]) -> Outgoing:
    """The message of some events of one district."""
    value = {"schema": 1, "events": [held._asdict() for held in events]}
    return Outgoing(events[0].district_id.encode(), orjson.dumps(value))


def unpack(value: bytes) -> list[AlertEvent]:
    """The events of a message. Raises ValueError, KeyError or TypeError where it is not one of ours."""
    held: Any = orjson.loads(value)
    if held["schema"] != 1:
        raise ValueError("a schema that is not known")
    return [AlertEvent(**row) for row in held["events"]]
