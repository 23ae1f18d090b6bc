"""The published Ed-Fi sample year of Grand Bend: the connector's records, counted by the slow reading."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from infra.intake.events import Event, Notice, Record
from infra.intake.read import read_paths
from infra.intake.tally import Tally
from models.columns import Kind
from tests.reference.reading import known_columns
from tests.reference.reference import evaluate

DATA = Path(__file__).parents[3] / "shared/data/edfi_grand_bend"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public sample data is not beside the repository"
)


@pytest.fixture(scope="module")
def call() -> tuple[list[Event], Tally]:
    tally = Tally()
    return list(read_paths([DATA], "edfi", tally=tally)), tally


def test_every_event_and_date_is_a_record(call: tuple[list[Event], Tally]) -> None:
    _, tally = call
    assert not tally.refused
    assert tally.kinds == {
        Kind.ATTENDANCE: 1917,
        Kind.CALENDAR: 834,
        Kind.STUDENT: 960,
        Kind.ENROLLMENT: 227,
        Kind.SCHOOL: 3,
        Kind.CODE: 4,
        Kind.SUBMISSION: 531,
    }


def test_what_is_odd_and_what_was_assumed_is_said(call: tuple[list[Event], Tally]) -> None:
    said = "\n".join(event.text for event in call[0] if isinstance(event, Notice))
    for text in (
        "without EventDuration: 67, of which 0 mean absent",
        "several events: 1;",
        "no school days: 3;",
        "no enrollments for 227 students",
        "estimated from the birth date for 227 students",
        "complete up to 2011-05-27: 531 school days",
        "DERIVED_calendar_2010-11.csv",
        "InterchangeDescriptors is not needed",
        "edfi is taken; give --district",
    ):
        assert text in said


def test_the_standings_of_the_year_are_those_of_the_published_data(call: tuple[list[Event], Tally]) -> None:
    rows: dict[Kind, list[dict[str, str]]] = {}
    for event in call[0]:
        if isinstance(event, Record):
            rows.setdefault(event.kind, []).append(dict(event.held.given))
    files = {}
    for kind, given in rows.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, known_columns(kind.value))
        writer.writeheader()
        writer.writerows(given)
        files[f"{kind.value}.csv"] = out.getvalue().encode()
    result = evaluate(files)
    assert not result.refused and not result.set_aside
    standings = [row for row in result.standings("2011-06-30") if row["scope"] == "district"]
    assert len(standings) == 227
    assert {(row["enrolled_days"], row["unreported_days"]) for row in standings} == {("177", "0")}
    absent = [int(row["absent_days"]) for row in standings]
    assert sum(days > 0 for days in absent) == 192
    assert sum(10 * days >= 177 for days in absent) == 42
    assert sum(5 * days >= 177 for days in absent) == 0
    assert sum(20 * days >= 177 > 10 * days for days in absent) == 54


def test_two_readings_give_the_same_records(call: tuple[list[Event], Tally]) -> None:
    assert list(read_paths([DATA], "edfi")) == call[0]
