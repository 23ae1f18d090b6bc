"""How many students missed how much, as it was known at an instant.

The bands as they are now (`bands`, `bands_by`), without what was learned since: of days up to the one in
question that is little, and `known_bands` has it by month of learning. Groups are today's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.trends.bands import bands, of_day
from infra.trends.breakdowns import PARTS, bands_by, only
from infra.trends.conditions import of_grade, parameters
from infra.trends.instants import KNOWN_AT, written
from models.trends.answers import Bands, BandsOf
from models.trends.scope import Scope

_SINCE = """SELECT {part} AS part, band, sum(students) AS more
FROM known_bands FINAL
WHERE school_year = {{year:UInt16}} AND date <= {{as_of:Date}}
    AND known_at > {instant} AND {those}
GROUP BY part, band
HAVING more != 0
SETTINGS do_not_merge_across_partitions_select_final = 1"""


def bands_as_known(client: Client, scope: Scope, as_of: date, known_at: datetime) -> Bands:
    """What `bands` would have said at an instant (with an offset) about the same day."""
    place = "school_id = {school:String}" if scope.school else "school_id = ''"
    since = _since(client, scope, "''", f"{place} AND {of_grade(scope)}", _of_instant(as_of, known_at))
    return _without(bands(client, scope, as_of), since.get("", {}))


def bands_as_known_by(
    client: Client,
    scope: Scope,
    breakdown: str,
    as_of: date,
    known_at: datetime,
    schools: Sequence[str] = (),
) -> list[BandsOf]:
    """What `bands_by` would have said at an instant (with an offset) about the same day."""
    given = {**_of_instant(as_of, known_at), "schools": list(schools)}
    now = {part: held for part, held in bands_by(client, scope, breakdown, as_of, schools)}
    place = f"school_id != ''{only(schools)}" if breakdown == "school" else "school_id = ''"
    if scope.school:
        place = "school_id = {school:String}"
    grade = "1" if breakdown == "grade" else of_grade(scope)
    since = _since(
        client, scope, f"toString({PARTS.get(breakdown, breakdown)})", f"{place} AND {grade}", given
    )
    nobody = Bands(0, 0, 0, 0)
    then = {part: _without(now.get(part, nobody), since.get(part, {})) for part in {*now, *since}}
    return [BandsOf(part, then[part]) for part in sorted(then) if then[part] != nobody]


def _of_instant(as_of: date, known_at: datetime) -> dict[str, Any]:
    """The parameters of a day and an instant. Raises ValueError where the instant has no offset."""
    return {**of_day(as_of), "known_at": written(known_at)}


def _since(
    client: Client, scope: Scope, part: str, those: str, given: dict[str, Any]
) -> dict[str, dict[int, int]]:
    """How many students more there are now in a band, by part."""
    if scope.district:
        those += " AND district_id = {district:String}"
    if scope.dimension != "all":
        those += f" AND {scope.dimension} = {{value:String}}"
    query = _SINCE.format(part=part, instant=KNOWN_AT, those=those)
    found: dict[str, dict[int, int]] = {}
    for part, band, more in client.query(query, parameters=parameters(scope, **given)).result_rows:
        found.setdefault(part, {})[int(band)] = int(more)
    return found


def _without(now: Bands, since: dict[int, int]) -> Bands:
    return Bands(*(held - since.get(band, 0) for band, held in enumerate(now)))
