import hashlib
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.columns import Kind
from models.instant import read_time
from models.version import Version, event_id_of, identity_of, text_of

BASE = {"district_id": "1", "school_id": "2", "date": "2021-09-01", "state": "submitted"}


def at(time: str, **more: str) -> Version:
    return Version(BASE | {"recorded_at": time} | more)


def test_the_later_instant_wins_whatever_its_offset() -> None:
    assert at("2021-09-01T08:00:00-04:00") > at("2021-09-01T13:30:00+02:00")


def test_at_equal_instants_the_greater_event_id_wins_then_the_greater_text() -> None:
    noon = "2021-09-01T12:00:00Z"
    assert at(noon, event_id="b") > at(noon, event_id="a")
    assert at(noon, event_id="a", state="submitted") > at(noon, event_id="a", state="reopened")


def test_every_digit_of_a_second_counts() -> None:
    assert at("2021-09-01T12:00:00.0000000000000000001Z") > at("2021-09-01T12:00:00Z")
    assert at("2021-09-01T12:00:00.10Z").instant == at("2021-09-01t12:00:00.1z").instant


def test_a_time_keeps_the_local_date_as_written() -> None:
    recorded = read_time("2021-09-01 23:30:00-05:00")
    assert recorded is not None and recorded.written == date(2021, 9, 1)


def test_an_event_id_that_is_not_given_is_the_digest_of_the_text() -> None:
    assert text_of({"name": "\u00c9", "event_id": ""}) == '{"name":"\u00c9"}'
    text = '{"code":"A \\"1\\"","date":"2021-09-01","name":"\u00c9"}'
    assert text_of({"name": "\u00c9", "date": "2021-09-01", "code": 'A "1"'}) == text
    assert event_id_of({"name": "\u00c9", "date": "2021-09-01", "code": 'A "1"'}) == (
        hashlib.sha256(text.encode()).hexdigest()
    )
    assert event_id_of({"name": "a", "event_id": "7"}) == "7"


def test_the_identity_has_a_blank_where_a_column_is_not_given() -> None:
    assert identity_of(Kind.CALENDAR, BASE | {"kind": "holiday"}) == ("1", "2", "2021-09-01", "")


@pytest.mark.parametrize(
    "text",
    ["", "2021-09-01", "2021-09-01T24:00:00Z", "2021-13-01T00:00:00Z", f"2021-09-01T00:00:00.{'9' * 5000}Z"],
)
def test_what_is_not_a_time_with_an_offset_is_none(text: str) -> None:
    assert read_time(text) is None


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc"), st.booleans()), max_size=6))
def test_the_order_does_not_depend_on_arrival(rows: list[tuple[int, str, bool]]) -> None:
    made = [
        at(f"2021-09-01T12:00:0{second}Z", event_id=event, state="submitted" if flag else "reopened")
        for second, event, flag in rows
    ]
    assert sorted(made) == sorted(reversed(made))
    assert all(isinstance(version.instant, int | Fraction) for version in made)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("0001-01-01T00:00:00Z", 0),
        ("0001-01-02T01:02:03Z", 90123),  # 86400 + 3600 + 2 * 60 + 3
        ("0001-01-02T01:02:03+05:30", 70323),  # 19800 seconds earlier
        ("0001-01-02T01:02:03-05:30", 109923),
        ("0001-01-03T00:00:00.25Z", Fraction(691201, 4)),
    ],
)
def test_an_instant_is_the_seconds_since_the_first_day_of_the_calendar(
    text: str, instant: int | Fraction
) -> None:
    recorded = read_time(text)
    assert recorded is not None and recorded.instant == instant
