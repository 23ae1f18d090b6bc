"""Published rates come from the log into the store, again with a replay, and stand beside our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from infra.clickhouse.sink import SINK_GROUP, Sink
from infra.clickhouse.store import Store
from infra.edsight.codes import Codes
from infra.metrics import Metrics
from infra.sqlite_log.log import SqliteLog
from infra.trends.bands import bands
from infra.trends.published import published_years
from models.published import Published
from models.trends.answers import Bands
from models.trends.published import PublishedYear
from models.trends.scope import BadQuestion, Scope
from streams import published_message
from streams.event_log import Outgoing
from streams.topics import PUBLISHED
from tests.integration.test_trends_questions import Told
from tests.support.chdb_store import Engine, dump, log_in

CODES = Codes({"D": "0010011"}, {("D", "S"): "0010111"})
ANDOVER = Published(2018, "district", "0010011", "Andover", "", "", "all", "", 40, 1250)
ROWS = [
    ANDOVER,
    ANDOVER._replace(school_year=2019, chronic=None, rate=None),
    ANDOVER._replace(dimension="grade", value="K", chronic=9, rate=2000),
    ANDOVER._replace(dimension="race_ethnicity", value="Two or More Races", chronic=6, rate=1000),
    ANDOVER._replace(level="school", school_code="0010111", school_name="Andover School", rate=900),
    ANDOVER._replace(district_code="0020011", district_name="Ansonia", rate=1),
    Published(2018, "state", "", "", "", "", "all", "", 53191, 1040),
]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with log_in(tmp_path, partitions=3) as log:
        yield log


def stored(log: SqliteLog, store: Store) -> None:
    sink = Sink(log, store, Metrics("0"))
    while sink.step():
        pass


def put(log: SqliteLog, rows: Sequence[Published], at: int) -> None:
    log.append(PUBLISHED.name, list(published_message.pack(rows, at)))


def asked(store: Store, scope: Scope) -> list[tuple[int, int | None, int | None]]:
    found = published_years(store.client, scope, CODES, 2015, 2020)
    assert all(each.listed and each.bands is None and each.difference is None for each in found)
    return [(each.school_year, each.chronic, each.rate) for each in found]


def test_each_place_and_group_has_its_own(log: SqliteLog, store: Store) -> None:
    put(log, ROWS, 1)
    stored(log, store)
    assert asked(store, Scope("D")) == [(2018, 40, 1250), (2019, None, None)]
    assert asked(store, Scope("0020011")) == [(2018, 40, 1)]
    assert asked(store, Scope("D", school="S")) == [(2018, 40, 900)]
    assert asked(store, Scope(state=True)) == [(2018, 53191, 1040)]
    assert asked(store, Scope("D", grade="K")) == [(2018, 9, 2000)]
    assert asked(store, Scope("D", dimension="race_ethnicity", value="two or more  races")) == [
        (2018, 6, 1000)
    ]
    assert asked(store, Scope("D", dimension="meals", value="free")) == []
    assert asked(store, Scope("E")) == []


def test_what_is_read_in_later_holds_and_a_replay_changes_nothing(log: SqliteLog, store: Store) -> None:
    put(log, [ANDOVER._replace(rate=1300)], 20)
    put(log, ROWS, 10)
    stored(log, store)
    assert asked(store, Scope("D"))[0] == (2018, 40, 1300)
    before = dump(store.client)
    assert len(before["published_rates"]) == len(ROWS)
    log.commit(SINK_GROUP, {(PUBLISHED.name, partition): 0 for partition in range(3)})
    stored(log, store)
    assert dump(store.client) == before


@pytest.mark.parametrize(
    "value",
    [b"", b"[]", b'{"schema":2,"at":1,"rows":[]}', b'{"schema":1,"at":-1,"rows":[]}',
     b'{"schema":1,"at":1,"rows":[[2018,"town","1","A","","","all","",1,1]]}',
     b'{"schema":1,"at":1,"rows":[[2018,"district","","","","","all","",1,1]]}',
     b'{"schema":1,"at":1,"rows":[[2018,"district","1","A","","","all","",1,10001]]}',
     b'{"schema":1,"at":1,"rows":[[3000,"district","1","A","","","all","",1,1]]}',
     b'{"schema":1,"at":1,"rows":[[2018,"district"]]}'],
)  # fmt: skip
def test_what_cannot_be_read_is_put_aside_and_the_rest_goes_on(
    log: SqliteLog, store: Store, value: bytes
) -> None:
    log.append(PUBLISHED.name, [Outgoing(b"2018-19", value)])
    put(log, ROWS, 1)
    stored(log, store)
    assert len(dump(store.client)["published_rates"]) == len(ROWS)


def test_ours_stands_beside_theirs(engine: Engine, tmp_path: Path) -> None:
    with engine.store() as store:
        told = Told(tmp_path, store, 9)
        district = told.end[0].district
        years = sorted({day.year for day in told.end if day.district == district})
        folder = tmp_path / "published"
        folder.mkdir()
        with log_in(folder) as log:
            row = ANDOVER._replace(district_code=district, school_year=years[-1])
            put(log, [row, row._replace(school_year=years[0] - 3)], 1)
            stored(log, store)
        found = published_years(store.client, Scope(district), Codes(), years[0] - 3, years[-1])
        assert [each.school_year for each in found] == [years[0] - 3, *years]
        for each in found[1:]:
            assert each.bands == bands(store.client, Scope(district), date(each.school_year + 1, 6, 30))
        last = found[-1]
        assert last.listed and last.our_rate is not None
        assert last.difference == last.our_rate - 1250


def test_a_difference_is_in_hundredths_of_a_point() -> None:
    year = PublishedYear(2018, Bands(6, 0, 1, 0), True, 1, 1420)
    assert (year.our_rate, year.difference) == (1429, 9)
    assert PublishedYear(2018, Bands(0, 0, 0, 0), True, 1, 1420).difference is None


def test_what_is_not_published_cannot_be_asked(store: Store) -> None:
    with pytest.raises(BadQuestion, match="not of both"):
        published_years(
            store.client, Scope("D", grade="K", dimension="meals", value="free"), CODES, 2018, 2018
        )
    for first, last in ((2019, 2018), (2000, 2018)):
        with pytest.raises(BadQuestion, match="1 to 10"):
            published_years(store.client, Scope("D"), CODES, first, last)
