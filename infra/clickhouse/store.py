"""What the sink writes: facts, alert events, students' groups, and what is worked out from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.clickhouse import recounts
from infra.clickhouse.client import FAILURES, open_client, unavailable
from infra.clickhouse.code_labels import CodeLabels
from infra.clickhouse.known_bands import News
from infra.clickhouse.migrate import migrate
from infra.clickhouse.positions import Place
from infra.clickhouse.published_rows import PUBLISHED_COLUMNS
from infra.clickhouse.recounts import Lanes, Recounted
from infra.clickhouse.rows import EVENT_COLUMNS, FACT_COLUMNS, Columns
from infra.clickhouse.student_groups import COLUMNS, NO_GROUPS, Bucket, Groups
from infra.clickhouse.temporary import insert
from infra.clickhouse.touched_facts import TouchedDay
from infra.clickhouse.touched_students import Touched
from infra.settings import Settings

ROWS_A_CALL = 10_000


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store with its newest tables, for one thread. Raises StoreUnavailable."""
    with ExitStack() as stack:
        client = stack.enter_context(closing(open_client(settings)))
        try:
            migrate(client, settings.clickhouse_database, cluster=settings.clickhouse_cluster)
        except FAILURES as error:
            raise unavailable(settings, error) from None
        lanes = Lanes(*(stack.enter_context(closing(open_client(settings))) for _ in Lanes._fields))
        for lane in lanes:
            lane.database = client.database
        yield Store(client, lanes, settings)


class Store:
    """Writes to a client's database. Calls raise StoreUnavailable, and may be repeated as they are.

    `lanes` are clients of the same database.
    """

    def __init__(self, client: Client, lanes: Lanes, settings: Settings) -> None:
        self.client = client
        self.lanes = lanes
        self._settings = settings
        self._newest_known: dict[str, int] = {}

    def newest_version(self) -> int:
        """The greatest version of a fact: an offset of the log that the store follows; -1 without facts."""
        with self.said():
            # Of no district: it tells whether this is the log's store, before anything is written.
            found = self.client.query("SELECT count(), max(version) FROM student_day_facts").result_rows[0]
            return int(found[1]) if found[0] else -1

    def positions(self) -> dict[Place, int] | None:
        """Up to which offset each partition of the log is stored; None where that was never written down.

        Before migration 11 it was not: such a store is believed to have what the log was told.
        """
        with self.said():
            query = "SELECT topic, partition, next_offset FROM stored_positions FINAL"
            rows = self.client.query(query).result_rows
        if not rows and self.newest_version() >= 0:
            return None
        return {(topic, partition): offset for topic, partition, offset in rows}

    def put_positions(self, reached: Mapping[Place, int]) -> None:
        """Write down up to which offsets all is stored; the position that is written last holds."""
        if reached:
            with self.said():
                rows = [(*place, offset) for place, offset in reached.items()]
                columns = tuple(map(list, zip(*rows, strict=True)))
                self._insert("stored_positions", ("topic", "partition", "next_offset"), columns)

    def insert_facts(self, columns: Columns) -> None:
        """Insert at most ROWS_A_CALL facts, in the columns of rows.FACT_COLUMNS."""
        with self.said():
            self._insert("student_day_facts", FACT_COLUMNS, columns)

    def insert_history(self, columns: Columns, known_at: Sequence[int]) -> None:
        """Insert the same facts as versions, each with the Unix time in milliseconds of its publication."""
        with self.said():
            self._insert("fact_history", (*FACT_COLUMNS, "known_at"), (*columns, _times(known_at)))

    def insert_events(self, columns: Columns) -> None:
        """Insert at most ROWS_A_CALL alert events, in the columns of rows.EVENT_COLUMNS."""
        with self.said():
            self._insert("alert_events", EVENT_COLUMNS, columns)

    def insert_alert_history(self, columns: Columns, known_at: Sequence[int]) -> None:
        """Insert the same events with the Unix time in milliseconds of each one's publication."""
        with self.said():
            self._insert("alert_history", (*EVENT_COLUMNS, "known_at"), (*columns, _times(known_at)))

    def insert_published(self, columns: Columns) -> None:
        """Insert at most ROWS_A_CALL published rates, in published_rows.PUBLISHED_COLUMNS."""
        with self.said():
            self._insert("published_rates", PUBLISHED_COLUMNS, columns)

    def insert(self, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows of some columns into a table; both names are the caller's own."""
        with self.said():
            if rows:
                self._insert(table, names, tuple(map(list, zip(*rows, strict=True))))

    def newest_known(self, district: str) -> int:
        """The Unix time in milliseconds at which the newest fact of a district was known; 0 without facts.

        What was inserted since it was first asked counts once `note_known` says so.
        """
        if district not in self._newest_known:
            query = (
                "SELECT max(toUnixTimestamp64Milli(known_at)) FROM fact_history"
                " WHERE district_id = {district:String}"
            )
            with self.said():
                rows = self.client.query(query, parameters={"district": district}).result_rows
            self._newest_known[district] = int(rows[0][0])
        return self._newest_known[district]

    def note_known(self, newest: Mapping[str, int]) -> None:
        """By district, when the newest fact was known of which all is worked out."""
        self._newest_known.update(newest)

    def recount(
        self,
        year: int,
        touched: Mapping[Touched, int],
        days: Collection[TouchedDay],
        news: News | None = None,
    ) -> Recounted:
        """Work out anew all that rests on some students' facts and some schools' days (recounts.recount)."""
        with self.said():
            return recounts.recount(self.lanes, year, touched, days, news)

    def put_students(self, buckets: Collection[Bucket], since: int) -> set[str]:
        """Replace the groups of the students of a district's buckets; the students whose days are to be
        counted anew.

        These are the ones whose groups differ, and all of whom something was written from offset `since` on:
        after a crash they are written, and their days are not counted yet. Whoever is no more in a bucket is
        in no group.
        """
        with self.said():
            (district,) = {bucket.district for bucket in buckets}
            known = self._students(district, [bucket.number for bucket in buckets])
            changed: list[tuple[Any, ...]] = []
            for bucket in buckets:
                gone = {student: NO_GROUPS for student, held in known[bucket.number].items() if held}
                wanted = {**gone, **bucket.students}
                for student, groups in wanted.items():
                    before, version = known[bucket.number].get(student, (None, -1))
                    if before != groups and version <= bucket.version:
                        changed.append((district, student, *groups, bucket.version))
            if changed:
                names = ("district_id", "student_id", *COLUMNS, "version")
                self._insert("students", names, tuple(map(list, zip(*changed, strict=True))))
            unfinished = {
                student
                for students in known.values()
                for student, (_, version) in students.items()
                if version >= since
            }
            return unfinished | {row[1] for row in changed}

    def put_labels(self, labels: Collection[CodeLabels]) -> None:
        """Replace what districts call their codes; a district at most once."""
        rows = []
        for held in labels:
            codes, since, texts = map(list, zip(*held.labels, strict=True)) if held.labels else ([], [], [])
            rows.append((held.district, codes, since, texts, held.version))
        if rows:
            names = ("district_id", "codes", "since", "labels", "version")
            with self.said():
                self._insert("code_labels", names, tuple(map(list, zip(*rows, strict=True))))

    def _students(self, district: str, numbers: list[int]) -> dict[int, dict[str, tuple[Groups, int]]]:
        """Groups and version of the students that are stored in some buckets, by bucket."""
        rows = self.client.query(
            f"SELECT CRC32(student_id) % 256 AS bucket, student_id, version, {', '.join(COLUMNS)} "
            "FROM students FINAL WHERE district_id = {district:String} AND bucket IN {numbers:Array(UInt8)}",
            parameters={"district": district, "numbers": numbers},
        ).result_rows
        known: dict[int, dict[str, tuple[Groups, int]]] = {number: {} for number in numbers}
        for bucket, student, version, *groups in rows:
            known[bucket][student] = (tuple(groups), version)
        return known

    def recount_students(self, district: str, students: Collection[str]) -> int:
        """Count all days of these students anew, in every school year; how many days that were."""
        with self.said():
            return recounts.recount_groups(self.lanes, district, students)

    def _insert(self, table: str, names: Sequence[str], columns: Columns) -> None:
        insert(self.client, table, names, columns)

    @contextmanager
    def said(self) -> Iterator[None]:
        """Turns what ClickHouse raises into StoreUnavailable, without its text."""
        try:
            yield
        except FAILURES as error:
            raise unavailable(self._settings, error) from None


def _times(milliseconds: Sequence[int]) -> list[str]:
    """Unix times as ClickHouse reads them."""
    return [f"{at // 1000}.{at % 1000:03d}" for at in milliseconds]
