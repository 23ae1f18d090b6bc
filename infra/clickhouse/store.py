"""What the sink writes: facts, alert events, students' groups, and what is worked out from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from clickhouse_connect.driver.client import Client

from infra.clickhouse import (
    day_counts,
    district_counts,
    district_spans,
    known_bands,
    school_days,
    standings,
)
from infra.clickhouse.client import FAILURES, open_client, unavailable
from infra.clickhouse.code_labels import CodeLabels
from infra.clickhouse.known_bands import News
from infra.clickhouse.migrate import migrate
from infra.clickhouse.positions import Place
from infra.clickhouse.published_rows import PUBLISHED_COLUMNS
from infra.clickhouse.rows import EVENT_COLUMNS, FACT_COLUMNS, Columns
from infra.clickhouse.student_groups import COLUMNS, NO_GROUPS, Bucket, Groups
from infra.settings import Settings

ROWS_A_CALL = 10_000

Touched = tuple[str, str, str]
"""district_id, school_id, student_id."""

TouchedDay = tuple[str, str, str]
"""district_id, school_id, date as written."""


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store with its newest tables, for one thread. Raises StoreUnavailable."""
    client = open_client(settings)
    try:
        try:
            migrate(client, settings.clickhouse_database, cluster=settings.clickhouse_cluster)
        except FAILURES as error:
            raise unavailable(settings, error) from None
        yield Store(client, settings)
    finally:
        client.close()


class Store:
    """Writes to a client's database. Calls raise StoreUnavailable, and may be repeated as they are."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self.client = client
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

    def recompute_standings(self, year: int, touched: Mapping[Touched, int], news: News | None = None) -> int:
        """Replace the standings of these students for a school year; the number of rows written.

        Of each the Unix time in milliseconds at which the first of its new facts was known. The facts must
        have been inserted, and their versions. `news` spares work where facts came in order; without it none
        is taken to have.
        """
        with self.said():
            rows = [(*student, since) for student, since in touched.items()]
            self._fill("touched", standings.TOUCHED, standings.TOUCHED_COLUMNS, rows)
            written = standings.recompute(self.client, year)
            known_bands.recompute(self.client, year, news)
            districts = {district for district, _, _ in touched}
            district_counts.recompute_bands(self.client, year, districts)
            district_spans.recompute(self.client, year, districts)
            return written

    def recompute_days(self, year: int, days: Collection[TouchedDay]) -> int:
        """Count these schools' days of a school year anew; how many that were.

        The facts and groups that touched them must have been inserted.
        """
        with self.said():
            self._fill("touched_days", day_counts.TOUCHED_DAYS, ("district_id", "school_id", "date"), days)
            counted = day_counts.recompute(self.client, year)
            self._recompute_from_days(year)
            return counted

    def _recompute_from_days(self, year: int) -> None:
        """Work out anew what rests on the counts of the days in `touched_days`."""
        district_counts.read_touched(self.client, year)
        district_counts.recompute_days(self.client, year)
        district_counts.recompute_reasons(self.client, year)
        school_days.recompute(self.client, year)

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
            rows = {(district, student) for student in students}
            self._fill("regrouped", day_counts.REGROUPED, ("district_id", "student_id"), rows)
            days = 0
            for year in day_counts.years_of_regrouped(self.client):
                self._fill("touched_days", day_counts.TOUCHED_DAYS, ("district_id", "school_id", "date"), ())
                day_counts.touch_regrouped(self.client, year)
                days += day_counts.recompute(self.client, year)
                self._recompute_from_days(year)
                district_counts.recompute_bands(self.client, year, {district})
                known_bands.regroup(self.client, year)
                district_spans.recompute(self.client, year, {district})
            return days

    def _fill(self, table: str, made: str, names: Sequence[str], rows: Collection[tuple[Any, ...]]) -> None:
        """Make a temporary table hold just these rows."""
        self.client.command(made)
        self.client.command(f"TRUNCATE TABLE {table}")
        if rows:
            self._insert(table, names, tuple(map(list, zip(*rows, strict=True))))

    def _insert(self, table: str, names: Sequence[str], columns: Columns) -> None:
        # The client's own `insert` is as fast, but hands its rows to chDB in a file in the system's temporary
        # folder, where a process that is killed leaves them: records outside of ROLLCALL_HOME.
        statement = f"INSERT INTO {table} ({', '.join(names)}) FORMAT JSONCompactColumns"
        self.client.command(statement, data=orjson.dumps(columns))

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
