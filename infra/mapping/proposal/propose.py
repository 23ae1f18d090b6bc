"""A whole mapping proposed from files, as TOML with comments for the person who corrects it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from infra.mapping.load import MappingInvalid, parse_mapping
from infra.mapping.proposal.dates import is_day
from infra.mapping.proposal.entry import CHECK, FILL_IN, Proposed, propose_entries
from infra.mapping.proposal.look import Look
from infra.mapping.proposal.names import known
from infra.mapping.proposal.toml import text

# Where it is used. Another one is told by `time_zone`.
_ZONE = "America/New_York"


def of_interest(name: str) -> bool:
    """Whether the values of a column are looked at."""
    return known(name) or is_day(name)


def propose(looks: Sequence[Look], district: str, now: datetime) -> str:
    """The mapping. `now` is when the meanings of its codes are written down."""
    found = [propose_entries(look) for look in looks]
    nulls = sorted({word for look in looks for word in look.nulls})
    lines = [*_top(found, district, nulls), *_codes(found, now)]
    for each in found:
        lines += each.lines
    body = "\n".join(lines) + "\n"
    return "\n".join((*_state(body), "", body))


def _state(body: str) -> list[str]:
    """What is to be done with the proposal before it reads files."""
    places = [sum(mark in line for line in body.splitlines()) for mark in (FILL_IN, CHECK)]
    try:
        parse_mapping(body, "proposal")
        usable = "It reads files as it is. Go through the places below first, and then try it with --dry-run."
    except MappingInvalid:
        usable = f"It reads no files until each {FILL_IN} of a column is filled in."
    return [
        "# A mapping proposed by `rollcall map`; docs/records.md, Mapping files, says what each key means.",
        f"# {usable}",
        f"# {FILL_IN}: {places[0]} places. {CHECK}: {places[1]} places.",
    ]


def _top(found: Sequence[Proposed], district: str, nulls: list[str]) -> list[str]:
    lines = []
    if district:
        lines.append(f"district = {text(district)}")
    elif not all(each.has_district for each in found):
        lines.append(f'# district = "..."  # {FILL_IN}, or give --district with each ingest')
    if any(each.local_times for each in found):
        lines.append(f"time_zone = {text(_ZONE)}  # {CHECK}: of the times in the files")
    yes = sorted({word for each in found for word in each.yes})
    no = sorted({word for each in found for word in each.no})
    for name, words in (("yes", yes), ("no", no), ("nulls", nulls)):
        if words:
            lines.append(f"{name} = {text(words)}")
    return lines


def _codes(found: Sequence[Proposed], now: datetime) -> list[str]:
    """The codes of all files together."""
    columns = [codes for each in found for codes in each.codes]
    standard = {word: meaning for codes in columns for word, meaning in codes.standard.items()}
    rows: Counter[str] = Counter()
    for codes in columns:
        rows.update(codes.open)
    if not columns:
        return []
    written = f"codes_recorded_at = {text(now.isoformat(timespec='seconds'))}"
    lines = [f"{written}  # raise it whenever you change what a code means" if standard else f"# {written}"]
    for word, (code, status, class_) in sorted(standard.items()):
        lines += ["", "# the standard of Ed-Fi says what it means", "[[codes]]", f"code = {text(code)}"]
        if code != word:
            lines.append(f"written = {text(word)}")
        lines.append(f"status = {text(status)}")
        if class_:
            lines.append(f"class = {text(class_)}")
    if rows and not standard:
        lines.append("# Take away the # before codes_recorded_at with the first code that you fill in.")
    for code, count in sorted(rows.items()):
        lines += [
            "",
            f"# {FILL_IN}: what this code means; its {count} rows are set aside until then",
            "# [[codes]]",
            f"# code = {text(code.replace(' ', '-'))}",
        ]
        if " " in code:
            lines.append(f"# written = {text(code)}")
        lines += [
            '# status = "..."  # absent or in_attendance',
            '# class = "..."  # where it means absent: excused, unexcused, disciplinary, mhw or unknown',
        ]
    hidden = sum(codes.hidden for codes in columns)
    hidden_rows = sum(codes.hidden_rows for codes in columns)
    if hidden:
        lines += [
            "",
            f"# {FILL_IN}: other words that stand for a code ({hidden}, in {hidden_rows} rows). They are not",
            "# shown, because they do not look like codes and might be a student's name.",
        ]
    return lines
