"""What is worked out of a district as a whole, once standings or groups of some students are others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date

from clickhouse_connect.driver.client import Client

from infra.clickhouse import district_bands, district_spans, district_students
from infra.clickhouse.district_spans import EVERY_BUCKET
from infra.clickhouse.district_students import DISTRICTS_A_CALL, bucket_of
from models.school_year import first_day


def recompute_touched(
    client: Client, year: int, districts: Collection[str], students: Collection[str], dates: Collection[str]
) -> None:
    """Work out anew what new facts of these dates, of the students in `touched`, say of their districts.

    Their standings have been worked out.
    """
    _recompute(
        client,
        year,
        set(districts),
        date.fromisoformat(min(dates)),
        {bucket_of(student) for student in students},
        lambda some: district_bands.recompute_touched(client, year, some, dates),
    )


def recompute(client: Client, year: int, districts: Collection[str]) -> None:
    """Work out anew all of these districts' year, whoever of their students is in other groups now."""
    _recompute(
        client,
        year,
        set(districts),
        first_day(year),
        EVERY_BUCKET,
        lambda some: district_bands.recompute(client, year, some),
    )


def _recompute(
    client: Client,
    year: int,
    touched: set[str],
    first: date,
    buckets: Collection[int],
    bands: Callable[[list[str]], None],
) -> None:
    begun = district_spans.begun(client, year, touched)
    # Where the first school day of the state is another one now, the lists of all districts are.
    whole = begun.moved | begun.behind
    for some in _read(client, year, touched):
        bands(some)
        if whole & set(some):
            district_spans.recompute(client, year, some, begun, first_day(year))
        else:
            district_spans.recompute(client, year, some, begun, first, buckets)
    for some in _read(client, year, begun.behind - touched):
        district_spans.recompute(client, year, some, begun, first_day(year))
    # For the next year this is the year before.
    following = district_spans.begun(client, year + 1, ())
    for some in _read(client, year + 1, touched & following.districts.keys()):
        district_spans.recompute(client, year + 1, some, following, first_day(year + 1), buckets)
    district_students.empty(client)


def _read(client: Client, year: int, districts: Collection[str]) -> Iterator[list[str]]:
    """Read the students of some districts after some others."""
    every = sorted(districts)
    for start in range(0, len(every), DISTRICTS_A_CALL):
        some = every[start : start + DISTRICTS_A_CALL]
        district_students.read(client, year, some)
        yield some
