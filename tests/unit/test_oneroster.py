"""OneRoster CSV into canonical records, on examples worked by hand."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from infra.connectors.oneroster_stays import Span, merged
from models.columns import Kind
from tests.support.events import events_of, given, notices, refusals
from tests.support.sis_files import oneroster, table

HEAD = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,beginDate,endDate"
LATE = "2021-10-01T08:00:00.000Z"


def test_a_whole_export_gives_schools_students_and_stays(tmp_path: Path) -> None:
    events = events_of(tmp_path / "in", oneroster(), "oneroster")
    assert not refusals(events)
    assert given(events, Kind.SCHOOL) == [
        {
            "district_id": "0042",
            "school_id": "11",
            "name": "North, Upper",
            "recorded_at": "2000-07-01T00:00:00Z",
        }
    ]
    assert given(events, Kind.STUDENT) == [
        {
            "district_id": "0042", "student_id": "0007", "first_name": "Ann", "last_name": "Lee",
            "birthdate": "2012-03-04", "gender": "F", "race_ethnicity": "Asian",
            "recorded_at": "2000-07-01T00:00:00Z",
        },
        {
            "district_id": "0042", "student_id": "0008", "first_name": "Bo", "last_name": "Day",
            "birthdate": "2016-03-04", "gender": "M", "race_ethnicity": "Hispanic/Latino of any race",
            "recorded_at": "2000-07-01T00:00:00Z",
        },
    ]  # fmt: skip
    assert given(events, Kind.ENROLLMENT) == [
        {
            "district_id": "0042", "school_id": "11", "student_id": "0007", "grade": "04",
            "entry_date": "2021-09-01", "recorded_at": "2021-09-01T00:00:00Z", "event_id": "0",
        },
        {
            "district_id": "0042", "school_id": "11", "student_id": "0008", "grade": "K",
            "entry_date": "2021-09-02", "recorded_at": "2021-09-02T00:00:00Z", "event_id": "0",
        },
    ]  # fmt: skip
    assert len(given(events, Kind.ATTENDANCE)) == 4 and len(given(events, Kind.CALENDAR)) == 5
    said = notices(events)
    for text in (
        "OneRoster has no attendance and no calendar",
        "a whole file (bulk)",
        "enrollment rows without dateLastModified: 3",
        "users of whom no file says that they are students: 1",
        "classes.csv: columns of classes that are not read: status, dateLastModified, title",
    ):
        assert text in said
    assert "Ann" not in said


def test_students_of_version_1_2_are_told_by_their_roles(tmp_path: Path) -> None:
    files = {
        "users.csv": table(
            "sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,grades,primaryOrgSourcedId",
            "0007,,,true,ann,Ann,Lee,04,11",
            "t1,,,true,tea,Tea,Cher,,11",
        ),
        "roles.csv": table(
            "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId",
            "r1,,,0007,primary,student,,,11",
            "r2,,,t1,primary,teacher,,,11",
        ),
    }
    events = events_of(tmp_path / "in", files, "oneroster")
    assert [(row["district_id"], row["student_id"]) for row in given(events, Kind.STUDENT)] == [
        ("oneroster", "0007")
    ]
    assert "oneroster is taken; give --district" in notices(events)


def test_changes_are_records_of_their_own_and_status_deletes(tmp_path: Path) -> None:
    files = oneroster()
    files["manifest.csv"] = files["manifest.csv"].replace(b"bulk", b"delta")
    del files["demographics.csv"]
    files["users.csv"] = files["users.csv"].replace(b"0008,,,", f"0008,tobedeleted,{LATE},".encode())
    files["enrollments.csv"] = table(
        HEAD,
        f"e1,active,{LATE},hr,11,0007,student,,2021-09-30",
        f"e2,tobedeleted,{LATE},hr,11,0008,student,2021-09-02,",
        "e3,tobedeleted,,hr,11,0008,student,2021-09-02,",
        f"e4,active,{LATE},math,11,0007,student,2021-09-01,",
    )
    events = events_of(tmp_path / "in", files, "oneroster")
    assert [(row["student_id"], row["entry_date"], row.get("exit_date"), row.get("op"), row["recorded_at"])
            for row in given(events, Kind.ENROLLMENT)] == [
        ("0007", "2021-09-01", "2021-09-30", None, LATE),
        ("0008", "2021-09-02", None, "delete", LATE),
    ]  # fmt: skip
    # Without its demographics the student's record would lose the birth date that an earlier call gave.
    assert [(row["student_id"], row["op"]) for row in given(events, Kind.STUDENT)] == [("0008", "delete")]
    assert refusals(events) == [("enrollments.csv", 4, "enrollment", "missing_value", "dateLastModified")]
    said = notices(events)
    assert "no homeroom of this call: 1" in said and "users and demographics alone: 1" in said


def test_what_is_wrong_is_refused_by_the_names_of_the_files(tmp_path: Path) -> None:
    files = oneroster()
    files["enrollments.csv"] = table(
        HEAD,
        "e1,,,hr,11,0009,student,2021-09-01,",
        "e2,,,hr,11,0007,student,01-09-2021,",
        "e3,,,x,11,0008,student,,",
        "e4,,,hr,11,0007,student,2021-09-01,,,,",
        "e5,,,hr,,0007,student,2021-09-01,",
        f"e6,tobedeleted,{LATE},hr,11,0007,student,2021-09-01,",
        "e7,,,hr,11,0007,student,9/1/2021,6/15/2022",
    )
    files["users.csv"] = files["users.csv"].replace(b",KG,", b',"09,10",')
    files["orgs.csv"] += b'12,,,"broken" name,school,,0042\n'
    files["demographics.csv"] = b"sourcedId,sex\n0007,male\n"
    files["results.csv"] = b"sourcedId,score\n"
    files["notes.csv"] = b"when,what\n"
    files["latin.csv"] = "sourcedId,größe\n".encode("latin-1")
    files["empty.csv"] = b""
    events = events_of(tmp_path / "in", files, "oneroster")
    assert sorted(refusals(events)) == [
        ("demographics.csv", 1, "", "missing_column", "birthDate"),
        ("empty.csv", 1, "", "not_csv", ""),
        ("enrollments.csv", 2, "enrollment", "missing_value", "users.grades"),
        ("enrollments.csv", 3, "enrollment", "bad_date", "beginDate"),
        ("enrollments.csv", 4, "enrollment", "missing_value", "beginDate"),
        ("enrollments.csv", 5, "", "not_csv", ""),
        ("enrollments.csv", 6, "enrollment", "missing_value", "schoolSourcedId"),
        ("enrollments.csv", 7, "enrollment", "bad_value", "status"),
        ("latin.csv", 1, "", "not_utf8", ""),
        ("notes.csv", 1, "", "unknown_kind", ""),
        ("orgs.csv", 4, "", "not_csv", ""),
    ]
    assert [row["exit_date"] for row in given(events, Kind.ENROLLMENT)] == ["2022-06-15"]
    assert "results.csv: it is not needed" in notices(events)


def test_a_user_in_two_grades_is_refused(tmp_path: Path) -> None:
    files = oneroster()
    files["users.csv"] = files["users.csv"].replace(b",KG,", b',"09,10",')
    events = events_of(tmp_path / "in", files, "oneroster")
    assert refusals(events) == [
        ("enrollments.csv", 4, "enrollment", "bad_value", "users.grades"),
        ("enrollments.csv", 5, "enrollment", "bad_value", "users.grades"),
    ]


def test_a_no_show_of_a_whole_export_is_given_as_one(tmp_path: Path) -> None:
    files = oneroster()
    files["enrollments.csv"] = table(
        HEAD,
        "e1,,,hr,11,0007,student,2021-09-01,2021-08-31",
        "e2,,,math,11,0008,student,2021-09-02,2021-09-01",
        "e3,,,art,11,0008,student,2021-09-02,",
    )  # fmt: skip
    stays = given(events_of(tmp_path / "in", files, "oneroster"), Kind.ENROLLMENT)
    assert [(row["student_id"], row["entry_date"], row.get("exit_date")) for row in stays] == [
        ("0007", "2021-09-01", "2021-08-31"),
        ("0008", "2021-09-02", None),
    ]


FIRST = date(2021, 9, 1)
SPANS = st.lists(st.tuples(st.integers(0, 20), st.one_of(st.none(), st.integers(-1, 6))), max_size=8)


@hypothesis_given(SPANS)
def test_merged_stays_cover_the_days_of_the_classes_and_no_others(
    lengths: list[tuple[int, int | None]],
) -> None:
    def day(number: int) -> str:
        return (FIRST + timedelta(days=number)).isoformat()

    spans = [
        Span(day(begin), "" if length is None else day(begin + length), "", at)
        for at, (begin, length) in enumerate(lengths)
    ]
    stays = list(merged(spans))
    for number in range(40):
        inside = any(
            begin <= number and (length is None or number <= begin + length) for begin, length in lengths
        )
        covered = [
            stay for stay in stays if stay[0] <= day(number) and (not stay[1] or day(number) <= stay[1])
        ]
        assert len(covered) == inside
    for (_, end, _), (begin, _, _) in itertools.pairwise(stays):
        assert end and date.fromisoformat(begin) - date.fromisoformat(end) > timedelta(days=1)


@pytest.mark.parametrize("status", ["active", "tobedeleted"])
def test_without_a_manifest_a_status_says_that_they_are_changes(tmp_path: Path, status: str) -> None:
    files = oneroster()
    del files["manifest.csv"]
    files["enrollments.csv"] = table(HEAD, f"e1,{status},{LATE},hr,11,0007,student,2021-09-01,")
    assert "taken as changes (delta)" in notices(events_of(tmp_path / "in", files, "oneroster"))
