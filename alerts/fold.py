"""All alerts of a student's school year, from its counted days alone (contract 3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from alerts.days import Finding, Year, renumbered
from alerts.rules import RULES, Rule
from models.policy import Policy
from models.school_year import label


class Alert(NamedTuple):
    """One alert as it now is; dates as written, blank where there is none.

    `school` is the school of a school-scope alert, `owner` that of the opening day.
    """

    alert_id: str
    scope: str
    school: str
    owner: str
    rule: str
    school_year: int
    opened_on: str
    recovered_on: str
    n: int
    a: int
    dates: tuple[str, ...]


def alert_id(district: str, student: str, scope: str, school: str, rule: str, year: int, opening: str) -> str:
    """The identity as 32 hex digits (contract 3, Identity)."""
    parts = [district, student, scope, school, rule, label(year), opening]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:32]


def fold(district: str, student: str, year: Year, policy: Policy) -> dict[str, Alert]:
    """Every alert of the year by its id."""
    if not _may_find(year):
        return {}
    alerts = list(_in_scope(district, student, year, policy, "district", ""))
    schools = dict.fromkeys(day.school for day in year.k12)
    if len(schools) >= 2:
        for school in schools:
            part = year._replace(k12=renumbered([day for day in year.k12 if day.school == school]), pk=())
            alerts += _in_scope(district, student, part, policy, "school", school)
    return {alert.alert_id: alert for alert in alerts}


def fold_rules(
    district: str, student: str, year: Year, policy: Policy, rules: Sequence[Rule]
) -> dict[str, Alert]:
    """The alerts of some rules in district scope by id: all that a student of one school has of them."""
    alerts = [
        _alert(district, student, year.school_year, "district", "", rule, finding)
        for rule in rules
        for finding in rule.find(year, policy)
    ]
    return {alert.alert_id: alert for alert in alerts}


def _may_find(year: Year) -> bool:
    """Without an absence no rule finds anything, but for those of last year."""
    ends = (*year.k12[-1:], *year.pk[-1:])
    return year.last_year is not None or any(day.a for day in ends)


def _in_scope(
    district: str, student: str, year: Year, policy: Policy, scope: str, school: str
) -> Iterator[Alert]:
    for rule in RULES:
        if scope == "district" or rule.in_schools:
            for finding in rule.find(year, policy):
                yield _alert(district, student, year.school_year, scope, school, rule, finding)


def _alert(
    district: str, student: str, year: int, scope: str, school: str, rule: Rule, finding: Finding
) -> Alert:
    opened = finding.opened_on.isoformat()
    identity = alert_id(district, student, scope, school, rule.name, year, opened if rule.per_opening else "")
    return Alert(
        identity,
        scope,
        school,
        finding.school,
        rule.name,
        year,
        opened,
        finding.recovered_on.isoformat() if finding.recovered_on else "",
        finding.n,
        finding.a,
        tuple(day.isoformat() for day in finding.dates),
    )
