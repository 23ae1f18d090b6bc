"""What was tried as a picture (SVG): for each rule how much still lay ahead when it first told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape

from alerts.backtest.measure import Measured
from infra.backtest.report import never_all, parts, percent, rounded
from infra.backtest.trying import Result
from models.school_year import label

_ROW, _HEAD, _FOOT = 24, 92, 58
_LEFT, _PLOT, _RIGHT = 310, 420, 330
_WIDTH = _LEFT + _PLOT + _RIGHT
_COLUMNS = (("told", 60), ("recall", 120), ("precision", 195), ("messages", 270), ("peak", 318))
_INK, _SOFT, _GRID, _WHOLE, _RULE = "#1b1f24", "#57606a", "#d8dee4", "#0b5394", "#4a8fc7"


def picture(results: Sequence[Result]) -> str:
    """A panel a school year: a dot at the median, a bar from quartile to quartile, the numbers beside it."""
    body: list[str] = []
    top = 0
    for year in dict.fromkeys(result.school_year for result in results):
        of_year = [result for result in results if result.school_year == year]
        panel, height = _panel(of_year, top)
        body += panel
        top += height
    title = "When each rule first told of the students who ended the year at 10 % absence or more"
    said = " ".join(_said(results))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" width="{_WIDTH}" '
            f'height="{top}" role="img" aria-labelledby="title desc" '
            'font-family="system-ui, Helvetica, Arial, sans-serif" font-size="13">',
            f'<title id="title">{title}</title>',
            f'<desc id="desc">{escape(said)}</desc>',
            f'<rect width="{_WIDTH}" height="{top}" fill="#ffffff"/>',
            *body,
            "</svg>\n",
        )
    )


def _said(results: Sequence[Result]) -> Iterator[str]:
    """Every number of the picture in words, for those who do not see it."""
    for result in results:
        for name, held in parts(result):
            ahead = held.ahead
            early = (
                f"half of them with {percent(ahead.median)} or more of their absences still ahead "
                f"(quartiles {percent(ahead.lower)} and {percent(ahead.upper)})"
                if ahead
                else "none of them ended there"
            )
            yield (
                f"{label(result.school_year)}, policy {result.plan}, {name}: "
                f"{held.told} students told about, recall {never_all(held.recall) or 'of nobody'}, "
                f"precision {never_all(held.precision) or 'of nobody'}, {early}; "
                f"{held.messages} messages, at most {held.peak} a caseload and week."
            )


def _panel(results: Sequence[Result], top: int) -> tuple[list[str], int]:
    rows = [
        (result.plan if place == 0 else "", name, held, len(result.rules) > 1 and place == 0)
        for result in results
        for place, (name, held) in enumerate(parts(result))
    ]
    first, bottom = top + _HEAD, top + _HEAD + _ROW * len(rows)
    whole = results[0].whole
    year = label(results[0].school_year)
    counts = f"{whole.students:,} students; {whole.chronic:,} ended the year at 10 % absence or more"
    found = [
        _text(20, top + 28, f"How early was somebody told? School year {year}", size=18, weight=600),
        _text(20, top + 50, counts, fill=_SOFT),
        _text(20, first - 12, "policy", fill=_SOFT),
        _text(130, first - 12, "rule", fill=_SOFT),
    ]
    for name, place in _COLUMNS:
        found.append(_text(_LEFT + _PLOT + place, first - 12, name, fill=_SOFT, anchor="end"))
    for tick in range(0, 101, 20):
        x = _x(Fraction(tick, 100))
        found.append(f'<line x1="{x}" y1="{first - 4}" x2="{x}" y2="{bottom}" stroke="{_GRID}"/>')
        found.append(_text(x, bottom + 18, f"{tick} %", fill=_SOFT, anchor="middle"))
    axis = "absences still ahead at the first message, of those who ended at 10 %: median and quartiles"
    found.append(_text(_LEFT + _PLOT / 2, bottom + 38, axis, fill=_SOFT, anchor="middle"))
    for place, (plan, name, held, is_whole) in enumerate(rows):
        y = first + _ROW * place + _ROW // 2
        if plan and place:
            edge = y - _ROW // 2
            found.append(f'<line x1="20" y1="{edge}" x2="{_WIDTH - 12}" y2="{edge}" stroke="{_GRID}"/>')
        found += _row(y, plan, name, held, is_whole)
    return found, _HEAD + _ROW * len(rows) + _FOOT


def _row(y: int, plan: str, name: str, held: Measured, is_whole: bool) -> Iterator[str]:
    weight = 600 if is_whole else 400
    colour = _WHOLE if is_whole else _RULE
    yield _text(20, y + 4, _short(plan, 15), weight=600)
    yield _text(130, y + 4, _short(name, 24), weight=weight)
    if held.ahead is not None:
        lower, median, upper = (_x(share) for share in held.ahead)
        yield (
            f'<line x1="{lower}" y1="{y}" x2="{upper}" y2="{y}" stroke="{colour}" stroke-width="5" '
            'stroke-linecap="round" stroke-opacity="0.45"/>'
        )
        yield f'<circle cx="{median}" cy="{y}" r="5.5" fill="{colour}"/>'
    values = (
        f"{held.told:,}",
        never_all(held.recall),
        never_all(held.precision),
        f"{held.messages:,}",
        f"{held.peak:,}",
    )
    for (_, place), value in zip(_COLUMNS, values, strict=True):
        yield _text(_LEFT + _PLOT + place, y + 4, value, weight=weight, anchor="end")


def _x(share: Fraction) -> str:
    return rounded(_LEFT + share * _PLOT, 1)


def _short(text: str, most: int) -> str:
    """A long path by its end, which tells one file from another."""
    return text if len(text) <= most else "…" + text[1 - most :]


def _text(
    x: object,
    y: int,
    text: str,
    *,
    size: int = 13,
    weight: int = 400,
    fill: str = _INK,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )
