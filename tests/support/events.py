"""What a call's events hold, for assertions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from infra.intake.events import Event, Notice, Record
from infra.intake.read import plan
from models.columns import Kind
from streams.refused import Refused
from tests.support.sis_files import Files, write


def events_of(folder: Path, files: Files, name: str, district: str = "") -> list[Event]:
    """Read files in a format."""
    return list(plan([write(folder, files)], name).events(district=district))


def given(events: Sequence[Event], kind: Kind) -> list[dict[str, str]]:
    """What the records of a kind give."""
    return [dict(each.held.given) for each in events if isinstance(each, Record) and each.kind is kind]


def refusals(events: Sequence[Event]) -> list[tuple[str, int, str, str, str]]:
    """File, line, kind, reason and field of each refusal."""
    return [(e.file, e.line, e.kind, e.reason, e.field) for e in events if isinstance(e, Refused)]


def notices(events: Sequence[Event]) -> str:
    """The texts of all notices, one a line."""
    return "\n".join(f"{event.file}: {event.text}" for event in events if isinstance(event, Notice))
