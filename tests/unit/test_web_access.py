"""Tokens: which one is whose, until when, and what it reaches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.api import (
    ANALYST,
    EXPIRED,
    GRANTS,
    STAFF,
    STATE_ANALYST,
    STATE_STAFF,
    TEACHERS,
    Api,
    token,
)
from web import access
from web.access import OutOfReach, Permission, allowed, fingerprint, holder, reach, reach_district
from web.rate import Rate

TODAY = date(2024, 12, 20)


def test_a_token_is_its_holders_to_its_last_day() -> None:
    assert holder(GRANTS, token("s"), TODAY) is STAFF
    assert holder(GRANTS, token("s"), STAFF.expires) is STAFF
    assert holder(GRANTS, token("s"), date(2025, 1, 1)) is None
    assert holder(GRANTS, token("e"), EXPIRED.expires) is EXPIRED
    assert holder(GRANTS, token("e"), TODAY) is None
    assert holder((), token("s"), TODAY) is None


@given(st.text())
def test_no_other_text_is_a_token(text: str) -> None:
    assert holder(GRANTS, text, TODAY) is None


@pytest.mark.parametrize("text", ["", token("s")[:-1], token("s") + "s", token("s") + "\n", token("z")])
def test_a_near_miss_is_none(text: str) -> None:
    assert holder(GRANTS, text, TODAY) is None


def test_every_grant_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    real = access.hmac.compare_digest

    def watched(one: str, other: str) -> bool:
        compared.append(one)
        return real(one, other)

    monkeypatch.setattr(access.hmac, "compare_digest", watched)
    for text in (token("s"), token("z"), "", "x" * 10_000):
        compared.clear()
        holder(GRANTS, text, TODAY)
        assert compared == [each.sha256 for each in GRANTS]


def test_the_digest_of_no_token_opens_nothing() -> None:
    """A malformed token is compared as a blank one; an entry with its digest lets nobody in."""
    blank = replace(STAFF, sha256=fingerprint(""))
    assert holder([blank], "", TODAY) is None
    assert holder([blank], "nonsense", TODAY) is None


def test_roles_are_allowed_by_name_only() -> None:
    assert [allowed(STAFF, each) for each in Permission] == [False, True, True, True, True]
    assert [allowed(ANALYST, each) for each in Permission] == [False, True, True, False, False]


def test_what_a_token_reaches() -> None:
    assert reach(STAFF, "D1", "") == reach(STAFF, "D1", "X") == ()
    assert reach(STATE_STAFF, "", "") == reach(STATE_STAFF, "D9", "A") == ()
    assert reach(TEACHERS, "D1", "A") == ()
    assert reach(TEACHERS, "D1", "", "school") == ("A", "B")
    reach_district(STATE_ANALYST, "D9")
    reach_district(TEACHERS, "D1")


@pytest.mark.parametrize(
    ("grant", "district", "school", "breakdown"),
    [
        (STAFF, "D2", "", ""),
        (STAFF, "", "", ""),
        (STAFF, "d1", "", ""),
        (TEACHERS, "D1", "", ""),
        (TEACHERS, "D1", "", "grade"),
        (TEACHERS, "D1", "C", ""),
        (TEACHERS, "D1", "C", "school"),
        (TEACHERS, "D2", "A", ""),
        (TEACHERS, "", "A", ""),
    ],
)
def test_what_it_does_not_reach(grant: access.Grant, district: str, school: str, breakdown: str) -> None:
    with pytest.raises(OutOfReach):
        reach(grant, district, school, breakdown)


def test_a_bucket_fills_evenly_and_not_over_its_brim() -> None:
    rate = Rate(2, 3)
    assert [rate.wait("a", 0.0) for _ in range(4)] == [0, 0, 0, 1]
    assert rate.wait("b", 0.0) == 0
    assert [rate.wait("a", 0.5), rate.wait("a", 0.5)] == [0, 1]
    assert [rate.wait("a", 1000.0) for _ in range(4)] == [0, 0, 0, 1]
    slow = Rate(0.1, 1)
    assert [slow.wait("a", 0.0), slow.wait("a", 0.0), slow.wait("a", 9.0)] == [0, 10, 1]


def test_a_token_that_asks_too_often_is_told_when_to_go_on() -> None:
    api = Api(burst=2)
    assert [api.get("/api/v1/token").status_code for _ in range(3)] == [200, 200, 429]
    told = api.get("/api/v1/token")
    assert (told.headers["Retry-After"], told.json()["code"]) == ("1", "too_many_requests")
    assert api.get("/api/v1/token", "a").status_code == 200
    api.seconds = 0.5
    assert api.get("/api/v1/token").status_code == 200
