"""The routes over fixed ports: who gets in, what is asked of the port, and what comes back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any, get_args

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it has no types
import pytest
import structlog
from fastapi.routing import APIRoute

from models.trends.answers import Page
from models.trends.breakdown import BREAKDOWNS
from models.trends.scope import DIMENSIONS, GRADES, Scope
from tests.support.api import GRANTS, Api
from web import paths
from web.access import Permission
from web.app import api_routes, permission_of
from web.asking import TokensAway
from web.parameters import Breakdown, Grade, Group

STAFF_ONLY = (
    paths.SCHOOLS, paths.GRADES, paths.GROUPS, paths.SCHOOL_YEARS, paths.ATTENDANCE, paths.BANDS,
    paths.PRIOR_YEARS, paths.LATE_SCHOOLS, paths.REASONS, paths.REMOTE_DAYS, paths.MHW_DAYS,
    paths.MHW_STUDENTS, paths.PATTERNS, paths.FIRST_MONTH, paths.COHORTS, paths.PUBLISHED, paths.ALERTS,
)  # fmt: skip
RELEASED = (paths.RELEASES, paths.RELEASED_BANDS, paths.RELEASED_ATTENDANCE, paths.RELEASED_ALERTS)


@pytest.fixture
def api() -> Api:
    return Api()


def test_every_route_says_who_may_ask_and_is_the_one_that_the_log_may_name(api: Api) -> None:
    found = {route.path: permission_of(route) for route in api_routes(api.app)}
    assert set(found) == set(paths.PATHS)
    assert {path for path, held in found.items() if held is Permission.COUNTS} == set(STAFF_ONLY)
    assert {path for path, held in found.items() if held is Permission.RELEASED} == set(RELEASED)
    public = {path for path, held in found.items() if held is Permission.PUBLIC}
    assert public == {paths.HEALTHY, paths.READY}
    of_students = {path for path, held in found.items() if held is Permission.STUDENT}
    assert of_students == {paths.STUDENT_AS_KNOWN}
    # An id may stand in no address.
    for route in api_routes(api.app):
        assert route.methods == ({"POST"} if route.path in of_students else {"GET"})


def test_a_route_without_a_permission_is_found(api: Api) -> None:
    api.app.add_api_route("/api/v1/open", lambda: "x")
    *_, route = api_routes(api.app)
    assert permission_of(route) is None
    api.app.mount("/below", Api().app)
    with pytest.raises(ValueError, match="none of ours"):
        list(api_routes(api.app))


@pytest.mark.parametrize("path", [path for path in paths.PATHS if path.startswith(paths.API)])
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic eDp4", "rollcall_" + "s" * 43])
def test_without_a_token_nothing_is_answered_and_nothing_is_said(
    api: Api, path: str, header: str | None
) -> None:
    method = "POST" if path == paths.STUDENT_AS_KNOWN else "GET"
    asked = f"{path}?district=D1&nonsense=1"
    told = api.request(method, asked, None, b"{", **({"Authorization": header} if header else {}))
    assert (told.status_code, told.json()["code"], told.json()["errors"]) == (401, "no_token", [])
    assert told.headers["WWW-Authenticate"] == "Bearer"
    for who in "ez":  # one that has expired, and one that is not known
        assert api.request(method, f"{path}?district=D1", who).text == told.text
    assert api.trends.asked == []


@pytest.mark.parametrize("path", STAFF_ONLY)
def test_analysts_may_not_ask_for_true_counts(api: Api, path: str) -> None:
    for who in "aw":
        told = api.get(f"{path}?district=D1", who)
        assert (told.status_code, told.json()["code"]) == (403, "not_allowed")
    assert api.trends.asked == []


def test_nothing_of_a_route_with_released_numbers_can_reach_a_count(api: Api) -> None:
    def reachable(held: Any, seen: set[int]) -> bool:
        if id(held) in seen or isinstance(held, str | int | type):
            return False
        seen.add(id(held))
        if held is api.trends:
            return True
        inner = [getattr(held, "__self__", None), *getattr(held, "__dict__", {}).values()]
        return any(reachable(each, seen) for each in inner if each is not None)

    for route in api_routes(api.app):
        of_counts = permission_of(route) in (Permission.COUNTS, Permission.STUDENT)
        if route.path != paths.READY:  # it asks whether the tables are there
            assert reachable(route.endpoint, set()) == of_counts, route.path


@pytest.mark.parametrize("path", [*STAFF_ONLY, *RELEASED])
@pytest.mark.parametrize("who", ["s", "t"])
def test_another_district_is_as_if_it_did_not_exist(api: Api, path: str, who: str) -> None:
    other, unknown = (api.get(f"{path}?district={district}", who) for district in ("D2", "NO"))
    assert other.status_code == 404
    assert (other.text, other.status_code) == (unknown.text, unknown.status_code)
    assert api.trends.asked == []


@pytest.mark.parametrize("path", [path for path in STAFF_ONLY if path != paths.SCHOOLS])
def test_a_token_of_some_schools_reaches_these(api: Api, path: str) -> None:
    assert api.get(f"{path}?district=D1&school=A", "t").status_code == 200
    for wrong in ("district=D1", "district=D1&school=%3DC", "district=D1&school=NO", "state=true"):
        assert api.get(f"{path}?{wrong}", "t").status_code == 404
    assert api.get(f"{path}?state=true", "s").status_code == 404
    assert api.get(f"{path}?state=true", "u").status_code == 200


def test_a_breakdown_by_school_is_narrowed_to_the_schools_of_the_token(api: Api) -> None:
    for path in (paths.BANDS, paths.ATTENDANCE):
        rows = api.get(f"{path}?district=D1&breakdown=school", "t").json()["data"]
        assert {row["school_id"] for row in rows} == {"A", "B"}
    assert {row["school_id"] for row in api.get(f"{paths.SCHOOLS}?district=D1", "t").json()["data"]} == {
        "A", "B",
    }  # fmt: skip


def test_what_is_asked_reaches_the_port_as_it_was_asked(api: Api) -> None:
    api.get(
        f"{paths.ATTENDANCE}?district=D1&school=A&grade=5&group=meals&value=free&first=2024-09-03"
        "&last=2024-09-05&by=day"
    )
    scope = Scope("D1", False, "A", "5", "meals", "free")
    assert api.trends.asked[-1] == ("attendance", scope, date(2024, 9, 3), date(2024, 9, 5), "day", None)
    told = api.get(f"{paths.ATTENDANCE}?district=D1&last=2024-10-01&known_at=2024-12-14T10:00:00-05:00")
    span, known_at = (date(2024, 7, 1), date(2024, 10, 1)), datetime(2024, 12, 14, 15, tzinfo=UTC)
    assert api.trends.asked[-1] == ("attendance", Scope("D1"), *span, "month", known_at)
    assert told.json()["known_at"] == "2024-12-14T15:00:00Z"
    api.get(f"{paths.BANDS}?district=D1&as_of=2024-10-01&known_at=2024-12-14T10:00:00-05:00&breakdown=meals")
    instant = datetime(2024, 12, 14, 15, tzinfo=UTC)
    assert api.trends.asked[-1] == ("bands_by", Scope("D1"), "meals", date(2024, 10, 1), instant, ())
    api.get(f"{paths.BANDS}?district=D1")
    assert api.trends.asked[-1] == ("bands", Scope("D1"), date(2024, 12, 13), None)
    api.get(f"{paths.PRIOR_YEARS}?district=D1&group=meals&value=&years=2")
    asked = ("years_so_far", Scope("D1", dimension="meals"), date(2024, 12, 13), 2)
    assert api.trends.asked[-1] == asked
    api.get(f"{paths.LATE_SCHOOLS}?district=D1&school=A&as_of=2024-10-01")
    assert api.trends.asked[-1] == ("late_schools", Scope("D1", school="A"), date(2024, 10, 1))
    api.get(f"{paths.ATTENDANCE}?state=true&breakdown=district&by=weekday&limit=4", "u")
    first, last = date(2024, 7, 1), date(2024, 12, 13)
    asked_by = ("attendance_by", Scope(state=True), "district", first, last, "weekday", Page(5), ())
    assert asked_by in api.trends.asked


def test_the_words_of_the_parameters_are_those_of_the_questions() -> None:
    assert (get_args(Grade), get_args(Group), get_args(Breakdown)) == (GRADES, DIMENSIONS, BREAKDOWNS)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (paths.ATTENDANCE, "by=day&limit=3"),
        (paths.ATTENDANCE, "by=day&breakdown=school&limit=4"),
        (paths.ATTENDANCE, "by=weekday&breakdown=school&limit=2"),
        (paths.BANDS, "breakdown=school&limit=1"),
        (paths.REASONS, "limit=1"),
        (paths.REMOTE_DAYS, "limit=1"),
        (paths.MHW_DAYS, "limit=1"),
        (paths.PATTERNS, "by=month&limit=2"),
        (paths.RELEASED_BANDS, "limit=2"),
        (paths.RELEASED_ATTENDANCE, "limit=1"),
        (paths.RELEASED_ALERTS, "limit=1"),
    ],
)
def test_pages_put_together_are_the_whole(api: Api, path: str, asked: str) -> None:
    whole = api.get(f"{path}?district=D1&{asked.rpartition('limit=')[0]}limit=5000").json()
    assert whole["next"] is None
    found, following, pages = [], f"{path}?district=D1&{asked}", 0
    while following:
        response = api.get(following)
        body = response.json()
        found += body["data"]
        following, pages = body["next"], pages + 1
        assert response.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
    assert found == whole["data"] and pages > 1


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "bnVsbA", "W10", "other", "IltbW1tbW1tbW1tb", "-", "WzEsMl0"]
)
def test_a_cursor_of_another_question_is_refused(api: Api, cursor: str) -> None:
    if cursor == "other":
        following = api.get(f"{paths.ATTENDANCE}?district=D1&by=day&limit=1").json()["next"]
        cursor = following.rpartition("cursor=")[2]
    for more in ("", "&breakdown=school", "&by=weekday&breakdown=school"):
        told = api.get(f"{paths.ATTENDANCE}?district=D1&cursor={cursor}{more}")
        assert (told.status_code, told.json()["code"]) == (400, "bad_cursor")
        assert told.json()["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("", "district"),
        ("district=D1&state=true", "district"),
        ("state=true&school=A", "school"),
        ("district=D1&grade=13", "grade"),
        ("district=D1&group=first_name&value=x", "group"),
        ("district=D1&group=meals", "value"),
        ("district=D1&value=free", "group"),
        ("district=D1&group=meals&value=Free", "value"),
        ("district=D1&breakdown=student_id", "breakdown"),
        ("district=D1&breakdown=district", "breakdown"),
        ("district=D1&school=A&breakdown=school", "breakdown"),
        ("district=D1&group=meals&value=free&breakdown=gender", "breakdown"),
        ("district=D1&as_of=yesterday", "as_of"),
        ("district=D1&as_of=2024-02-30", "as_of"),
        ("district=D1&as_of=0001-01-01", "as_of"),
        ("district=D1&as_of=9999-12-31", "as_of"),
        ("district=D1&as_of=1700000000", "as_of"),
        ("district=D1&as_of=", "as_of"),
        ("district=D1&known_at=2024-12-14", "known_at"),
        ("district=D1&known_at=2024-12-14T10:00:00", "known_at"),
        ("district=D1&known_at=2024-12-14T10:00:00+05:00", "known_at"),
        ("district=D1&known_at=0001-01-01T00:00:00%2B14:00", "known_at"),
        ("district=D1&limit=0", "limit"),
        ("district=D1&limit=5001", "limit"),
        ("district=D1&limit=" + "9" * 400, "limit"),
        ("district=D1&format=xml", "format"),
        ("district=D1&student_id=7", "student_id"),
        ("district=D1&district=D1", "district"),
        ("district=" + "D" * 65, "district"),
        ("district=%00", "district"),
        ("district=%ED%A0%80", "district"),
        ("district=D%201", "district"),
        ("district=D1&group=race_ethnicity&value=a%00b", "value"),
        ("district=D1&group=race_ethnicity&value=" + "x" * 1001, "value"),
        ("district=D1&%ED%A0%80%00=1", ""),
    ],
)
def test_a_bad_question_names_the_parameter_and_the_remedy_and_repeats_nothing(
    api: Api, asked: str, parameter: str
) -> None:
    told = api.get(f"{paths.BANDS}?{asked}")
    body = told.json()
    assert (told.status_code, body["status"]) == (400, 400), told.text
    assert told.headers["Content-Type"] == "application/problem+json"
    assert [fault["parameter"] for fault in body["errors"]] == [parameter]
    assert len(body["errors"][0]["detail"]) > 10
    for given in ("yesterday", "xxxx", "9999-12", "first_name", "1700000000", "DDDD"):
        assert given not in told.text


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("first=2024-09-02&last=2024-09-01", "last"),
        ("first=2024-12-14", "first"),
        ("by=hour", "by"),
        ("known_at=2024-12-14", "known_at"),
        ("known_at=2024-12-14T15:00:00Z&breakdown=school", "breakdown"),
    ],
)
def test_bad_spans_of_days_are_told(api: Api, asked: str, parameter: str) -> None:
    told = api.get(f"{paths.ATTENDANCE}?district=D1&{asked}")
    assert told.status_code == 400
    assert [fault["parameter"] for fault in told.json()["errors"]] == [parameter]


def test_a_school_that_nothing_is_held_of_is_not_found(api: Api) -> None:
    assert api.get(f"{paths.BANDS}?district=D1&school=NO").status_code == 404
    # Held, but not yet on that day: an answer, and no data.
    early = api.get(f"{paths.ATTENDANCE}?district=D1&last=2024-08-01").json()
    assert (early["data"], early["data_through"], early["as_of"]) == ([], None, "2024-08-01")


@pytest.mark.parametrize("path", [*STAFF_ONLY, *RELEASED, paths.TOKEN, paths.DISTRICTS])
def test_the_three_formats_say_the_same(api: Api, path: str) -> None:
    asked = f"{path}?" + ("district=D1&" if path not in (paths.TOKEN, paths.DISTRICTS) else "")
    if path == paths.BANDS:
        asked += "breakdown=school&"
    rows = api.get(f"{asked}format=json").json()["data"]
    assert rows
    lines = list(csv.DictReader(io.StringIO(api.get(f"{asked}format=csv").text)))
    file = api.get(f"{asked}format=parquet")
    assert file.headers["Content-Type"] == "application/vnd.apache.parquet"
    table = pq.read_table(io.BytesIO(file.content))
    assert [list(row) for row in rows] == [list(line) for line in lines] == [table.column_names] * len(rows)
    for row, line, packed in zip(rows, lines, table.to_pylist(), strict=True):
        for name, held in row.items():
            assert line[name] in in_csv(held, row.get("hidden") is True), name
            other = packed[name]
            if isinstance(other, datetime):
                other = other.isoformat().replace("+00:00", "Z")
            assert (other.isoformat() if isinstance(other, date) else other) == held, name


def in_csv(held: object, hidden: bool) -> tuple[str, ...]:
    if held is None:
        return ("", "*") if hidden else ("",)
    if isinstance(held, bool):
        return ("yes" if held else "no",)
    if isinstance(held, float):
        return (f"{held:.2f}",)
    text = str(held)
    return ("'" + text if text.startswith("=") else text.replace("Z", "+00:00") if "T00:" in text else text,)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/json;q=0.5, text/csv;q=0.9", "text/csv; charset=utf-8"),
        ("text/html, application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/html", None),
        ("application/json;q=0", None),
        ("application/json;q=nan", None),
    ],
)
def test_the_format_follows_accept(api: Api, accept: str, media_type: str | None) -> None:
    told = api.get(f"{paths.BANDS}?district=D1", Accept=accept)
    if media_type is None:
        assert (told.status_code, told.json()["code"]) == (406, "not_acceptable")
    else:
        assert told.headers["Content-Type"] == media_type
    assert api.get(f"{paths.BANDS}?district=D1&format=csv", Accept=accept).text.startswith("district_id,")


def test_released_numbers_are_those_of_the_newest_release_by_the_day(api: Api) -> None:
    for asked, as_of in (("", "2024-11-29"), ("&as_of=2024-11-28", "2024-10-31")):
        body = api.get(f"{paths.RELEASED_BANDS}?district=D1{asked}", "a").json()
        assert body["as_of"] == body["data_through"] == as_of
    whole, school, third = api.get(f"{paths.RELEASED_BANDS}?district=D1", "w").json()["data"]
    assert (whole["hidden"], whole["chronic_rate_percent"], whole["over_20"]) == (
        False, 20.0, 8,
    )  # fmt: skip
    assert (school["hidden"], school["chronic"], school["chronic_rate_percent"]) == (True, None, None)
    assert third["hidden"] and all(third[name] is None for name in ("students", "under_5", "chronic"))
    lines = api.get(f"{paths.RELEASED_BANDS}?district=D1&format=csv", "a").text.splitlines()
    assert lines[1:] == [
        "D1,,,,,100,60,20,12,8,20,20.00,no",
        "D1,A,,,,100,60,20,12,*,*,*,yes",
        "D1,A,5,meals,free,*,,,,,,,yes",
    ]
    for asked in ("&school=A&grade=", "&group=meals", "&school=&group="):
        assert len(api.get(f"{paths.RELEASED_BANDS}?district=D1{asked}", "a").json()["data"]) == 1


def test_a_hidden_number_of_alerts_is_a_star_and_one_that_is_not_released_is_blank(api: Api) -> None:
    chronic, third = api.get(f"{paths.RELEASED_ALERTS}?district=D1", "a").json()["data"]
    assert chronic == {
        "district_id": "D1", "rule": "chronic", "standing": 40, "recovered": 20, "withdrawn": None,
        "hidden": True,
    }  # fmt: skip
    assert (third["standing"], third["recovered"], third["hidden"]) == (None, None, True)
    lines = api.get(f"{paths.RELEASED_ALERTS}?district=D1&format=csv", "w").text.splitlines()
    assert lines[1:] == ["D1,chronic,40,20,*,yes", "D1,tier_3,*,,,yes"]
    for more in ("school=A", "known_at=2024-12-14T00:00:00Z"):
        assert api.get(f"{paths.RELEASED_ALERTS}?district=D1&{more}", "a").status_code == 400


@pytest.mark.parametrize("asked", ["district=D2", "district=D1&as_of=2024-10-30"])
def test_where_nothing_is_released_the_remedy_is_told(api: Api, asked: str) -> None:
    for path in RELEASED[1:]:
        told = api.get(f"{path}?{asked}", "a")
        assert (told.status_code, told.json()["code"]) == (404, "not_released")
        assert "makes a release" in told.json()["detail"]


def test_a_store_that_is_away_is_told_with_when_to_ask_again(api: Api) -> None:
    api.trends.away = True
    for path in (f"{paths.BANDS}?district=D1", paths.READY):
        told = api.get(path)
        assert (told.status_code, told.headers["Retry-After"], told.json()["code"]) == (
            503,
            "5",
            "store_away",
        )
    assert api.get(paths.HEALTHY, None).json() == {"status": "healthy"}
    api.trends.away = False
    assert api.get(paths.READY, None).json() == {"status": "ready"}


def test_without_the_list_of_tokens_nobody_comes_in(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(tuple):  # type: ignore[type-arg]  # it holds nothing
        def __iter__(self) -> Any:
            raise TokensAway

    api.grants = Broken()
    told = api.get(paths.TOKEN)
    assert (told.status_code, told.json()["code"]) == (503, "tokens_away")
    api.grants = ()
    assert api.get(paths.TOKEN).status_code == 401


@pytest.mark.parametrize("path", [paths.BANDS, paths.HEALTHY, "/nothing"])
def test_every_answer_carries_the_headers(api: Api, path: str) -> None:
    for who in (None, "s"):
        headers = api.get(f"{path}?district=D1", who).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/redoc", "/openapi.json", "/api/v1", "/api/v1/bands/", "/api/v2/bands"]
)
def test_no_other_address_is_served(api: Api, path: str) -> None:
    assert api.get(path).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_changed(api: Api, method: str) -> None:
    told = api.request(method, f"{paths.BANDS}?district=D1")
    assert (told.status_code, told.headers["Allow"]) == (405, "GET")


def test_a_fault_is_logged_and_shows_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("CANARY")

    monkeypatch.setattr(api.trends, "bands", broken)
    with structlog.testing.capture_logs() as lines:
        told = api.get(f"{paths.BANDS}?district=D1")
    assert (told.status_code, told.json()["code"]) == (500, "fault")
    assert "CANARY" not in told.text and told.headers["Cache-Control"] == "no-store"
    assert [line["event"] for line in lines] == ["request_failed", "request_done"]


def test_a_request_is_logged_by_its_route_and_never_by_what_was_asked(api: Api) -> None:
    with structlog.testing.capture_logs() as lines:
        api.get(f"{paths.BANDS}?district=D1&school=A")
        api.get("/api/v1/CANARY?CANARY=1", None)
    assert [(line["route"], line["status"], line.get("token")) for line in lines] == [
        (paths.BANDS, 200, "token:name-s"),
        (paths.NO_ROUTE, 404, None),
    ]
    assert "CANARY" not in json.dumps(lines) and "D1" not in json.dumps(lines)
    assert all(set(line) <= {"event", "log_level", "route", "status", "ms", "token"} for line in lines)


def test_the_token_is_described_without_itself(api: Api) -> None:
    (row,) = api.get(paths.TOKEN, "t").json()["data"]
    assert row == {
        "name": "name-t", "role": "staff", "districts": "D1", "schools": "A B", "expires": "2024-12-31",
    }  # fmt: skip
    for who, expected in (("a", ["D1", "D2"]), ("w", ["D1"]), ("s", ["D1"])):
        rows = api.get(paths.DISTRICTS, who).json()["data"]
        assert [row["district_id"] for row in rows] == expected
    assert not any(each.sha256 in api.get(paths.TOKEN, "s").text for each in GRANTS)


def test_the_routes_are_of_one_kind(api: Api) -> None:
    assert all(isinstance(route, APIRoute) for route in api.app.routes)
