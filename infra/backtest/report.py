"""What was tried as a table for people and as JSON for programs: counts alone, no name and no id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from alerts.backtest.measure import Measured, Spread
from infra.backtest.trying import Result
from models.school_year import label

WHOLE = "all together"


def parts(result: Result) -> Iterator[tuple[str, Measured]]:
    """What is shown of a result: the whole policy where it has several rules, then each rule that told."""
    if len(result.rules) > 1:
        yield WHOLE, result.whole
    for name, measured in result.rules.items():
        if measured.messages or len(result.rules) == 1:
            yield name, measured


def tables(results: Sequence[Result]) -> Iterator[Table]:
    """A table a school year, a row a policy and rule."""
    for year in dict.fromkeys(result.school_year for result in results):
        of_year = [result for result in results if result.school_year == year]
        students, chronic = of_year[0].whole.students, of_year[0].whole.chronic
        title = f"School year {label(year)}: {students:,} students, {chronic:,} of them ended at 10 % or more"
        table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE, pad_edge=False)
        table.add_column("policy", overflow="fold", min_width=8)
        table.add_column("rule", no_wrap=True)
        for name in (
            "told", "recall", "precision", "messages", "a student", "a crosser", "first day", "ahead", "peak",
        ):  # fmt: skip
            table.add_column(name, justify="right", overflow="fold")
        for result in of_year:
            for place, (name, held) in enumerate(parts(result)):
                table.add_row(result.plan if place == 0 else "", name, *_cells(held))
            table.add_section()
        yield table


def _cells(held: Measured) -> tuple[str, ...]:
    return (
        f"{held.told:,}",
        never_all(held.recall),
        never_all(held.precision),
        f"{held.messages:,}",
        decimals(held.messages_a_student),
        decimals(held.messages_a_crosser),
        _days(held.first_day),
        _shares(held.ahead),
        f"{held.peak:,}",
    )


def _days(held: Spread | None) -> str:
    if held is None:
        return ""
    return f"{_short(held.median)} [{_short(held.lower)}, {_short(held.upper)}]"


def _shares(held: Spread | None) -> str:
    if held is None:
        return ""
    return f"{percent(held.median)} [{rounded(held.lower * 100, 0)}, {rounded(held.upper * 100, 0)}]"


def percent(share: Fraction | None) -> str:
    """`84 %`, half up; blank of nothing."""
    return "" if share is None else f"{rounded(share * 100, 0)} %"


def never_all(share: Fraction | None) -> str:
    """`84 %`, but `99 %` and not `100 %` where one is missing, and `1 %` where there is one."""
    if share is None or share in (0, 1):
        return percent(share)
    return percent(min(max(share, Fraction(1, 100)), Fraction(99, 100)))


def decimals(value: Fraction | None) -> str:
    """`1.14`, half up; blank of nothing."""
    return "" if value is None else rounded(value, 2)


def _short(value: Fraction) -> str:
    text = rounded(value, 1)
    return text.removesuffix(".0")


def rounded(value: Fraction, places: int) -> str:
    """A value of 0 or more with so many decimals, half up."""
    scaled = (2 * value.numerator * 10**places + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """An object a policy and school year. Shares are numbers with four decimals, null where of nothing."""
    return [
        {
            "policy": result.plan,
            "quiet_days": result.quiet_days,
            "school_year": label(result.school_year),
            "whole": _object(result.whole),
            "rules": {name: _object(held) for name, held in result.rules.items()},
        }
        for result in results
    ]


def _object(held: Measured) -> dict[str, Any]:
    return {
        "students": held.students,
        "ended_at_10_percent": held.chronic,
        "told": held.told,
        "told_and_ended_there": held.hits,
        "recall": _number(held.recall),
        "precision": _number(held.precision),
        "messages": held.messages,
        "opened": held.opened,
        "reopened": held.reopened,
        "reopened_and_told": held.again,
        "recovered": held.recovered,
        "messages_a_student": _number(held.messages_a_student),
        "messages_a_crosser": _number(held.messages_a_crosser),
        "first_day": _spread(held.first_day),
        "absences_ahead": _spread(held.ahead),
        "peak_messages_a_caseload_and_week": held.peak,
    }


def _spread(held: Spread | None) -> dict[str, float | None] | None:
    return None if held is None else {name: _number(value) for name, value in held._asdict().items()}


def _number(value: Fraction | None) -> float | None:
    """For the eye alone: whoever needs it exactly has the counts."""
    return None if value is None else float(rounded(value, 4))
