"""Bad input through the commands: refused with its reason, neighbours go on, and it comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.exports.refused import listed
from infra.sqlite_log.partition import partition_of
from streams.event_log import Outgoing
from streams.topics import RECORDS
from tests.support.command import Rollcall
from tests.support.logs import append_to, ends, log_of
from tests.support.town import DAYS, TIME, attendance, csv, write_town

NAMES = "district_id,school_id,student_id,date,code,recorded_at"


def reasons(rollcall: Rollcall) -> list[tuple[str, int, str, str]]:
    """What is listed: file, line, reason and field."""
    return [(row["file"], int(row["line"]), row["reason"], row["field"]) for row in rollcall.rows("refused")]


def absences(rollcall: Rollcall) -> dict[str, str]:
    """The absent days of each student in district scope."""
    rows = rollcall.rows("standings", "--as-of", DAYS[-1])
    return {row["student_id"]: row["absent_days"] for row in rows if row["scope"] == "district"}


def test_a_folder_of_bad_files_leaves_good_records_alone(rollcall: Rollcall, tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    good = f"D,A,mia,{DAYS[0]},U,{DAYS[0]}T08:00:00Z"
    long = "x" * 70_000
    (folder / "a.csv").write_text(
        csv(
            NAMES + ",colour",
            [
                good + ",red",
                f"D,A,to m,{DAYS[0]},U,{TIME}",
                f"D,A,to\x07m,{DAYS[0]},U,{TIME}",
                f"D,A,tom,1721-09-01,U,{TIME}",
                f"D,A,tom,{DAYS[0]},U,yesterday",
                f"D,A,tom,{DAYS[0]},,{TIME}",
                f"D,A,tom,{DAYS[1]},ZZ,{TIME}",
                f"D,A,tom,{DAYS[2]},U,{DAYS[2]}T08:00:00Z",
                f'D,A,"tom"x,{DAYS[2]},U,{TIME}',
                good,
            ],
        )
    )
    (folder / "latin.csv").write_bytes(csv(NAMES, ["Müller"]).encode("latin-1"))
    (folder / "empty.csv").write_bytes(b"")
    (folder / "missing.csv").write_text(csv("district_id,student_id,date,code", ["D,mia,2021-09-01,U"]))
    (folder / "what.csv").write_text(csv("colour,size", ["red,1"]))
    (folder / "lines.jsonl").write_text(
        json.dumps({"district_id": "D", "student_id": "mia", "first_name": "Mia", "recorded_at": TIME})
        + "\n{not json\n"
        + json.dumps({"district_id": "D", "student_id": "tom", "first_name": long, "recorded_at": TIME})
        + "\n"
    )
    done = rollcall.run("ingest", folder, status=3)
    assert "unknown" in done.stderr and "colour" in done.stderr
    listed = reasons(rollcall)
    assert listed == [
        ("a.csv", 3, "bad_id", "student_id"),
        ("a.csv", 4, "bad_id", "student_id"),
        ("a.csv", 5, "date_out_of_range", "date"),
        ("a.csv", 6, "bad_time", "recorded_at"),
        ("a.csv", 7, "missing_value", "code"),
        ("a.csv", 8, "unmapped_code", "code"),
        ("a.csv", 10, "not_csv", ""),
        ("empty.csv", 1, "not_csv", ""),
        ("latin.csv", 1, "not_utf8", ""),
        ("lines.jsonl", 2, "not_json", ""),
        ("lines.jsonl", 3, "too_large", ""),
        ("missing.csv", 1, "missing_column", "school_id"),
        ("what.csv", 1, "unknown_kind", ""),
    ]
    assert all(row["message"] for row in rollcall.rows("refused"))
    rollcall.catch_up()
    assert absences(rollcall) == {"mia": "1", "tom": "1"}


def test_what_was_mended_comes_back(rollcall: Rollcall, tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    marks = folder / "marks.csv"
    marks.write_text(attendance(f"mia,{DAYS[0]},U", f"tom,{DAYS[0]},ZZ", f"to m,{DAYS[1]},U"))
    rollcall.run("ingest", folder, status=3)
    rollcall.catch_up()
    assert reasons(rollcall) == [
        ("marks.csv", 3, "unmapped_code", "code"),
        ("marks.csv", 4, "bad_id", "student_id"),
    ]
    assert absences(rollcall) == {"mia": "1", "tom": "0"}

    # A code that is mapped brings its records back by itself.
    mapping = tmp_path / "more-codes.csv"
    mapping.write_text(csv("district_id,code,status,class,recorded_at", [f"D,ZZ,absent,unknown,{TIME}"]))
    rollcall.run("ingest", mapping)
    rollcall.catch_up()
    assert reasons(rollcall) == [("marks.csv", 4, "bad_id", "student_id")]
    assert absences(rollcall) == {"mia": "1", "tom": "1"}

    # What still is wrong stays on the list.
    rollcall.run("retry", status=3)
    assert reasons(rollcall) == [("marks.csv", 4, "bad_id", "student_id")]

    # A file that was mended is read again.
    marks.write_text(marks.read_text().replace("to m", "tom"))
    rollcall.run("retry")
    rollcall.catch_up()
    assert reasons(rollcall) == []
    assert absences(rollcall) == {"mia": "1", "tom": "2"}


def test_another_nights_file_of_the_same_name_mends_nothing(rollcall: Rollcall, tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    marks = folder / "marks.csv"
    marks.write_text(attendance(f"mia,{DAYS[0]},U", f"to m,{DAYS[0]},U"))
    rollcall.run("ingest", folder, status=3)
    marks.write_text(attendance(f"mia,{DAYS[1]},U", f"tom,{DAYS[1]},U"))
    rollcall.run("retry", status=3)
    assert reasons(rollcall) == [("marks.csv", 3, "bad_id", "student_id")]
    rollcall.catch_up()
    assert absences(rollcall) == {"mia": "2", "tom": "1"}


def test_a_newer_version_takes_its_refusal_off_the_list(rollcall: Rollcall, tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town")
    bad = csv(NAMES + ",absent_fraction", [f"D,A,mia,{DAYS[0]},U,{DAYS[0]}T08:00:00Z,half"])
    (folder / "bad.csv").write_text(bad)
    rollcall.run("ingest", folder, status=3)
    assert [row[2:] for row in reasons(rollcall)] == [("bad_value", "absent_fraction")]
    later = tmp_path / "later.csv"
    later.write_text(csv(NAMES, [f"D,A,mia,{DAYS[0]},E,{DAYS[1]}T08:00:00Z"]))
    rollcall.run("ingest", later)
    assert reasons(rollcall) == []


def test_a_folder_with_nothing_usable_and_a_path_that_is_not_there(
    rollcall: Rollcall, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text("nothing")
    assert "no file" in rollcall.run("ingest", tmp_path, status=2).stderr
    assert "there is no file" in rollcall.run("ingest", tmp_path / "gone", status=2).stderr
    assert "format" in rollcall.run("ingest", tmp_path, "--format", "telepathy", status=2).stderr


def submission(district: str, school: str) -> dict[str, str]:
    """A valid record."""
    return {
        "district_id": district,
        "school_id": school,
        "date": DAYS[0],
        "state": "submitted",
        "recorded_at": TIME,
    }


def test_bad_messages_on_the_topic(
    rollcall: Rollcall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    partitioned = Rollcall(rollcall.home, rollcall.broker, {"ROLLCALL_PARTITIONS": "3"})
    partitioned.run("ingest", write_town(tmp_path / "town"))
    marks = attendance(f"mia,{DAYS[0]},U").splitlines()[1].split(",")
    mine = dict(zip(NAMES.split(","), marks, strict=True))
    other = {**submission("D", "A"), "school_id": "a b"}
    value = json.dumps([mine]).encode()
    with log_of(partitioned, monkeypatch) as log:
        home = partition_of(b"D", 3)
        before = ends(log, RECORDS.name)
        append_to(partitioned, log, RECORDS.name, home, Outgoing(b"D", b"{not json"))
        append_to(
            partitioned, log, RECORDS.name, home, Outgoing(b"D", value[:-7], (("kind", b"attendance"),))
        )
        append_to(partitioned, log, RECORDS.name, home, Outgoing(b"D", value, (("schema", b"9"),)))
        append_to(
            partitioned,
            log,
            RECORDS.name,
            home,
            Outgoing(b"D", json.dumps([other, submission("D", "B")]).encode()),
        )
        # On a partition that is not the district's.
        append_to(
            partitioned, log, RECORDS.name, (home + 1) % 3, Outgoing(b"D", value, (("kind", b"attendance"),))
        )
        partitioned.catch_up()
        after = ends(log, RECORDS.name)
    assert sum(after.values()) - sum(before.values()) == 6, "the record that was astray was sent on"
    first = before[home]
    place = f"{RECORDS.name}/{home}"
    assert reasons(partitioned) == [
        (place, first, "not_json", ""),
        (place, first + 1, "not_json", ""),
        (place, first + 2, "newer_schema", ""),
        (place, first + 3, "bad_id", "school_id"),
    ]
    assert absences(partitioned) == {"mia": "1", "tom": "0"}
    partitioned.run("retry", status=3)
    assert len(reasons(partitioned)) == 4


def test_when_everything_is_refused_the_worker_stops_and_says_why(
    rollcall: Rollcall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    braked = Rollcall(rollcall.home, rollcall.broker, {"ROLLCALL_BRAKE_AFTER": "5"})
    braked.run("ingest", write_town(tmp_path / "town"))
    with log_of(braked, monkeypatch) as log:
        log.append(RECORDS.name, [Outgoing(b"D", b"not json %d" % number) for number in range(40)])
        first = braked.run("run", "--until-caught-up", status=1)
        assert "5 messages in a row were wholly refused" in first.stderr
        assert "not_json" in first.stderr
        letters = listed(log)
        assert len(letters) == 4
        # Whoever starts it again and again does not empty the topic into the dead letters.
        for _ in range(2):
            braked.run("run", "--until-caught-up", status=1)
        assert listed(log) == letters
