"""From messages of facts and alerts to columns of rows that the store takes, or to the reason why not.

Everything is checked here, because one value that the store does not take would stop the sink at every try.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from models.school_year import from_label, written_dates
from models.student_year import CLASS_NAMES
from streams import alerts_message, facts_message
from streams.alerts_message import AlertEvent
from streams.facts_message import UNREPORTED, Facts

# ClickHouse's Date ends in June 2149.
FIRST_YEAR, LAST_YEAR = 2000, 2147

FACT_COLUMNS = (
    "district_id", "school_year", "date", "school_id", "student_id", "grade", "class", "counted", "version",
    "code", "remote",
)  # fmt: skip
EVENT_COLUMNS = (
    "district_id", "alert_id", "sequence", "change", "condition", "scope", "school_id", "opening_school_id",
    "student_id", "school_year", "rule", "opened_on", "recovered_on", "enrolled_days", "absent_days", "dates",
    "policy_version", "data_through", "version", "unreported_days",
)  # fmt: skip

_CLASSES = frozenset(("", *CLASS_NAMES, UNREPORTED))
_NOT_COUNTED = frozenset(("", UNREPORTED))
_UINT16, _UINT32, _UINT64 = 2**16 - 1, 2**32 - 1, 2**64 - 1

Columns = tuple[list[Any], ...]


class OutOfRange(ValueError):
    """A date that the store cannot hold."""


def empty(names: Collection[str]) -> Columns:
    """Columns without a row."""
    return tuple([] for _ in names)


def parts(columns: Columns, most: int) -> Iterator[Columns]:
    """The rows in parts of at most `most`."""
    for start in range(0, len(columns[0]), most):
        yield tuple(column[start : start + most] for column in columns)


def add_facts(columns: Columns, value: bytes) -> None:
    """Add the facts of a message (FACT_COLUMNS).

    Raises ValueError, KeyError or TypeError, having added nothing.
    """
    facts = facts_message.unpack(value)
    rows = len(facts)
    texts = (facts.schools, facts.students, facts.grades, facts.classes)
    _need(all(type(column) is list for column in (*texts, facts.days, facts.counted)))
    _need(type(facts.district) is str and facts.district != "")
    _need(type(facts.year) is int and _count(facts.version, _UINT64))
    written = _dates(facts.year)
    if not rows:
        _need(not facts.codes and not facts.remote)
        return
    _need(all(set(map(type, column)) == {str} for column in texts))
    _need("" not in facts.schools and "" not in facts.students and _CLASSES.issuperset(facts.classes))
    _need(set(map(type, facts.days)) == set(map(type, facts.counted)) == {int})
    _need({0, 1}.issuperset(facts.counted))
    said = set(zip(facts.classes, facts.counted, strict=True))
    _need(all(class_ in _NOT_COUNTED if not counted else class_ != UNREPORTED for class_, counted in said))
    _need(min(facts.days) >= 0 and max(facts.days) < len(written))
    added: Columns = (
        [facts.district] * rows,
        [facts.year] * rows,
        [written[day] for day in facts.days],
        facts.schools,
        facts.students,
        facts.grades,
        facts.classes,
        facts.counted,
        [facts.version] * rows,
        *_reasons(facts),
    )
    for column, more in zip(columns, added, strict=True):
        column += more


def _reasons(facts: Facts) -> tuple[list[str], list[int]]:
    """The codes as a column, and which of them are remote; blank and 0 where a fact has none."""
    codes, remote = [""] * len(facts), [0] * len(facts)
    _need(type(facts.codes) is dict and type(facts.remote) is list)
    for code, places in facts.codes.items():
        _need(code != "" and type(places) is list)
        for place in places:
            _need(_count(place, len(facts) - 1) and codes[place] == "" and facts.counted[place] == 1)
            codes[place] = code
    for place in facts.remote:
        _need(_count(place, len(facts) - 1) and codes[place] != "" and not remote[place])
        remote[place] = 1
    # An attended day has a code only where that is remote.
    _need(all(facts.classes[place] or remote[place] for held in facts.codes.values() for place in held))
    return codes, remote


def add_events(columns: Columns, value: bytes) -> None:
    """Add the events of a message (EVENT_COLUMNS). Raises as `add_facts`."""
    rows = [_event(held) for held in alerts_message.unpack(value)]
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            column.append(cell)


def _event(held: AlertEvent) -> tuple[Any, ...]:
    texts = (
        held.district_id, held.alert_id, held.change, held.condition, held.scope, held.school_id,
        held.opening_school_id, held.student_id, held.school_year, held.rule, held.policy_version,
    )  # fmt: skip
    _need(set(map(type, texts)) == {str} and type(held.dates) is list)
    _need(all((held.district_id, held.alert_id, held.student_id, held.opened_on)))
    _need(_count(held.sequence, _UINT32) and _count(held.version, _UINT64))
    _need(all(_count(days, _UINT16) for days in (held.enrolled_days, held.absent_days, held.unreported_days)))
    year = from_label(held.school_year)
    if year is None:
        raise ValueError("a school year that is not one")
    _dates(year)
    return (
        held.district_id, held.alert_id, held.sequence, held.change, held.condition, held.scope,
        held.school_id, held.opening_school_id, held.student_id, year, held.rule, _date(held.opened_on),
        _date(held.recovered_on), held.enrolled_days, held.absent_days, [_date(day) for day in held.dates],
        held.policy_version, _date(held.data_through), held.version, held.unreported_days,
    )  # fmt: skip


def _dates(year: int) -> tuple[str, ...]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutOfRange("a school year that the store cannot hold")
    return written_dates(year)


@lru_cache(maxsize=4096)
def _date(text: str) -> str | None:
    """A date as written; None of a blank."""
    if text == "":
        return None
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR + 1:
        raise OutOfRange("a date that the store cannot hold")
    return day.isoformat()


def _count(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _need(holds: bool) -> None:
    if not holds:
        raise ValueError("a message that is not as this version writes it")
