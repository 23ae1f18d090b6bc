"""What was released, as the API asks for it (web.ports.Releases).

infra.trends.released reads it, and no other table: a number that was not released cannot come through.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby

from infra.serving.clients import Clients
from infra.trends import released
from infra.trends.released import Cell, TableName
from models.suppression.release import NotReleased
from web.ports import ReleasedAlerts, ReleasedBands, ReleasedDays, ReleaseHeld

Numbers = dict[str, int | None]


class StoreReleases:
    """Each call asks with a client of its own. Raises Away."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def districts(self) -> list[str]:
        """Of which anything is released."""
        with self._clients.client() as client:
            return released.districts(client)

    def listed(self, district: str) -> list[ReleaseHeld]:
        """The newest date first."""
        with self._clients.client() as client:
            found = released.releases(client, district)
        return [ReleaseHeld(each.school_year, each.as_of, each.made_at, each.data_through) for each in found]

    def bands(self, district: str, as_of: date) -> list[ReleasedBands]:
        """The table `bands`."""
        return [
            ReleasedBands(cell.school_id, cell.grade, cell.dimension, cell.member, numbers)
            for cell, numbers in self._places(district, as_of, "bands")
        ]

    def attendance(self, district: str, as_of: date) -> list[ReleasedDays]:
        """The table `attendance`."""
        return [
            ReleasedDays(cell.school_id, cell.month, numbers.get("counted"), numbers.get("absent"))
            for cell, numbers in self._places(district, as_of, "attendance")
        ]

    def alerts(self, district: str, as_of: date) -> list[ReleasedAlerts]:
        """The table `alerts`."""
        return [
            ReleasedAlerts(cell.rule, numbers) for cell, numbers in self._places(district, as_of, "alerts")
        ]

    def _places(self, district: str, as_of: date, table: TableName) -> list[tuple[Cell, Numbers]]:
        """One cell of each place of a table, and the numbers of all of its cells by measure."""
        with self._clients.client() as client:
            try:
                cells = released.cells(client, district, as_of, table)
            except NotReleased:
                return []
        found = []
        # The cells of a place come one after the other.
        for _, of_place in groupby(cells, lambda cell: cell[:6]):
            held = list(of_place)
            found.append((held[0], {cell.measure: cell.value for cell in held}))
        return found
