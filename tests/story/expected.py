"""The changes that a story expects to be published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from alerts.engine import AlertChange


@dataclass(frozen=True)
class Expected:
    """A change that is to be published: its kind, its rule, and what of the alert is told."""

    what: str
    rule: str
    told: dict[str, Any] = field(default_factory=dict)

    def fits(self, heard: AlertChange) -> bool:
        """Whether a published change is this one."""
        alert = heard.change.published.alert
        known = {**alert._asdict(), "on": alert.opened_on, "student": heard.student}
        return (heard.change.what, alert.rule) == (self.what, self.rule) and all(
            known[name] == value for name, value in self.told.items()
        )


def opened(rule: str, **told: Any) -> Expected:
    """An alert opens: on=, n=, a=, dates=, scope=, school=, owner=, student= as far as they are told."""
    return Expected("opened", rule, told)


def amended(rule: str, **told: Any) -> Expected:
    """The same alert with other dates or numbers."""
    return Expected("amended", rule, told)


def recovered(rule: str, **told: Any) -> Expected:
    """It recovers, recovered_on= a day."""
    return Expected("recovered", rule, told)


def reopened(rule: str, **told: Any) -> Expected:
    """The same alert stands again."""
    return Expected("reopened", rule, told)


def withdrawn(rule: str, **told: Any) -> Expected:
    """The records do not say so any more."""
    return Expected("withdrawn", rule, told)
