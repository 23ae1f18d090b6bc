"""What a message leads to, in order, and how a stream of refusals is noticed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from models.columns import Kind
from models.ledger.groups import facts_form_key, group_key
from models.policy import contract
from streams import alerts_message, facts_message
from streams.event_log import Message
from streams.processor import Plan, Processor


class Store(dict[bytes, bytes]):
    """The state, as a dict."""

    def keys_of(self, district: str) -> Iterator[bytes]:
        """The keys of a district."""
        return iter([key for key in self if key.decode().split("\x1f")[0] == district])


TIME = "2021-08-01T00:00:00Z"


def rows(kind: str, *given: dict[str, str]) -> tuple[bytes, str]:
    """A message's value and kind."""
    return json.dumps([{"district_id": "D", "recorded_at": TIME, **held} for held in given]).encode(), kind


DAYS = ("2021-09-01", "2021-09-02", "2021-09-03")
AT_S = {"school_id": "S"}
MIA = {**AT_S, "student_id": "mia"}
TOWN = [
    rows("code", {"code": "A", "status": "absent", "class": "excused"}),
    rows("calendar", *({**AT_S, "date": day, "kind": "instructional"} for day in DAYS)),
    rows("enrollment", {**MIA, "grade": "5", "entry_date": "2021-09-01"}),
]


class Run:
    """A processor with its store; `send` applies a message and stores what it leads to."""

    def __init__(self) -> None:
        self.store = Store()
        self.offset = 0
        self.restart()

    def restart(self) -> None:
        """Begin again from the store."""
        self.processor = Processor(self.store, contract, lambda key: 0)

    def plan(self, value: bytes, kind: str) -> Plan:
        """What a message leads to."""
        message = Message("records", 0, self.offset, 0, b"D", value, (("kind", kind.encode()),))
        return self.processor.process(message)

    def send(self, value: bytes, kind: str) -> Plan:
        """Process and store it."""
        plan = self.plan(value, kind)
        self.store.update(dict(plan.writes))
        self.processor.done(plan)
        self.offset += 1
        return plan


@pytest.fixture
def run() -> Run:
    """A town with one student and three school days."""
    made = Run()
    for message in TOWN:
        made.send(*message)
    return made


def absence(*days: str) -> tuple[bytes, str]:
    """Mia is absent."""
    return rows(
        "attendance", *({**MIA, "date": day, "code": "A", "recorded_at": f"{day}T08:00:00Z"} for day in days)
    )


def test_facts_carry_the_offset_and_alerts_their_evidence(run: Run) -> None:
    plan = run.send(*absence(*DAYS))
    (facts,) = [facts_message.unpack(message.value or b"") for message in plan.facts]
    assert (facts.district, facts.year, facts.version) == ("D", 2021, run.offset - 1)
    assert (facts.days, facts.classes, facts.counted) == ([62, 63, 64], ["excused"] * 3, [1, 1, 1])
    events = [event for message in plan.alerts for event in alerts_message.unpack(message.value or b"")]
    (streak,) = [event for event in events if event.rule == "consecutive"]
    assert (streak.change, streak.opened_on, streak.dates) == (
        "opened", "2021-09-03", ["2021-09-01", "2021-09-02", "2021-09-03"],
    )  # fmt: skip
    assert streak.event_id == f"{streak.alert_id}-0"
    assert plan.outcome == "applied"


def test_a_repetition_publishes_and_stores_nothing(run: Run) -> None:
    run.send(*absence(*DAYS))
    again = run.send(*absence(*DAYS))
    assert (again.facts, again.alerts, again.writes, again.outcome) == ([], [], [], "unchanged")


def test_after_a_crash_before_anything_was_stored_the_same_is_published_again(run: Run) -> None:
    first = run.plan(*absence(*DAYS))
    run.restart()
    second = run.plan(*absence(*DAYS))
    assert (second.facts, second.alerts, second.writes) == (first.facts, first.alerts, first.writes)


def test_after_a_crash_between_alerts_and_records_no_alert_is_published_twice(run: Run) -> None:
    first = run.plan(*absence(*DAYS))
    alerts, records = first.writes[:1], first.writes[1:]
    assert alerts[0][0].decode().split("\x1f")[1] == "A" and records
    run.store.update(dict(alerts))
    run.restart()
    second = run.send(*absence(*DAYS))
    assert second.facts == first.facts
    assert second.alerts == []
    assert dict(second.writes) == dict(records)


def test_a_day_that_no_longer_counts_is_said(run: Run) -> None:
    run.send(*absence(DAYS[0]))
    weather = rows(
        "calendar",
        {"school_id": "S", "date": "2021-09-01", "kind": "weather", "recorded_at": "2021-09-02T00:00:00Z"},
    )
    plan = run.send(*weather)
    facts = facts_message.unpack(plan.facts[0].value or b"")
    assert list(zip(facts.days, facts.counted, strict=True)) == [(62, 0)]


def test_an_alert_says_how_many_days_before_it_are_not_reported(run: Run) -> None:
    run.send(*rows("submission", {**AT_S, "date": DAYS[1], "state": "reopened"}))
    plan = run.send(*absence(DAYS[0], DAYS[2]))
    facts = facts_message.unpack(plan.facts[0].value or b"")
    said = zip(facts.days, facts.classes, facts.counted, strict=True)
    assert sorted(said) == [(62, "excused", 1), (63, "unreported", 0), (64, "excused", 1)]
    events = [event for message in plan.alerts for event in alerts_message.unpack(message.value or b"")]
    assert {(event.data_through, event.unreported_days) for event in events} == {("2021-09-03", 1)}
    late = run.send(*rows("submission", {**AT_S, "date": DAYS[1], "state": "submitted",
                                         "recorded_at": "2021-09-04T00:00:00Z"}))  # fmt: skip
    facts = facts_message.unpack(late.facts[0].value or b"")
    assert (facts.days, facts.classes, facts.counted) == ([63], [""], [1])


def test_an_absence_keeps_its_class_where_only_the_grade_of_its_day_is_another(run: Run) -> None:
    run.send(*absence(*DAYS))
    plan = run.send(*rows("enrollment", {**MIA, "grade": "6", "entry_date": DAYS[2]}))
    facts = facts_message.unpack(plan.facts[0].value or b"")
    said = zip(facts.days, facts.grades, facts.classes, facts.counted, strict=True)
    assert list(said) == [(64, "6", "excused", 1)]


def test_refused_messages_in_a_row_are_counted_over_restarts(run: Run) -> None:
    assert run.send(b"not json", "attendance").streak == 1
    run.restart()
    assert run.send(b"not json", "attendance").streak == 2
    assert run.send(*absence(DAYS[0])).streak == 0
    assert run.send(b"not json", "attendance").streak == 1


def quick(run: Run, value: bytes, kind: str) -> bool:
    """Whether a message takes milliseconds."""
    message = Message("records", 0, run.offset, 0, b"D", value, (("kind", kind.encode()),))
    return run.processor.is_quick(run.processor.judge(message))


def test_what_takes_milliseconds(run: Run) -> None:
    assert quick(run, *absence(*DAYS))
    assert quick(run, b"not json", "attendance")
    assert not quick(run, *rows("code", {"code": "A", "status": "in_attendance"}))
    many = [f"2021-09-{day:02}" for day in range(1, 20)]
    assert not quick(run, *absence(*many))
    run.restart()  # all records of the district are to be read first
    assert not quick(run, *absence(*DAYS))


def test_progress_is_told_while_a_message_is_in_hand(run: Run) -> None:
    run.send(*absence(*DAYS))
    later = {"code": "A", "status": "absent", "class": "unexcused", "recorded_at": "2021-10-01T00:00:00Z"}
    message = Message("records", 0, 9, 0, b"D", rows("code", later)[0], (("kind", b"code"),))
    plan = run.processor.process(message)
    assert run.processor.progress(["D", "E"]) == (1, 1)
    run.processor.done(plan)
    assert run.processor.progress(["D"]) == (0, 0)


def test_a_correction_of_the_code_alone_is_a_fact_and_no_alert(run: Run) -> None:
    run.send(*rows("code", {"code": "B", "status": "absent", "class": "excused"}))
    run.send(*absence(*DAYS))
    corrected = {**MIA, "date": DAYS[1], "code": "B", "recorded_at": f"{DAYS[1]}T12:00:00Z"}
    plan = run.send(*rows("attendance", corrected))
    facts = facts_message.unpack(plan.facts[0].value or b"")
    assert (facts.days, facts.classes, facts.codes, facts.remote) == ([63], ["excused"], {"B": [0]}, [])
    assert plan.alerts == []


def test_what_a_code_means_may_change_from_when_on_it_is_remote(run: Run) -> None:
    run.send(*absence(*DAYS))
    since = {"code": "A", "status": "absent", "class": "excused", "remote": "yes", "effective_from": DAYS[1]}
    plan = run.send(*rows("code", since))
    facts = facts_message.unpack(plan.facts[0].value or b"")
    assert (facts.days, facts.codes, facts.remote) == ([63, 64], {"A": [0, 1]}, [0, 1])
    assert plan.alerts == []
    named = run.send(*rows("code", {**since, "label": "At home", "recorded_at": "2021-08-02T00:00:00Z"}))
    assert named.facts == [] and named.writes


def test_a_day_in_attendance_has_a_code_only_from_elsewhere(run: Run) -> None:
    run.send(
        *rows(
            "code",
            {"code": "P", "status": "in_attendance"},
            {"code": "DLP", "status": "in_attendance", "remote": "yes"},
        )
    )
    codes = zip(DAYS, ("P", "DLP", "P"), strict=True)
    records = [{**MIA, "date": day, "code": code, "recorded_at": f"{day}T08:00:00Z"} for day, code in codes]
    plan = run.send(*rows("attendance", *records))
    facts = facts_message.unpack(plan.facts[0].value or b"")
    assert (facts.days, facts.classes) == ([62, 63, 64], ["", "", ""])
    assert (facts.codes, facts.remote) == ({"DLP": [1]}, [1])


def test_after_an_update_the_codes_of_published_days_are_told_once(run: Run) -> None:
    run.send(*absence(*DAYS))
    del run.store[facts_form_key("D")]
    run.restart()
    again = absence(DAYS[0])  # which is known
    plan = run.send(*again)
    (facts,) = [facts_message.unpack(message.value or b"") for message in plan.facts]
    assert (facts.days, facts.classes, facts.codes) == ([62, 63, 64], ["excused"] * 3, {"A": [0, 1, 2]})
    assert plan.alerts == []
    keys = [key for key, _ in plan.writes]
    # The codes, for whoever asks the state for what they are called; last that it is done.
    assert keys == [group_key(Kind.CODE, {"district_id": "D"}), facts_form_key("D")]
    run.restart()
    plan = run.send(*again)
    assert (plan.facts, plan.writes) == ([], [])
