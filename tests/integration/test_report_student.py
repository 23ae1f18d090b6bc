"""`rollcall report student`: complete, printable, escaped, noted, and never on standard error or in a log."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support.command import Rollcall
from tests.support.town import DAYS, TIME, attendance, csv, write_town

CANARY = "CANARY7f3a"
NAME = f"<script>alert(1)</script>{CANARY}"
WORDS = (
    "report", "student", "--requested-by", "P. Rent, parent", "--purpose", "inspection under FERPA",
    "--made-by", "R. Roe <office>",
)  # fmt: skip


@pytest.fixture(scope="module")
def rollcall(tmp_path_factory: pytest.TempPathFactory) -> Rollcall:
    """Mia was absent four times, one of them corrected twice; a record of hers has an unmapped code."""
    home = tmp_path_factory.mktemp("home")
    held = Rollcall(home, extra={"ROLLCALL_LOG_LEVEL": "DEBUG"})
    town = write_town(home / "town")
    names = "district_id,student_id,first_name,last_name,meals,race_ethnicity,recorded_at"
    (town / "students.csv").write_text(csv(names, [f"D,mia,{NAME},Q & R,free,White,{TIME}"]))
    prior = "district_id,student_id,school_year,enrolled_days,absent_days,recorded_at"
    (town / "prior.csv").write_text(
        csv(prior, [f"D,mia,2020-21,180,20,{TIME}", f"D,tom,2020-21,180,3,{TIME}"])
    )
    (town / "attendance.csv").write_text(
        attendance(*(f"mia,{day},U" for day in DAYS[:4]), f"tom,{DAYS[0]},U", f"mia,{DAYS[4]},X")
    )
    held.run("ingest", town, status=3)
    held.catch_up()
    columns = "district_id,school_id,student_id,date,code,recorded_at"
    (town / "later.csv").write_text(csv(columns, [f"D,A,mia,{DAYS[0]},E,2021-09-20T08:00:00Z"]))
    (town / "latest.csv").write_text(csv(columns, [f"D,A,mia,{DAYS[0]},P,2021-09-21T08:00:00Z"]))
    held.run("ingest", town / "later.csv")
    held.run("ingest", town / "latest.csv")
    held.catch_up()
    return held


def made(rollcall: Rollcall, out: Path, *more: str, student: str = "mia") -> str:
    done = rollcall.run(*WORDS, "--student", student, "--as-of", "2021-12-15", "--out", out, *more)
    assert done.stdout == "" and CANARY not in done.stderr and student not in done.stderr
    assert out.stat().st_mode & 0o077 == 0
    return out.read_text()


def test_the_record_is_whole(rollcall: Rollcall, tmp_path: Path) -> None:
    held = json.loads(made(rollcall, tmp_path / "mia.json", "--format", "json"))
    assert {row["field"]: row["value"] for row in held["student_record"]}["first_name"] == NAME
    assert [row["entry_date"] for row in held["enrollments"]] == [DAYS[0]]
    assert [(row["absent_days"], row["enrolled_days"]) for row in held["prior_years"]] == [("20", "180")]
    days = {row["date"]: row for row in held["days"]}
    assert [(day, days[day]["day"], days[day]["class"]) for day in DAYS] == [
        (DAYS[0], "in attendance", ""),
        *((day, "absent", "unexcused") for day in DAYS[1:4]),
        (DAYS[4], "in attendance", ""),
    ]
    assert (days[DAYS[0]]["codes"], days[DAYS[0]]["recorded_at"]) == ("P", "2021-09-21T08:00:00Z")
    [district, school] = held["standings"]
    rows = rollcall.rows("standings", "--as-of", "2021-12-15", "--student", "mia")
    assert {row["scope"]: row["absent_days"] for row in rows} == {
        held["scope"]: held["absent_days"] for held in (district, school)
    }
    first = [(row["code"], row["state"], row["meaning"]) for row in held["records"] if row["date"] == DAYS[0]]
    assert first == [
        ("P", "live", "in attendance"),
        ("E", "superseded", "absent, excused"),
        ("U", "superseded", "absent, unexcused"),
    ]
    assert [row["state"] for row in held["records"] if row["date"] == DAYS[4]] == ["set aside"]
    assert [row["reason"] for row in held["refused"]] == ["unmapped_code"]
    told = {row["rule"]: row for row in held["alerts"]}
    exported = rollcall.rows("alerts", "--student", "mia")
    assert {row["alert_id"] for row in exported} == {row["alert_id"] for row in held["alerts"]}
    assert told["truancy_month"]["condition"] == "withdrawn"
    assert told["truancy_month"]["dates"] == " ".join(DAYS[:4])
    changes = [row["change"] for row in held["alert_history"] if row["rule"] == "truancy_month"]
    assert changes == ["opened", "withdrawn"]
    assert "tom" not in json.dumps(held)


class Tags(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_loads_nothing_runs_nothing_and_can_be_printed(rollcall: Rollcall, tmp_path: Path) -> None:
    text = made(rollcall, tmp_path / "mia.html")
    page = Tags()
    page.feed(text)
    assert not {"script", "img", "link", "iframe", "a", "form", "object"} & set(page.tags)
    assert not {"src", "href", "onload", "style"} & {name for name, _ in page.attributes}
    assert "url(" not in text and "@import" not in text and "default-src 'none'" in text
    assert "@media print" in text and text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert NAME in page.text and "Q & R" in page.text
    assert page.tags.count("caption") == page.tags.count("table") > 5
    assert "Generated 20" in page.text and page.text.rstrip().endswith("by R. Roe <office>")


def test_a_disclosure_is_noted_without_the_name(rollcall: Rollcall, tmp_path: Path) -> None:
    file = rollcall.home / "disclosures.jsonl"
    before = file.read_text() if file.exists() else ""
    made(rollcall, tmp_path / "a.html")
    made(rollcall, tmp_path / "b.html", student="tom")
    after = file.read_text()
    assert after.startswith(before) and CANARY not in after
    said = [json.loads(line) for line in after[len(before) :].splitlines()]
    assert [note["student_id"] for note in said] == ["mia", "tom"]
    assert said[0]["requested_by"] == "P. Rent, parent" and said[0]["purpose"] == "inspection under FERPA"
    assert said[0]["made_by"] == "R. Roe <office>" and said[0]["at"].endswith("+00:00")
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_goes_out_without_a_note(rollcall: Rollcall, tmp_path: Path) -> None:
    out = tmp_path / "x.html"
    words = (*WORDS, "--student", "mia", "--out", out)
    assert "--purpose is blank" in rollcall.run(*words, "--purpose", " ", status=2).stderr
    file = rollcall.home / "disclosures.jsonl"
    held = file.read_bytes() if file.exists() else b""
    file.unlink(missing_ok=True)
    file.mkdir()
    try:
        done = rollcall.run(*words, status=1)
    finally:
        file.rmdir()
        file.write_bytes(held)
        file.chmod(0o600)
    assert "cannot be noted" in done.stderr and not out.exists()


def test_somebody_who_is_not_known_is_told_without_the_id_and_not_noted(
    rollcall: Rollcall, tmp_path: Path
) -> None:
    file = rollcall.home / "disclosures.jsonl"
    before = file.read_bytes() if file.exists() else b""
    done = rollcall.run(*WORDS, "--student", CANARY, "--out", tmp_path / "x.html", status=2)
    assert "nothing is held" in done.stderr and CANARY not in done.stderr
    assert (file.read_bytes() if file.exists() else b"") == before
    assert not (tmp_path / "x.html").exists()
