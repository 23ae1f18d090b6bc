"""An alert in plain, supportive words, on one line, with its evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from infra.demo.people import Directory
from models.percent import written as in_percent
from models.policy import DEFAULT
from streams.alerts_message import AlertEvent

_TITLES = {
    "tier_2": "Tier II",
    "tier_3": "Tier III",
    "month_pace": "pace of the months",
    "early_pace": "early in the year",
    "prior_year_tier_2": "last year in Tier II",
    "prior_year_tier_3": "last year in Tier III",
    "truancy_month": "unexcused, a month",
    "truancy_year": "unexcused, the year",
    "habitual_truant": "unexcused, 20 days",
    "level_2_next": "Level 2 is next",
    "level_2": "Level 2",
    "rolling": "recent weeks",
    "consecutive": "days in a row",
    "mhw_day": "wellness day",
    "mhw_not_k12": "wellness day in PK",
    "mhw_consecutive": "wellness days in a row",
    "mhw_over_limit": "wellness days used up",
    "mhw_permission_missing": "permission missing",
}
TITLE_WIDTH = max(map(len, _TITLES.values()))


def title(rule: str) -> str:
    """What a rule is called on the screen; of a rule that has no words yet its own name."""
    return _TITLES.get(rule, rule.replace("_", " "))


def told(event: AlertEvent, people: Directory) -> str:
    """Who it is about and what is so: `Ana Ferro, grade 4, ...: missed 21 of 102 days (20.6 %); ...`."""
    who = people.who(event.student_id, _date(event.data_through))
    at = f" (at {people.school(event.school_id)} alone)" if event.scope == "school" else ""
    through = f"; data through {_day(event.data_through)}" if event.data_through else ""
    return f"{who}{at}: {_what(event)}{through}"


def _what(event: AlertEvent) -> str:
    """What has changed, and the evidence, which is always that of the opening day."""
    evidence = _EVIDENCE.get(event.rule, _rate)(event)
    opened = _day(event.opened_on)
    match event.change:
        case "recovered" if event.rule == "consecutive":
            return f"back on {_day(event.recovered_on)}, after {evidence}"
        case "recovered":
            return f"better since {_day(event.recovered_on)}; opened on {opened}: {evidence}"
        case "reopened":
            return f"at the line again; first opened on {opened}: {evidence}"
        case "amended":
            return f"corrected records; opened on {opened}: {evidence}"
        case "withdrawn":
            return f"corrected records, it no longer holds; it had opened on {opened}: {evidence}"
        case _:
            return evidence


def _rate(event: AlertEvent) -> str:
    return f"missed {_of(event)}"


def _of(event: AlertEvent) -> str:
    n, a = event.enrolled_days, event.absent_days
    share = f" ({percent(a, n)})" if n else ""
    return f"{a} of {n} days{share}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal, half up: `10.2 %`."""
    return f"{in_percent(part, whole, 1)} %"


def _last_year(event: AlertEvent) -> str:
    return f"missed {_of(event)} last year"


def _unexcused_month(event: AlertEvent) -> str:
    return f"{len(event.dates)} unexcused days within a month: {_days(event.dates)}"


def _unexcused_year(event: AlertEvent) -> str:
    return f"{len(event.dates)} unexcused days this year, the last on {_day(event.dates[-1])}"


def _level_2_next(event: AlertEvent) -> str:
    return f"missed {_of(event)}; from the next one on fewer reasons excuse a day"


def _level_2(event: AlertEvent) -> str:
    return f"missed {_of(event)}; from now on fewer reasons excuse a day"


def _recent(event: AlertEvent) -> str:
    window = min(DEFAULT.window_days, event.enrolled_days)
    return f"missed {len(event.dates)} of the last {window} days, {_of(event)} this year"


def _in_a_row(event: AlertEvent) -> str:
    return f"absent {len(event.dates)} days in a row: {_days(event.dates)}"


def _wellness(event: AlertEvent) -> str:
    return f"a mental health wellness day on {_day(event.opened_on)}; a moment to offer support"


def _wellness_pk(event: AlertEvent) -> str:
    return f"a wellness day on {_day(event.opened_on)}, and these are for kindergarten to grade 12"


def _wellness_row(event: AlertEvent) -> str:
    return f"a wellness day on {_day(event.opened_on)}, the school day after another one"


def _wellness_limit(event: AlertEvent) -> str:
    return f"a wellness day on {_day(event.opened_on)}, after the {DEFAULT.mhw_limit} of this year"


def _wellness_permission(event: AlertEvent) -> str:
    return f"no permission is documented yet for the wellness day on {_day(event.opened_on)}"


_EVIDENCE: dict[str, Callable[[AlertEvent], str]] = {
    "prior_year_tier_2": _last_year,
    "prior_year_tier_3": _last_year,
    "truancy_month": _unexcused_month,
    "truancy_year": _unexcused_year,
    "habitual_truant": _unexcused_year,
    "level_2_next": _level_2_next,
    "level_2": _level_2,
    "rolling": _recent,
    "consecutive": _in_a_row,
    "mhw_day": _wellness,
    "mhw_not_k12": _wellness_pk,
    "mhw_consecutive": _wellness_row,
    "mhw_over_limit": _wellness_limit,
    "mhw_permission_missing": _wellness_permission,
}


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(text: str) -> str:
    """`2022-02-09` as `9 Feb 2022`, whatever the machine's language."""
    return written(date.fromisoformat(text))


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def written(day: date) -> str:
    """A date for a person to read: `9 Feb 2022`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _days(texts: list[str]) -> str:
    """`4 Feb, 7 Feb and 8 Feb 2022`."""
    days = [date.fromisoformat(text) for text in texts]
    short = [f"{day.day} {_MONTHS[day.month - 1]}" for day in days[:-1]]
    last = written(days[-1])
    return f"{', '.join(short)} and {last}" if short else last
