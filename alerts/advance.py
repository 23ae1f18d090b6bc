"""One counted day more, without a fold: what opens or recovers on it, where the gates say that it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alerts.changes import Published
from alerts.fold import Alert, alert_id
from alerts.rules import Rule
from alerts.step import Step
from models.bits import days
from models.policy import Policy
from models.school_year import written_dates


def advance(
    district: str,
    student: str,
    step: Step,
    rules: Sequence[Rule],
    published: Mapping[str, Published],
    policy: Policy,
) -> dict[str, Alert]:
    """The alerts of these rules that the day changes, by id, as they are after it.

    What stands recovers; what recovered and has one alert a year reopens; else an alert opens.
    """
    found: dict[str, Alert] = {}
    year = step.year.year
    for rule in rules:
        mine = [
            held.alert
            for held in published.values()
            if held.alert.rule == rule.name
            and held.alert.school_year == year
            and held.alert.scope == "district"
            and not held.withdrawn
        ]
        today = written_dates(year)[step.day]
        standing = next((alert for alert in mine if not alert.recovered_on), None)
        if standing is not None:
            alert = standing._replace(recovered_on=today)
        elif mine and not rule.per_opening:
            alert = mine[0]._replace(recovered_on="")
        else:
            alert = _opened(district, student, step, rule, policy, today)
        found[alert.alert_id] = alert
    return found


def _opened(district: str, student: str, step: Step, rule: Rule, policy: Policy, today: str) -> Alert:
    assert rule.evidence is not None
    year = step.year.year
    written = written_dates(year)
    identity = alert_id(district, student, "district", "", rule.name, year, today if rule.per_opening else "")
    return Alert(
        identity,
        "district",
        "",
        step.year.parts[0].school,
        rule.name,
        year,
        today,
        "",
        step.n,
        step.a,
        tuple([written[day] for day in days(rule.evidence(step, policy))]),
    )
