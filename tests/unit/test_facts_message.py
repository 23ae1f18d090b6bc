"""Facts as bytes: what an attended day costs, the codes of some facts, and messages of other versions."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from streams import facts_message
from streams.facts_message import Facts
from streams.outcome import facts_messages

COLUMNS = {"schools", "students", "grades", "days", "classes", "counted"}


def message(facts: Facts) -> dict[str, Any]:
    """The members of a message."""
    held: dict[str, Any] = orjson.loads(facts_message.pack(facts).value or b"")
    return held


def three() -> Facts:
    """An absence, an attended day, a remote one."""
    facts = Facts("D", 2021, 7)
    facts.add("A", "mia", "5", 60, "excused", 1, ("NP", False))
    facts.add("A", "tom", "5", 60, "", 1)
    facts.add("A", "zoe", "5", 60, "", 1, ("DLP", True))
    return facts


def test_days_in_attendance_cost_nothing_more() -> None:
    facts = Facts("D", 2021, 7)
    facts.add_present("A", "5", 60, ["mia", "tom"])
    facts.add_unreported("A", "5", 59, ["mia"])
    facts.add("A", "zoe", "5", 60, "", 1)
    assert message(facts).keys() == {"schema", "district", "year", "version"} | COLUMNS


def test_codes_are_told_by_the_places_of_their_facts() -> None:
    facts = three()
    held = message(facts)
    assert (held["codes"], held["remote"]) == ({"NP": [0], "DLP": [2]}, [2])
    assert facts_message.unpack(facts_message.pack(facts).value or b"") == facts


def test_a_message_of_an_older_version_has_no_codes() -> None:
    held = message(three())
    del held["codes"], held["remote"]
    facts = facts_message.unpack(orjson.dumps(held))
    assert (facts.codes, facts.remote, len(facts)) == ({}, [], 3)


def test_an_older_reader_finds_all_that_it_knows_of() -> None:
    held = message(three())
    assert held["schema"] == 1
    assert {len(held[name]) for name in COLUMNS} == {3}


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_each_part_of_a_long_message_has_its_codes(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr("streams.outcome._FACTS_A_MESSAGE", most)
    facts = Facts("D", 2021, 7)
    for place, code in enumerate(("", "A", "B", "", "A")):
        facts.add("S", f"s{place}", "5", 60, "unknown" if code else "", 1, (code, code == "B"))
    parts = [facts_message.unpack(held.value or b"") for held in facts_messages(facts)]
    found = {}
    for part in parts:
        assert len(part) <= most
        for code, places in part.codes.items():
            for place in places:
                found[part.students[place]] = (code, place in part.remote)
        assert set(part.remote) <= {place for places in part.codes.values() for place in places}
    assert found == {"s1": ("A", False), "s2": ("B", True), "s4": ("A", False)}
    assert [student for part in parts for student in part.students] == facts.students
