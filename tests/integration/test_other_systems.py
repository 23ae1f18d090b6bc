"""Files of other systems through the commands: ingested, processed, and counted as worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Rollcall
from tests.support.sis_files import (
    CATEGORY,
    DAYS,
    aspen,
    edfi_json,
    infinite_campus,
    listed,
    oneroster,
    powerschool,
    table,
    write,
)

COUNTS = (
    "enrolled_days",
    "absent_days",
    "excused_days",
    "unexcused_days",
    "unknown_days",
    "rate_percent",
    "tier",
)


@pytest.fixture
def home(tmp_path: Path) -> Rollcall:
    (tmp_path / "home").mkdir()
    return Rollcall(tmp_path / "home")


def standings(home: Rollcall, as_of: str = DAYS[-1]) -> dict[str, tuple[str, ...]]:
    """The counts of each student in district scope, after all is processed."""
    home.catch_up()
    rows = home.rows("standings", "--as-of", as_of)
    return {
        row["student_id"]: (row["grade"], *(row[name] for name in COUNTS))
        for row in rows
        if row["scope"] == "district"
    }


def test_edfi_json(home: Rollcall, tmp_path: Path) -> None:
    home.run("ingest", write(tmp_path / "one", edfi_json()), "--format", "edfi_json")
    assert standings(home) == {
        "0007": ("4", "5", "2", "1", "1", "0", "40.00", "III"),
        # A day later enrolled; the half day of 8 September is in attendance.
        "0008": ("1", "4", "1", "0", "1", "0", "25.00", "III"),
    }
    # The next download: an event has been changed, another one deleted.
    files = edfi_json()
    key = {"studentUniqueId": "0008", "schoolId": 11, "eventDate": DAYS[3]}
    deleted = {**key, "attendanceEventCategoryDescriptor": CATEGORY + "Unexcused Absence"}
    files["deletes.json"] = listed([{"id": "a", "changeVersion": 9, "keyValues": deleted}])
    events = files["studentSchoolAttendanceEvents.json"].decode().splitlines()
    files["studentSchoolAttendanceEvents.json"] = "\n".join(
        line.replace("0.5", "1.0").replace("T14:00:00Z", "T15:00:00Z")
        for line in events
        if DAYS[3] not in line
    ).encode()
    home.run("ingest", write(tmp_path / "two", files), "--format", "edfi_json")
    assert standings(home) == {
        "0007": ("4", "5", "2", "1", "1", "0", "40.00", "III"),
        "0008": ("1", "4", "1", "1", "0", "0", "25.00", "III"),
    }


def test_oneroster(home: Rollcall, tmp_path: Path) -> None:
    home.run("ingest", write(tmp_path / "in", oneroster()), "--format", "oneroster")
    assert standings(home) == {
        "0007": ("4", "5", "2", "1", "1", "0", "40.00", "III"),
        # In a class from 2 September on; two classes day after day are one stay.
        "0008": ("K", "4", "1", "0", "1", "0", "25.00", "III"),
    }
    # Changes of the next night: 0008 leaves after 3 September, and a student's row is deleted.
    changes = {
        "classes.csv": oneroster()["classes.csv"].replace(b"scheduled", b"homeroom"),
        "users.csv": oneroster()["users.csv"],
        "enrollments.csv": table(
            "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,beginDate,endDate",
            "e3,active,2021-09-09T08:00:00.000Z,math,11,0008,student,2021-09-02,2021-09-03",
            "e4,tobedeleted,2021-09-09T08:00:00.000Z,art,11,0007,student,2021-09-01,",
        ),
    }
    delta = write(tmp_path / "delta", changes)
    home.run("ingest", delta, "--format", "oneroster", "--district", "0042")
    assert standings(home) == {"0008": ("K", "2", "1", "0", "1", "0", "50.00", "III")}


def test_aspen(home: Rollcall, tmp_path: Path) -> None:
    files = write(tmp_path / "in", aspen())
    done = home.run("ingest", files, "--format", "aspen", "--district", "0042")
    assert "codes that mean absent, and the export has no reason: A 2, D.absent 1;" in done.stderr
    assert standings(home) == {
        # Absent on the 1st, of which nobody has said why, and excused on the 2nd.
        "0007": ("7", "5", "2", "1", "0", "1", "40.00", "III"),
        # From the 2nd on: half a day is in attendance, three quarters of the 7th are not.
        "0008": ("7", "4", "1", "0", "0", "1", "25.00", "III"),
    }
    # The district's own code records win, however old.
    codes = table(
        "district_id,code,status,class,recorded_at",
        "0042,A,absent,unexcused,2000-07-01T00:00:00Z",
        "0042,A-E:ILL,absent,mhw,2000-07-01T00:00:00Z",
        "0042,D.absent,in_attendance,,2000-07-01T00:00:00Z",
    )
    home.run("ingest", write(tmp_path / "codes", {"codes.csv": codes}))
    assert standings(home) == {
        "0007": ("7", "5", "2", "0", "1", "0", "40.00", "III"),
        "0008": ("7", "4", "0", "0", "0", "0", "0.00", "I"),
    }


def test_powerschool(home: Rollcall, tmp_path: Path) -> None:
    files = write(tmp_path / "in", powerschool())
    done = home.run("ingest", files, "--format", "powerschool", "--district", "0042")
    assert "not of a whole day: ATT_ModeMeeting 1" in done.stderr
    assert standings(home) == {
        "7": ("4", "5", "2", "0", "0", "2", "40.00", "III"),
        # Enrolled from the 2nd on. The meeting of the 3rd is no day, and a blank code is present.
        "8": ("K", "4", "1", "0", "0", "1", "25.00", "III"),
        # ExitDate is the day after the last: one day at 100, then from the 7th on at 200.
        "9": ("8", "3", "1", "0", "0", "1", "33.33", "III"),
    }
    # The district says what its codes mean, and 8 leaves after the 7th.
    codes = table(
        "district_id,code,status,class,recorded_at",
        "0042,A,absent,unexcused,2000-07-01T00:00:00Z",
        "0042,E,absent,excused,2000-07-01T00:00:00Z",
    )
    home.run("ingest", write(tmp_path / "codes", {"codes.csv": codes}))
    later = powerschool()
    later["students.csv"] = later["students.csv"].replace(b"9/2/2021,6/15/2022", b"9/2/2021,9/8/2021")
    home.run("ingest", write(tmp_path / "later", later), "--format", "powerschool", "--district", "0042")
    assert standings(home) == {
        "7": ("4", "5", "2", "1", "1", "0", "40.00", "III"),
        "8": ("K", "3", "0", "0", "0", "0", "0.00", "I"),
        "9": ("8", "3", "1", "0", "1", "0", "33.33", "III"),
    }
    # An export with its date in the name corrects: 7 was late on the 1st, and 8 has stayed after all.
    dated = {name.replace(".", "_2021-10-05."): content for name, content in powerschool().items()}
    dated["attendance_2021-10-05.text"] = dated["attendance_2021-10-05.text"].replace(
        b"31\t501", b"31\t503", 1
    )
    home.run("ingest", write(tmp_path / "dated", dated), "--format", "powerschool", "--district", "0042")
    assert standings(home) == {
        "7": ("4", "5", "1", "1", "0", "0", "20.00", "III"),
        "8": ("K", "4", "1", "0", "1", "0", "25.00", "III"),
        "9": ("8", "3", "1", "0", "1", "0", "33.33", "III"),
    }


def test_infinite_campus(home: Rollcall, tmp_path: Path) -> None:
    files = write(tmp_path / "in", infinite_campus())
    done = home.run("ingest", files, "--format", "infinite_campus", "--district", "0042", status=3)
    assert "nothing clear: EX 1; set aside" in done.stderr
    # A period of 9 on the 8th has no minutes, and is told and left out.
    assert "days without AttDayAggregation: 1 rows; not read" in done.stderr
    assert standings(home) == {
        "7": ("6", "5", "2", "1", "1", "0", "40.00", "III"),
        # Half of the 3rd is in attendance; over half of the 7th is not, though the row says late.
        "8": ("7", "4", "1", "0", "0", "1", "25.00", "III"),
        # Absent on the 7th by the minutes, without a row that says why; gone after it.
        "9": ("7", "4", "1", "0", "0", "1", "25.00", "III"),
    }
    exempt = table("district_id,code,status,class,recorded_at", "0042,EX,absent,excused,2000-07-01T00:00:00Z")
    home.run("ingest", write(tmp_path / "codes", {"codes.csv": exempt}))
    assert standings(home)["8"] == ("7", "4", "2", "1", "0", "1", "50.00", "III")
