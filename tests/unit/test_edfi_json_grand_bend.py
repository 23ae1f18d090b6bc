"""Grand Bend once more, as an Ed-Fi API would answer it: the same records and standings as from the XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.connectors.edfi_gather import events_of
from infra.files.source import opened
from infra.files.xml_nodes import Node, nodes
from infra.intake.events import Event, Record
from infra.intake.read import read_paths
from models.columns import Kind
from tests.reference.reference import evaluate
from tests.support.sis_files import CALENDAR_EVENT, CATEGORY, listed
from tests.support.written import as_files

DATA = Path(__file__).parents[3] / "shared/data/edfi_grand_bend"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public sample data is not beside the repository"
)


def elements(name: str, file: str) -> list[Node]:
    with opened(DATA / file) as source:
        source.scan()
        return [node for node in nodes(source) if node.name == name]


def as_events() -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for node in elements("StudentSchoolAttendanceEvent", "StudentSchoolAttendance_ds3.2_2010-11.xml"):
        school = (node.child("SchoolReference") or node).value("SchoolId")
        duration = node.value("EventDuration")
        category = node.value("AttendanceEventCategory").rpartition("#")[2]
        made.append(
            {
                "schoolReference": {"schoolId": int(school)},
                "studentReference": {"studentUniqueId": node.value("StudentUniqueId")},
                "eventDate": node.value("EventDate"),
                "attendanceEventCategoryDescriptor": CATEGORY + category,
                "eventDuration": int(duration) if duration else None,
            }
        )
    return made


def as_dates() -> list[dict[str, object]]:
    return [
        {
            "calendarReference": {
                "schoolId": int(node.value("StateOrganizationId", "SchoolId")),
                "calendarCode": "M",
            },
            "date": node.value("Date"),
            "calendarEvents": [
                {"calendarEventDescriptor": CALENDAR_EVENT + event} for event in events_of(node)
            ],
        }
        for node in elements("CalendarDate", "EducationOrgCalendar_ds2.2_2010-11.xml")
    ]  # fmt: skip


def as_students() -> list[dict[str, object]]:
    return [
        {
            "studentUniqueId": node.value("StudentUniqueId"),
            "firstName": (node.child("Name") or node).value("FirstName"),
            "lastSurname": (node.child("Name") or node).value("LastSurname"),
            "birthDate": node.value("BirthDate"),
        }
        for node in elements("Student", "Student_ds3.2.xml")
    ]


def rows(events: list[Event]) -> dict[Kind, list[dict[str, str]]]:
    found: dict[Kind, list[dict[str, str]]] = {}
    for event in events:
        if isinstance(event, Record):
            found.setdefault(event.kind, []).append(dict(event.held.given))
    return found


def test_the_api_s_json_gives_the_standings_of_the_xml(tmp_path: Path) -> None:
    events = as_events()
    for number in range(0, len(events), 500):
        (tmp_path / f"events-{number}.json").write_bytes(listed(events[number : number + 500]))
    (tmp_path / "dates.json").write_bytes(listed(as_dates()))
    (tmp_path / "students.json").write_bytes(listed(as_students()))
    from_api = rows(list(read_paths([tmp_path], "edfi_json")))
    from_xml = rows(list(read_paths([DATA], "edfi")))
    assert {kind: len(each) for kind, each in from_api.items()} == {
        kind: len(each) for kind, each in from_xml.items()
    }
    result, expected = evaluate(as_files(from_api)), evaluate(as_files(from_xml))
    assert not result.refused and not result.set_aside
    standings = result.standings("2011-06-30")
    assert standings == expected.standings("2011-06-30")
    assert sum(10 * int(row["absent_days"]) >= 177 for row in standings if row["scope"] == "district") == 42
