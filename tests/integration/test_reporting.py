"""What analysts read: views that rest on released numbers only, and panels that ask these and are quick."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from clickhouse_connect.driver.client import Client

from infra.clickhouse.minutes import Minutes
from infra.clickhouse.roles import REPORTING_PREFIX, roles
from infra.clickhouse.store import Store
from infra.grafana.panels import DASHBOARDS
from infra.grafana.writing import FOLDER, as_json
from infra.releases.making import make
from infra.trends.released import cells
from tests.support.chdb_store import Engine
from tests.support.made_store import fill

# No student, and no count of students, stands in these.
MAY = {"released_cells", "releases", "pipeline_minutes"}
DATES = (date(2024, 9, 30), date(2024, 10, 20))
CHOSEN = {"district": "D1", "school": "S1", "as_of": DATES[1].isoformat()}


@pytest.fixture(scope="module")
def store(engine: Engine) -> Iterator[Store]:
    """Two districts with two releases, some older versions, and an hour of the sink."""
    with engine.store() as store:
        for district, students in (("D1", 900), ("D2", 60)):
            fill(store, district, students=students)
            for version, as_of in enumerate((*DATES, DATES[1]), start=1):
                make(store, district, as_of, at_ms=1_729_000_000_000 + version, made_by="schedule")
        now = [time.time() - 2 * 3600]  # what is older than three months the engine takes away
        minutes = Minutes(store, lambda: now[0])
        for number in range(90):
            minutes.add(1, number)
            minutes.tell(number % 7)
            minutes.tell(number % 7)  # the same minute
            now[0] += 60
        yield store


def views(client: Client) -> dict[str, str]:
    """The reporting views with their SQL as the engine has it."""
    rows = client.query(
        "SELECT name, create_table_query FROM system.tables"
        " WHERE database = currentDatabase() AND name LIKE 'reporting%'"
    ).result_rows
    return {name: sql for name, sql in rows}


def read_by(client: Client, sql: str) -> set[str]:
    """The tables and views of the store that stand in a query, not in a text or as a column's title."""
    sql = re.sub(r""" "[^"]*" | '[^']*' """, "", sql, flags=re.VERBOSE)
    ours = {
        name
        for (name,) in client.query(
            "SELECT name FROM system.tables WHERE database = currentDatabase()"
        ).result_rows
    }
    return ours & set(re.findall(r"[a-z_0-9]+", sql))


def test_every_view_rests_on_released_numbers_or_on_none_of_students(store: Store) -> None:
    found = views(store.client)
    assert len(found) == 6
    for name, sql in found.items():
        assert name.startswith(REPORTING_PREFIX)
        assert read_by(store.client, sql) - {name} <= MAY | found.keys(), name
        assert not re.search(r"\b(reason|student_id|made_by|dictGet\w*|remote|url|file|s3)\b", sql), name
        # Otherwise whoever reads it needs a right to the tables.
        assert "SQL SECURITY DEFINER" in sql
    columns = store.client.query(
        "SELECT table, name FROM system.columns"
        " WHERE database = currentDatabase() AND table LIKE 'reporting%'"
    ).result_rows
    assert not {name for _, name in columns} & {"student_id", "reason", "made_by", "version"}


def test_analysts_may_read_them_and_nothing_else() -> None:
    granted = [line for line in roles("rollcall").splitlines() if line.endswith("TO rollcall_analyst;")]
    assert granted == ["GRANT SELECT ON rollcall.reporting_* TO rollcall_analyst;"]


def test_the_views_hold_the_newest_release_and_no_hidden_number(store: Store) -> None:
    for district in ("D1", "D2"):
        for as_of in DATES:
            released = {
                (cell.school_id, cell.grade, cell.dimension, cell.member, cell.measure): cell.value
                for cell in cells(store.client, district, as_of, "bands")
            }
            rows = store.client.query(
                "SELECT school_id, grade, dimension, member, enrolled, under_5, under_10, under_20, over_20,"
                " chronic, chronic_percent FROM reporting_bands"
                " WHERE district_id = {d:String} AND as_of = {a:Date}",
                {"d": district, "a": as_of},
            ).result_rows
            assert len(rows) == len({key[:4] for key in released})
            measures = ("enrolled", "under_5", "under_10", "under_20", "over_20", "chronic")
            for *place, enrolled, a, b, c, d, chronic, percent in rows:
                numbers = (enrolled, a, b, c, d, chronic)
                for measure, value in zip(measures, numbers, strict=True):
                    assert value == released.get((*place, measure))
                if enrolled is None or chronic is None:
                    assert percent is None
                else:
                    assert percent == pytest.approx(100 * chronic / enrolled, abs=0.051)


def test_the_state_is_a_sum_of_what_districts_show(store: Store) -> None:
    """Whoever has the districts' numbers can work it out, so it says nothing more."""
    rows = store.client.query(
        "SELECT grade, dimension, member, districts, districts_shown, enrolled_shown, chronic_shown"
        " FROM reporting_state WHERE as_of = {a:Date}",
        {"a": DATES[1]},
    ).result_rows
    assert rows
    shown: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for district in ("D1", "D2"):
        found = {
            (cell.grade, cell.dimension, cell.member, cell.measure): cell.value
            for cell in cells(store.client, district, DATES[1], "bands")
            if not cell.school_id
        }
        for *place, measure in found:
            enrolled, chronic = found[*place, "enrolled"], found[*place, "chronic"]
            if measure == "chronic":
                shown.setdefault(tuple(place), [])
                if enrolled is not None and chronic is not None:
                    shown[tuple(place)].append((enrolled, chronic))
    for *place, _, number, enrolled, chronic in rows:
        of = shown[tuple(place)]
        assert number == len(of)
        assert (enrolled, chronic) == ((sum(e for e, _ in of), sum(c for _, c in of)) if of else (None, None))
    assert {row[4] for row in rows} >= {0, 1}


class Asked(NamedTuple):
    """A question of a panel or variable, as it stands in a dashboard's file."""

    where: str
    kind: str
    sql: str


def questions() -> list[Asked]:
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        dashboard = json.loads(path.read_text("utf-8"))
        for variable in dashboard["templating"]["list"]:
            found.append(Asked(f"{path.stem}: {variable['name']}", "variable", variable["query"]))
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                found.append(Asked(f"{path.stem}: {panel['title']}", panel["type"], target["rawSql"]))
    return found


def filled(sql: str) -> str:
    """As Grafana sends it: variables as quoted text, macros as conditions."""
    for name, value in CHOSEN.items():
        sql = sql.replace(f"${{{name}:sqlstring}}", f"'{value}'")
    sql = re.sub(
        r"\$__dateFilter\((\w+)\)", r"\1 >= toDate('2023-10-21') AND \1 <= toDate('2025-10-21')", sql
    )
    sql = re.sub(r"\$__timeFilter\((\w+)\)", r"\1 >= now() - INTERVAL 7 DAY AND \1 <= now()", sql)
    assert "$" not in sql, sql
    return sql


@pytest.mark.parametrize("asked", questions(), ids=lambda asked: asked.where)
def test_every_panel_returns_rows_from_reporting_views_and_reads_little(store: Store, asked: Asked) -> None:
    client, sql = store.client, filled(asked.sql)
    assert {name.split("_")[0] for name in read_by(client, asked.sql)} == {"reporting"}, asked.where
    answer: Any = client.query(sql)
    assert answer.result_rows, asked.where
    assert all(name for name in answer.column_names)
    if asked.kind == "timeseries":
        assert answer.column_names[0] == "time"
        assert [row[0] for row in answer.result_rows] == sorted(row[0] for row in answer.result_rows)
    # Of ever so many releases it reads those of its district, and of a date where it asks for one.
    estimated = client.query(f"EXPLAIN ESTIMATE {sql}").result_rows
    read = sum(row[3] for row in estimated if row[1] in MAY)
    held = client.query("SELECT count() FROM released_cells").result_rows[0][0]
    assert read <= held + 200


def test_a_question_reads_the_cells_of_its_district_and_date_only(store: Store) -> None:
    """With a hundred districts more the same question reads no more of them than a few granules."""
    store.client.command(
        "INSERT INTO released_cells SELECT * EXCEPT (n) REPLACE (concat('X', toString(n)) AS district_id)"
        " FROM released_cells CROSS JOIN (SELECT number AS n FROM numbers(100)) AS more"
    )
    held = store.client.query("SELECT count() FROM released_cells").result_rows[0][0]
    sql = filled(next(asked.sql for asked in questions() if asked.where == "district: Student groups"))
    read = sum(
        row[3]
        for row in store.client.query(f"EXPLAIN ESTIMATE {sql}").result_rows
        if row[1] == "released_cells"
    )
    assert 0 < read < held / 20


def test_hidden_numbers_are_stars_and_not_zeros() -> None:
    for path in FOLDER.glob("*.json"):
        for panel in json.loads(path.read_text("utf-8"))["panels"]:
            defaults = panel["fieldConfig"]["defaults"]
            assert defaults["noValue"] == "*"
            assert defaults["mappings"] == [
                {"type": "special", "options": {"match": "null", "result": {"text": "*"}}}
            ]
            assert "*: hidden" in panel["description"]


def test_the_files_are_what_the_panels_say() -> None:
    """Written by `python -m infra.grafana.writing`."""
    assert {path.stem for path in FOLDER.iterdir()} == {each.name for each in DASHBOARDS}
    for dashboard in DASHBOARDS:
        assert (FOLDER / f"{dashboard.name}.json").read_text("utf-8") == as_json(dashboard)


def test_the_dashboards_ask_the_provisioned_source_as_the_analyst() -> None:
    text = (Path("infra/grafana/provisioning/datasources/rollcall.yaml")).read_text("utf-8")
    assert "uid: rollcall\n" in text and "username: rollcall_analyst\n" in text
    assert "password: $__file{/run/secrets/clickhouse_analyst_password}" in text
    user = Path("infra/docker/analyst.xml").read_text("utf-8")
    assert re.findall(r"<query>(.*)</query>", user) == ["GRANT SELECT ON rollcall.reporting_*"]
