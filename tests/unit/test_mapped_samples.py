"""Published files of three systems, each through a mapping that is written for it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.intake.events import Event, Record
from infra.intake.read import plan
from infra.mapping.load import parse_mapping
from infra.mapping.proposal.look import look
from infra.mapping.proposal.propose import of_interest, propose
from models.columns import Kind
from tests.unit.test_mapped_csv import given, notices, refused

DATA = Path(__file__).parents[3] / "shared/data"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public sample data is not beside the repository"
)
EXPORTED = "2011-06-01T00:00:00Z"
LATER = "2025-09-01T00:00:00Z"

GRAND_BEND = """
district = "255901"
codes_recorded_at = "2010-08-01T00:00:00Z"
[[codes]]
code = "EA"
written = "Excused Absence"
status = "absent"
class = "excused"
[[codes]]
code = "UA"
written = "Unexcused Absence"
status = "absent"
class = "unexcused"
[[codes]]
code = "Tardy"
status = "in_attendance"

[[files]]
name = "*attendance_events*.csv"
kind = "attendance"
[files.columns]
student_id = "student_unique_id"
school_id = "school_id"
date = "event_date"
code = "attendance_event_category"
record_id = { column = "attendance_event_category", values = { "Excused Absence" = "EA", \
"Unexcused Absence" = "UA" }, others = "keep" }
absent_fraction = "event_duration"

[[files]]
header = ["school_id", "date", "calendar_event"]
kind = "calendar"
[files.columns]
school_id = "school_id"
date = "date"
[files.columns.kind]
column = "calendar_event"
values = { "Instructional day" = "instructional", "Holiday" = "holiday" }
"""

GENERATED = """
district = "255901"
[[files]]
name = "CalendarDate.csv"
kind = "calendar"
[files.columns]
school_id = "CalendarReference.CalendarIdentity.SchoolReference.SchoolIdentity.SchoolId"
date = { column = "Date", format = "%m/%d/%y %H:%M" }
[files.columns.kind]
column = "CalendarEvent"
[files.columns.kind.values]
"uri://ed-fi.org/CalendarEventDescriptor#Instructional day" = "instructional"
"uri://ed-fi.org/CalendarEventDescriptor#Weather day" = "weather"
"uri://ed-fi.org/CalendarEventDescriptor#Holiday" = "holiday"
"uri://ed-fi.org/CalendarEventDescriptor#Teacher only day" = "teacher_only"
"uri://ed-fi.org/CalendarEventDescriptor#Make-up day" = "make_up"
"""

ASPEN = """
district = "0042"
nulls = ["NULL"]
yes = "1"
no = "0"
[[files]]
name = "attendance_dump.csv"
kind = "attendance"
escape = "\\\\"
[files.columns]
school_id = "'ATT_SKL_OID'"
student_id = "'ATT_STD_OID'"
date = "'ATT_DATE'"
code = "'ATT_CODE_VIEW'"
absent_fraction = "'ATT_PORTION_ABSENT'"
recorded_at = { column = "'ATT_LAST_MODIFIED'", default = "exported_at" }

[[files]]
name = "fake_students_export.csv"
kind = "student"
[files.columns]
student_id = "local_id"
last_name = "full_name"
birthdate = "date_of_birth"
language = "home_language"
gender = "gender"
race_ethnicity = "race"
counselor = "counselor"
[files.columns.meals]
column = "free_reduced_lunch"
values = { "Not Eligible" = "paid", "Free Lunch" = "free", "Reduced Lunch" = "reduced" }

[[files]]
name = "fake_students_export.csv"
kind = "enrollment"
[files.columns]
student_id = "local_id"
school_id = "school_local_id"
grade = "grade"
entry_date = "registration_date"
[[files.skip]]
column = "enrollment_status"
is_not = "Active"
"""


def read(mapping: str, *paths: str, exported_at: str = EXPORTED) -> list[Event]:
    known = parse_mapping(mapping, "m.toml")
    files = [DATA / path for path in paths]
    return list(plan(files, "csv").events(mapping=known, exported_at=exported_at))


def test_grand_bend_attendance_and_calendar() -> None:
    folder = "edfi_grand_bend"
    events = read(
        GRAND_BEND,
        f"{folder}/DERIVED_attendance_events_2010-11.csv",
        f"{folder}/DERIVED_calendar_2010-11.csv",
    )
    assert not refused(events)
    codes = Counter(each["code"] for each in given(events, Kind.ATTENDANCE))
    assert codes == {"EA": 1077, "UA": 773, "Tardy": 66, "Partial": 1}
    days = Counter((each["school_id"], each["kind"]) for each in given(events, Kind.CALENDAR))
    assert set(days.values()) == {177, 101}
    assert len(days) == 6


def test_the_generated_calendars_with_their_american_dates() -> None:
    events = read(GENERATED, "edfi_sample_generator/CalendarDate.csv", exported_at="2016-08-01T00:00:00Z")
    assert not refused(events)
    days = given(events, Kind.CALENDAR)
    assert len(days) == 930
    assert min(each["date"] for each in days) == "2016-08-22"
    assert {"date": "2016-08-22", "kind": "weather"}.items() <= days[0].items()


def test_the_export_of_aspen_with_its_escapes_and_nulls() -> None:
    events = read(
        ASPEN, "aspen_x2/attendance_dump.csv", "aspen_x2/fake_students_export.csv", exported_at=LATER
    )
    assert not refused(events)
    marks = given(events, Kind.ATTENDANCE)
    assert [(each["code"], each["date"], each["recorded_at"]) for each in marks] == [
        ("T-E", "2005-05-03", LATER)
    ] * 2
    assert {each["absent_fraction"] for each in marks} == {"0"}
    assert len(given(events, Kind.STUDENT)) == 5
    assert [each["grade"] for each in given(events, Kind.ENROLLMENT)][:2] == ["07", "10"]
    assert len([each for each in events if isinstance(each, Record)]) == 2 + 5 + 5
    assert "not read" in notices(events)


def test_the_proposal_for_each_published_file_reads_it() -> None:
    paths = (
        "edfi_grand_bend/DERIVED_attendance_events_2010-11.csv",
        "edfi_grand_bend/DERIVED_calendar_2010-11.csv",
        "edfi_sample_generator/CalendarDate.csv",
        "aspen_x2/attendance_dump.csv",
        "aspen_x2/fake_students_export.csv",
    )
    now = datetime(2024, 8, 20, tzinfo=UTC)
    told = propose([look(DATA / path, of_interest) for path in paths], "0042", now)
    assert "It reads files as it is" in told
    assert '# disability = "disability"  # FILL IN' in told
    for word in ("Fake Student", "1000000000", "605250", "MTHR", "LABERGE"):
        assert word not in told
    events = read(told, *paths, exported_at=LATER)
    assert not refused(events)
    assert Counter(each.kind.value for each in events if isinstance(each, Record)) == {
        "attendance": 1917 + 2,
        "calendar": 834 + 930,
        "code": 4,
        "enrollment": 5,
        "student": 5,
    }
