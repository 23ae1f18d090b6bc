"""What was released, out of the tables that hold it as it was decided (web.ports.Releases).

No other table is read here: a number that was not released cannot come through.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.serving.clients import Clients
from web.ports import ReleasedBands, ReleasedDays, ReleaseHeld

# The version in the list is the release; cells of another one were replaced, or were never finished.
_CELLS = """SELECT {places}, groupArray((measure, value))
FROM released_cells FINAL
WHERE district_id = {{district:String}} AND as_of = {{as_of:Date}} AND table_name = {{table:String}}
    AND version IN
    (
        SELECT version FROM releases FINAL WHERE district_id = {{district:String}} AND as_of = {{as_of:Date}}
    )
GROUP BY {places}
ORDER BY {places}"""


class StoreReleases:
    """Each call asks with a client of its own. Raises Away."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def districts(self) -> list[str]:
        """Of which anything is released."""
        with self._clients.client() as client:
            if not _are_there(client):
                return []
            rows = client.query("SELECT DISTINCT district_id FROM releases FINAL ORDER BY district_id")
            return [district for (district,) in rows.result_rows]

    def listed(self, district: str) -> list[ReleaseHeld]:
        """The newest date first."""
        with self._clients.client() as client:
            if not _are_there(client):
                return []
            rows = client.query(
                "SELECT school_year, as_of, version, data_through FROM releases FINAL "
                "WHERE district_id = {district:String} ORDER BY as_of DESC",
                parameters={"district": district},
            ).result_rows
            return [
                ReleaseHeld(year, as_of, datetime.fromtimestamp(version / 1000, UTC), through)
                for year, as_of, version, through in rows
            ]

    def bands(self, district: str, as_of: date) -> list[ReleasedBands]:
        """The table `bands`."""
        found = self._cells(district, as_of, "bands", "school_id, grade, dimension, member")
        return [ReleasedBands(place[0], place[1], place[2], place[3], numbers) for place, numbers in found]

    def attendance(self, district: str, as_of: date) -> list[ReleasedDays]:
        """The table `attendance`."""
        found = self._cells(district, as_of, "attendance", "school_id, month")
        return [
            ReleasedDays(place[0], place[1], numbers.get("counted"), numbers.get("absent"))
            for place, numbers in found
        ]

    def _cells(
        self, district: str, as_of: date, table: str, places: str
    ) -> list[tuple[tuple[str, ...], dict[str, int | None]]]:
        with self._clients.client() as client:
            if not _are_there(client):
                return []
            given: dict[str, Any] = {"district": district, "as_of": as_of, "table": table}
            rows = client.query(_CELLS.format(places=places), parameters=given).result_rows
            return [(tuple(place), dict(numbers)) for *place, numbers in rows]


def _are_there(client: Client) -> bool:
    """Whether the store has the tables: one of an earlier version has none, and nothing is released then."""
    rows = client.query(
        "SELECT count() FROM system.tables WHERE database = currentDatabase() "
        "AND name IN ('releases', 'released_cells')"
    ).result_rows
    return int(rows[0][0]) == 2
