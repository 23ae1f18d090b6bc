"""What a person should know of a download from an Ed-Fi API (connector edfi_json)."""

from __future__ import annotations

from collections.abc import Iterator

from infra.connectors import edfi_notices
from infra.connectors.edfi_json_deletes import Deletes
from infra.connectors.edfi_json_gather import ApiGathered
from infra.intake.events import Notice

_FILE = "edfi_json"


def notices(gathered: ApiGathered, deletes: Deletes, elsewhere: int) -> Iterator[Notice]:
    """The notices of a call; they hold counts, no student's id."""
    yield from (Notice(_FILE, notice.text) for notice in edfi_notices.notices(gathered))
    yield from (Notice(_FILE, text) for text in _more(gathered, deletes, elsewhere))


def _more(gathered: ApiGathered, deletes: Deletes, elsewhere: int) -> Iterator[str]:
    if elsewhere:
        yield (
            f"students with events, and no enrollment in this call: {elsewhere}; they count where an earlier "
            "or later call enrolls them"
        )
    if untimed := gathered.counts["no_time"]:
        yield (
            f"objects without _lastModifiedDate: {untimed}; recorded_at is the object's own date, so that a "
            "correction without it need not win"
        )
    schools = {(school, year) for school, year, _ in gathered.calendars}
    several = sum(len(gathered.codes_of(*each)) > 1 for each in schools)
    if several:
        yield (
            f"schools and years with several calendars: {several}; each is a track, and an enrollment "
            "without calendarReference there has no school days"
        )
    if deletes.sections:
        yield f"deletes of events of sections (classes): {deletes.sections}; not read"
    if deletes.alive:
        yield f"deletes of what is there again: {deletes.alive}; left out"
    if len(deletes) and gathered.latest is not None:
        yield (
            f"deletes: {len(deletes)}; they have no time, and are taken as of {gathered.latest.text}, the "
            "latest _lastModifiedDate of this call"
        )
