"""The demo's own decisions: which folder it empties, what it publishes, what it shows and in which words."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from alerts.rules import RULES
from infra.demo import messages
from infra.demo.chosen import Chosen
from infra.demo.home import MARKER, HomeRefused, begun_anew
from infra.demo.people import CAST, Directory
from infra.demo.words import percent, title, told
from infra.simulator.district import District
from streams.alerts_message import AlertEvent
from streams.event_log import Message
from streams.judging import judge
from streams.topics import RECORDS


@pytest.fixture(scope="module")
def district() -> District:
    return District(students=200, schools=4)


@pytest.fixture(scope="module")
def people(district: District) -> Directory:
    return Directory(district)


def event(**given: Any) -> AlertEvent:
    usual = AlertEvent(
        "e", "a", 0, "opened", "nutmeg", "district", "", "E01", "cast-ana", "2021-22", "tier_3", "2022-02-09",
        "", 102, 21, ["2022-02-08", "2022-02-09"], "standing", "contract-1", "2022-02-09", 7,
    )  # fmt: skip
    return usual._replace(**given)


def test_a_home_is_made_and_emptied_at_the_next_start(tmp_path: Path) -> None:
    home = tmp_path / "var" / "demo"
    with begun_anew(home):
        (home / "log").write_text("old")
        (home / "chdb").mkdir()
        (home / "chdb" / "part").write_text("old")
    with begun_anew(home):
        assert [path.name for path in home.iterdir()] == [MARKER]


def test_what_a_link_in_the_home_leads_to_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "records").write_text("kept")
    home = tmp_path / "demo"
    with begun_anew(home):
        (home / "link").symlink_to(elsewhere)
    with begun_anew(home):
        assert not (home / "link").exists()
    assert (elsewhere / "records").read_text() == "kept"


def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "log.sqlite3").write_text("a year of records")
    with pytest.raises(HomeRefused, match="no demo wrote"), begun_anew(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["log.sqlite3"]


def test_a_second_demo_is_refused_and_the_first_keeps_its_files(tmp_path: Path) -> None:
    with begun_anew(tmp_path):
        (tmp_path / "log").write_text("of the first")
        with pytest.raises(HomeRefused, match="another demo"), begun_anew(tmp_path):
            pass
        assert (tmp_path / "log").read_text() == "of the first"


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")
    with pytest.raises(HomeRefused, match="cannot be used"), begun_anew(tmp_path / "demo"):
        pass


def judged(packed: list[messages.Packed]) -> tuple[list[dict[str, str]], Counter[str], int]:
    """The records that a worker takes from messages, in order, its reasons, and the records said to be in."""
    taken: list[dict[str, str]] = []
    reasons: Counter[str] = Counter()
    for offset, (message, _) in enumerate(packed):
        key, value, headers = message
        found = judge(Message(RECORDS.name, 0, offset, 0, key, value, headers), lambda _: 0)
        taken += [dict(held.given) for held in found.valid.get("nutmeg", [])]
        reasons.update(refused.reason for refused in found.refused)
    return taken, reasons, sum(records for _, records in packed)


@pytest.mark.parametrize("index", [0, 8, 83])
def test_a_day_arrives_whole_and_in_order_in_few_or_many_messages(district: District, index: int) -> None:
    records = [record for _, found in district.day(index) for record in found]
    bad = Counter(row.reason.value for row in district.bad_rows(index))
    small = messages.morning(district, index, 500)
    large = messages.past_day(district, index, 500)
    assert judged(small) == judged(large) == (records, bad, len(records) + bad.total())
    assert len(large) <= len(small)
    assert all(records <= 20 for _, records in messages.past_day(district, index, 20))


def test_a_screen_shows_the_cast_first_and_always_and_two_of_a_sort() -> None:
    chosen = Chosen(3)
    others = [event(student_id=f"S{n}") for n in range(5)]
    shown = chosen.take([*others, event()])
    assert [held.student_id for held in shown] == ["cast-ana", "S0", "S1"]
    assert chosen.take([event(student_id="S6", rule="level_2")])
    assert not chosen.take([event(student_id="S7", rule="rolling")]), "the screen is full"
    assert chosen.take([event(student_id="cast-ben")])
    assert chosen.rest == {("tier_3", "opened"): 3, ("rolling", "opened"): 1}
    assert chosen.seen == 9


def test_an_alert_in_words(people: Directory) -> None:
    assert told(event(), people) == (
        "Ana Ferro, grade 4, Maple Elementary School: missed 21 of 102 days (20.6 %); data through 9 Feb 2022"
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"rule": "consecutive", "dates": ["2022-02-03", "2022-02-04", "2022-02-07"]},
            "absent 3 days in a row: 3 Feb, 4 Feb and 7 Feb 2022;",
        ),
        (
            {
                "rule": "consecutive", "change": "recovered", "recovered_on": "2022-02-10",
                "dates": ["2022-02-07", "2022-02-08", "2022-02-09"],
            },
            "back on 10 Feb 2022, after absent 3 days in a row: 7 Feb, 8 Feb and 9 Feb 2022;",
        ),
        (
            {"change": "recovered", "recovered_on": "2022-02-10"},
            "better since 10 Feb 2022; opened on 9 Feb 2022: missed 21 of 102 days (20.6 %);",
        ),
        ({"change": "reopened"}, "at the line again; first opened on 9 Feb 2022: missed 21 of"),
        ({"change": "withdrawn"}, "corrected records, it no longer holds; it had opened on 9 Feb 2022: "),
        ({"change": "amended"}, "corrected records; opened on 9 Feb 2022: missed 21 of"),
        ({"rule": "prior_year_tier_3"}, "missed 21 of 102 days (20.6 %) last year;"),
        ({"rule": "truancy_month"}, "2 unexcused days within a month: 8 Feb and 9 Feb 2022;"),
        ({"rule": "habitual_truant"}, "2 unexcused days this year, the last on 9 Feb 2022;"),
        ({"rule": "rolling"}, "missed 2 of the last 20 days, 21 of 102 days (20.6 %) this year;"),
        ({"rule": "rolling", "enrolled_days": 12}, "missed 2 of the last 12 days, "),
        ({"rule": "mhw_day"}, "a mental health wellness day on 9 Feb 2022; a moment to offer support;"),
        ({"rule": "mhw_over_limit"}, "a wellness day on 9 Feb 2022, after the 2 of this year;"),
        ({"scope": "school", "school_id": "E02"}, "(at Oak Elementary School alone): missed 21"),
        ({"rule": "a_rule_to_come"}, "missed 21 of 102 days (20.6 %);"),
    ],
)  # fmt: skip
def test_each_change_and_rule_has_its_words(people: Directory, given: dict[str, Any], words: str) -> None:
    assert words in told(event(**given), people)


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_rule_has_a_title_and_can_be_told(people: Directory, rule: str) -> None:
    assert title(rule) != rule.replace("_", " "), "a title of its own"
    assert told(event(rule=rule), people).startswith("Ana Ferro, grade 4, Maple Elementary School: ")


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(10, 98, "10.2 %"), (1, 8, "12.5 %"), (1, 16, "6.3 %"), (20, 20, "100.0 %")]
)
def test_a_share_is_rounded_half_up(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


def test_a_student_is_shown_at_the_school_of_the_day(people: Directory) -> None:
    def school(day: date | None) -> str:
        return people.who("cast-carla", day).rpartition(", ")[2]

    assert school(date(2021, 11, 12)) == "Maple Elementary School"
    assert school(date(2021, 11, 15)) == "Oak Elementary School"
    assert school(None) == "Maple Elementary School"
    assert people.who("cast-hana", None).startswith("Hana Sato, pre-kindergarten, ")
    assert people.who("cast-max", date(2022, 2, 1)) == "Max Oduya, grade 9, Maple High School"


def test_the_cast_is_marked_by_its_ids() -> None:
    assert "cast-ana" in CAST
    assert len(CAST) == 15
