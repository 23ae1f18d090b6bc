"""Did we know? The route about one student: who may ask, and that the id comes out nowhere."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import structlog

from tests.support.api import STUDENT, Api, FixedTrends
from web import paths
from web.body import MOST_BYTES

PATH = paths.STUDENT_AS_KNOWN
ASKED: dict[str, Any] = {
    "district": "D1", "student": STUDENT, "as_of": "2024-12-13", "known_at": "2024-12-14T18:00:00-05:00",
}  # fmt: skip


@pytest.fixture
def api() -> Api:
    return Api()


def test_what_was_known_is_answered(api: Api) -> None:
    told = api.post(PATH, ASKED)
    assert told.status_code == 200
    assert told.headers["Cache-Control"] == "no-store" and STUDENT not in told.text
    instant = datetime(2024, 12, 14, 23, tzinfo=UTC)
    assert api.trends.asked == [("student_as_known", "D1", STUDENT, date(2024, 12, 13), instant)]
    held = told.json()
    standing, recovered = held.pop("alerts")
    assert held == {
        "as_of": "2024-12-13", "known_at": "2024-12-14T23:00:00Z", "data_through": "2024-12-12",
        "enrolled_days": 40, "absent_days": 5, "absence_rate_percent": 12.5,
    }  # fmt: skip
    assert standing == {
        "alert_id": "a" * 32, "rule": "tier_2", "scope": "district", "school_id": None,
        "opened_on": "2024-09-30", "recovered_on": None, "condition": "standing", "enrolled_days": 20,
        "absent_days": 3, "first_known": "2024-10-01T12:00:00Z", "last_changed": "2024-10-01T12:00:00Z",
    }  # fmt: skip
    assert (recovered["school_id"], recovered["condition"]) == ("=C", "recovered")
    assert (recovered["recovered_on"], recovered["last_changed"]) == ("2024-11-01", "2024-11-01T12:00:00Z")


def test_nothing_known_is_an_answer_and_no_such_student_is_none(api: Api) -> None:
    """A mistyped id must not read as: we did not know."""
    early = api.post(PATH, {**ASKED, "known_at": "2024-09-01T00:00:00Z"})
    assert early.status_code == 200
    held = early.json()
    assert (held["enrolled_days"], held["data_through"], held["alerts"]) == (0, None, [])
    assert held["absence_rate_percent"] is None
    told = api.post(PATH, {**ASKED, "student": "S-CANARY-8"})
    assert (told.status_code, told.json()["code"]) == (404, "not_found") and "CANARY" not in told.text


@pytest.mark.parametrize("who", ["a", "w"])
def test_analysts_may_not_ask(api: Api, who: str) -> None:
    for body in (ASKED, b"{"):
        told = api.post(PATH, body, who)
        assert (told.status_code, told.json()["code"]) == (403, "not_allowed")
    assert api.trends.asked == []


@pytest.mark.parametrize(
    ("who", "district"), [("s", "D2"), ("s", "NO"), ("t", "D1"), ("t", "D2"), ("u", "D2")]
)
def test_who_is_out_of_reach_is_as_if_not_there(api: Api, who: str, district: str) -> None:
    """Another district; and of a token of some schools everybody, because what is told is of all schools."""
    told = api.post(PATH, {**ASKED, "district": district}, who)
    unknown = api.post(PATH, {**ASKED, "student": "S-CANARY-8"})
    assert (told.status_code, told.text) == (404, unknown.text)
    assert all(asked[1] == "D1" for asked in api.trends.asked if who != "u")


def test_staff_of_the_state_may_ask_of_every_district(api: Api) -> None:
    assert api.post(PATH, ASKED, "u").status_code == 200


def without(name: str) -> dict[str, Any]:
    return {key: held for key, held in ASKED.items() if key != name}


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        *((without(name), [name]) for name in ASKED),
        ({}, list(ASKED)),
        ({**ASKED, "school": "CANARY"}, ["school"]),
        ({**ASKED, "CANARY 1": 1}, [""]),
        ({**ASKED, "student": "CANARY CANARY"}, ["student"]),
        ({**ASKED, "student": "C" * 65}, ["student"]),
        ({**ASKED, "student": ""}, ["student"]),
        ({**ASKED, "student": 77001}, ["student"]),
        ({**ASKED, "student": [STUDENT]}, ["student"]),
        ({**ASKED, "student": {STUDENT: 1}}, ["student"]),
        ({**ASKED, "student": None}, ["student"]),
        ({**ASKED, "student": "\ud800CANARY"}, ["student"]),
        ({**ASKED, "district": True, "as_of": "CANARY"}, ["district", "as_of"]),
        ({**ASKED, "as_of": "2024-02-30"}, ["as_of"]),
        ({**ASKED, "as_of": 20241213}, ["as_of"]),
        ({**ASKED, "as_of": 1e308}, ["as_of"]),
        ({**ASKED, "known_at": "2024-12-14"}, ["known_at"]),
        ({**ASKED, "known_at": "2024-12-14T18:00:00"}, ["known_at"]),
        ({**ASKED, "known_at": {}}, ["known_at"]),
        ([ASKED], [""]),
        ("CANARY", [""]),
        (77001, [""]),
        (None, [""]),
        (b"", [""]),
        (b"{CANARY", [""]),
        (b"\xff\xfe{}", [""]),
        (b"student=CANARY&district=D1", [""]),
        (b"[" * 4000, [""]),
        (b"7" * 4090, [""]),
        (b'{"student": "CANARY-1", "student": "CANARY-2"}', ["student"]),
        (json.dumps(ASKED).encode() + b" " * MOST_BYTES, [""]),
    ],
)
def test_a_bad_body_is_told_and_nothing_of_it_is_repeated(api: Api, body: Any, parameters: list[str]) -> None:
    with structlog.testing.capture_logs() as lines:
        told = api.post(PATH, body)
    assert (told.status_code, told.json()["code"]) == (400, "bad_parameter"), told.text
    assert told.headers["Content-Type"] == "application/problem+json"
    assert [fault["parameter"] for fault in told.json()["errors"]] == parameters
    assert all(len(fault["detail"]) > 8 for fault in told.json()["errors"])
    for given in ("CANARY", "77001", "CCC", "2024-02-30"):
        assert given not in told.text and given not in json.dumps(lines)
    assert api.trends.asked == []


def test_no_more_of_a_body_is_read_than_a_question_needs(api: Api) -> None:
    read = 0

    async def endless() -> Any:
        nonlocal read
        while True:
            read += 1
            yield b" " * 1000

    assert api.post(PATH, endless()).status_code == 400
    assert read < 10
    read = 0
    assert api.post(PATH, endless(), None).status_code == 401
    assert read == 0


def test_a_question_in_the_address_is_refused(api: Api) -> None:
    """It would stand in the log of a proxy; so nobody shall find that it works."""
    told = api.post(f"{PATH}?student={STUDENT}", ASKED)
    assert told.status_code == 400 and STUDENT not in told.text
    assert [fault["parameter"] for fault in told.json()["errors"]] == ["student"]
    told = api.get(f"{PATH}?district=D1&student={STUDENT}")
    assert (told.status_code, told.headers["Allow"]) == (405, "POST") and STUDENT not in told.text
    assert api.trends.asked == []


def test_the_log_has_who_asked_and_not_about_whom(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*asked: object) -> None:
        raise RuntimeError(str(asked))

    with structlog.testing.capture_logs() as lines:
        assert api.post(PATH, ASKED).status_code == 200
        assert api.post(PATH, {**ASKED, "student": "S-CANARY-8"}).status_code == 404
        api.trends.away = True
        assert api.post(PATH, ASKED).status_code == 503
        monkeypatch.setattr(FixedTrends, "student_as_known", broken)
        assert api.post(PATH, ASKED).status_code == 500
    done = [line for line in lines if line["event"] == "request_done"]
    assert [(line["route"], line["status"], line["token"]) for line in done] == [
        (PATH, status, "token:name-s") for status in (200, 404, 503, 500)
    ]
    assert "CANARY" not in json.dumps(lines, default=lambda _: "")


@pytest.mark.parametrize(
    ("accept", "status"),
    [("*/*", 200), ("text/csv, application/json;q=0.5", 200), ("text/csv", 406), ("application/*", 200)],
)
def test_it_is_json_or_nothing(api: Api, accept: str, status: int) -> None:
    told = api.post(PATH, ASKED, Accept=accept)
    assert told.status_code == status
    assert told.headers["Content-Type"] == (
        "application/json" if status == 200 else "application/problem+json"
    )
