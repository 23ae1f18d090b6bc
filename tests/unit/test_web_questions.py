"""The routes of absences, patterns, alerts and published rates, over fixed ports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.trends.answers import Bands
from models.trends.patterns import Against, Cohorts, MhwStudents
from models.trends.scope import Scope
from tests.support.api import Api
from web import paths
from web.pattern_rows import PatternRow

FIRST, LAST = date(2024, 7, 1), date(2024, 12, 13)
NOBODY = Bands(0, 0, 0, 0)
SCOPED = "district=D1&school=A&grade=5&group=meals&value=free"
SCOPE = Scope("D1", False, "A", "5", "meals", "free")
PLACE = {"district_id": "D1", "school_id": "A", "grade": "5", "group": "meals", "value": "free"}


@pytest.fixture
def api() -> Api:
    return Api()


def rows(api: Api, path: str) -> list[dict[str, Any]]:
    response = api.get(path)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["data"]
    return found


@pytest.mark.parametrize(
    ("path", "asked", "expected"),
    [
        (paths.REASONS, "", ("absences_by_reason", SCOPE, FIRST, LAST, "month")),
        (
            paths.REASONS,
            "&first=2023-09-01&last=2024-09-05&by=weekday",
            ("absences_by_reason", SCOPE, date(2023, 9, 1), date(2024, 9, 5), "weekday"),
        ),
        (paths.REMOTE_DAYS, "&by=day", ("remote_days", SCOPE, FIRST, LAST, "day")),
        (paths.MHW_DAYS, "&last=2024-10-01", ("mhw_days", SCOPE, FIRST, date(2024, 10, 1))),
        (paths.MHW_STUDENTS, "", ("mhw_students", SCOPE, 2024)),
        (paths.MHW_STUDENTS, "&school_year=2024-25", ("mhw_students", SCOPE, 2024)),
        (paths.PATTERNS, "", ("pattern", SCOPE, FIRST, LAST, "weekday")),
        (paths.PATTERNS, "&by=month", ("pattern", SCOPE, FIRST, LAST, "month")),
        (paths.FIRST_MONTH, "", ("first_month", SCOPE, LAST)),
        (paths.FIRST_MONTH, "&as_of=2024-10-01", ("first_month", SCOPE, date(2024, 10, 1))),
        (paths.COHORTS, "", ("cohorts", SCOPE, LAST)),
        (paths.ALERTS, "", ("alerts", SCOPE, LAST, None)),
        (
            paths.ALERTS,
            "&as_of=2024-12-13&known_at=2024-12-14T10:00:00-05:00",
            ("alerts", SCOPE, LAST, datetime(2024, 12, 14, 15, tzinfo=UTC)),
        ),
    ],
)
def test_what_is_asked_reaches_the_port_as_it_was_asked(
    api: Api, path: str, asked: str, expected: tuple[Any, ...]
) -> None:
    found = rows(api, f"{path}?{SCOPED}{asked}")
    assert expected in api.trends.asked
    assert found and all({**row, **PLACE} == row or path == paths.MHW_DAYS for row in found)


def test_years_are_asked_from_the_earliest_to_the_last(api: Api) -> None:
    for asked, years in (
        ("", (2021, 2024)),
        ("&years=0", (2024, 2024)),
        ("&school_year=2022-23&years=9", (2013, 2022)),
    ):
        api.get(f"{paths.PUBLISHED}?state=true{asked}", "u")
        assert api.trends.asked[-1] == ("published_years", Scope(state=True), *years)


def test_published_rates_stand_beside_ours_and_hidden_ones_are_stars(api: Api) -> None:
    theirs, hidden, both, ours = rows(api, f"{paths.PUBLISHED}?district=D1")
    assert (theirs["students"], theirs["published_chronic"], theirs["published_rate_percent"]) == (
        None, 40, 12.5,
    )  # fmt: skip
    assert (theirs["published"], theirs["hidden"], theirs["difference_points"]) == (True, False, None)
    assert (hidden["published"], hidden["hidden"], hidden["published_chronic"]) == (True, True, None)
    assert (both["chronic_rate_percent"], both["published_rate_percent"], both["difference_points"]) == (
        10.0, 10.25, -0.25,
    )  # fmt: skip
    assert (ours["published"], ours["hidden"], ours["chronic"], ours["school_year"]) == (
        False, False, 10, "2024-25",
    )  # fmt: skip
    lines = api.get(f"{paths.PUBLISHED}?district=D1&format=csv").text.splitlines()
    assert lines[2] == "D1,,,,,2022-23,100,10,10.00,yes,*,*,,yes"
    assert lines[4] == "D1,,,,,2024-25,100,10,10.00,no,,,,no"


def test_a_grade_of_a_group_is_told_as_what_nobody_publishes(api: Api) -> None:
    told = api.get(f"{paths.PUBLISHED}?district=D1&grade=5&group=meals&value=free")
    assert told.status_code == 400
    assert [fault["parameter"] for fault in told.json()["errors"]] == ["grade"]


def test_more_than_the_mean_is_decided_before_rounding(api: Api) -> None:
    one, two, three = rows(api, f"{paths.PATTERNS}?district=D1")
    assert [row["weekday"] for row in (one, two, three)] == [1, 2, 3]
    assert (one["absence_rate_percent"], one["points_above_mean"], one["above_mean"]) == (10.0, -9.97, False)
    assert (two["mean_absent"], two["mean_counted"], two["points_above_mean"]) == (599, 3000, -0.07)
    assert (three["points_above_mean"], three["above_mean"]) == (10.03, True)
    for absent, above in ((99_999, False), (100_001, True)):
        against = Against(1, 1_000_000, absent, 10_000_000, 1_000_000)
        row = PatternRow.of(PLACE, against)
        assert (str(row.points_above_mean), row.above_mean) == ("0.0", above)


def test_the_first_month_has_a_row_for_each_number_of_days_missed(api: Api) -> None:
    found = rows(api, f"{paths.FIRST_MONTH}?district=D1")
    assert [(row["missed"], row["students"], row["chronic"]) for row in found] == [
        ("0 to 1", 7001, 0), ("2 to 4", 7002, 0), ("5 and more", 7003, 7003), (None, 7004, 7004),
    ]  # fmt: skip
    assert {(row["first_day"], row["last_day"]) for row in found} == {("2024-09-02", "2024-10-01")}
    assert rows(api, f"{paths.FIRST_MONTH}?district=D1&as_of=2024-09-01") == []


def test_cohorts_have_a_row_for_each_band_of_last_year_and_one_for_who_is_new(api: Api) -> None:
    found = rows(api, f"{paths.COHORTS}?district=D1")
    assert [(row["last_year"], row["gone"], row["students"], row["chronic"]) for row in found] == [
        ("under_5", 1, 7001, 0), ("under_10", 2, 7002, 0), ("under_20", 3, 7003, 7003),
        ("over_20", 4, 7004, 7004), (None, None, 26, 15),
    ]  # fmt: skip
    assert {row["tier_1"] for row in rows(api, f"{paths.COHORTS}?district=D1&grade=PK")} == {None}


def test_students_by_mhw_days_have_at_least_three_rows(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    found = rows(api, f"{paths.MHW_STUDENTS}?district=D1")
    assert [(row["days"], row["students"]) for row in found] == [(0, 7001), (1, 7002), (2, 0)]
    assert {row["school_year"] for row in found} == {"2024-25"}
    found = rows(api, f"{paths.MHW_STUDENTS}?district=D1&school_year=2030-31")
    assert [(row["days"], row["students"]) for row in found] == [(0, 0), (1, 0), (2, 0)]
    monkeypatch.setattr(api.trends, "mhw_students", lambda *_: MhwStudents((1, 2, 3, 4)))
    assert [row["students"] for row in rows(api, f"{paths.MHW_STUDENTS}?district=D1")] == [1, 2, 3, 4]


def test_reasons_keep_their_codes_and_labels_apart_and_safe(api: Api) -> None:
    named, unnamed = rows(api, f"{paths.REASONS}?district=D1&by=weekday")
    assert (named["weekday"], named["period"], named["code"], named["label"]) == (
        1, None, "NP", "=Needs physical",
    )  # fmt: skip
    assert (unnamed["code"], unnamed["label"], unnamed["absent"], unnamed["unknown"]) == ("", "", 3, 3)
    lines = api.get(f"{paths.REASONS}?district=D1&format=csv").text.splitlines()
    assert lines[1] == "D1,,,,,2024-09-01,,NP,'=Needs physical,7,1,2,0,0,4"


def test_remote_and_in_person_days_are_all_days(api: Api) -> None:
    for row in rows(api, f"{paths.REMOTE_DAYS}?district=D1"):
        assert (row["in_person_counted"], row["in_person_absent"]) == (7623, 5)
        assert row["remote_share_percent"] == 1.0


def test_mhw_days_name_the_school_of_each_row(api: Api) -> None:
    found = api.get(f"{paths.MHW_DAYS}?state=true&grade=5", "u").json()["data"]
    assert [(row["district_id"], row["school_id"], row["grade"]) for row in found] == [
        ("D1", "=C", "5"), ("D1", "A", "5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "asked", "parameter"),
    [
        (paths.REASONS, "first=2024-09-02&last=2024-09-01", "last"),
        (paths.REMOTE_DAYS, "first=2024-12-14", "first"),
        (paths.MHW_DAYS, "by=month", "by"),
        (paths.PATTERNS, "by=day", "by"),
        (paths.MHW_STUDENTS, "school_year=2024", "school_year"),
        (paths.MHW_STUDENTS, "school_year=2024-26", "school_year"),
        (paths.MHW_STUDENTS, "school_year=1999-00", "school_year"),
        (paths.MHW_STUDENTS, "school_year=2100-01", "school_year"),
        (paths.MHW_STUDENTS, "school_year=", "school_year"),
        (paths.PUBLISHED, "years=10", "years"),
        (paths.COHORTS, "breakdown=school", "breakdown"),
        (paths.FIRST_MONTH, "as_of=2024-02-30", "as_of"),
        (paths.ALERTS, "known_at=2024-12-14", "known_at"),
        (paths.ALERTS, "rule=chronic", "rule"),
    ],
)
def test_a_bad_question_names_the_parameter(api: Api, path: str, asked: str, parameter: str) -> None:
    told = api.get(f"{path}?district=D1&{asked}")
    assert told.status_code == 400, told.text
    assert [fault["parameter"] for fault in told.json()["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("path", "question", "nothing"),
    [
        (paths.ATTENDANCE, "attendance", []),
        (f"{paths.ATTENDANCE}?breakdown=grade", "attendance_by", []),
        (paths.BANDS, "bands", NOBODY),
        (f"{paths.BANDS}?breakdown=grade", "bands_by", []),
        (paths.PRIOR_YEARS, "years_so_far", []),
        (paths.REASONS, "absences_by_reason", []),
        (paths.REMOTE_DAYS, "remote_days", []),
        (paths.MHW_DAYS, "mhw_days", []),
        (paths.MHW_STUDENTS, "mhw_students", MhwStudents(())),
        (paths.PATTERNS, "pattern", []),
        (paths.FIRST_MONTH, "first_month", None),
        (paths.COHORTS, "cohorts", Cohorts((NOBODY,) * 4, NOBODY, NOBODY)),
        (paths.PUBLISHED, "published_years", []),
        (paths.ALERTS, "alerts", []),
    ],
)
def test_a_value_that_nobody_has_is_told(
    api: Api, monkeypatch: pytest.MonkeyPatch, path: str, question: str, nothing: object
) -> None:
    monkeypatch.setattr(api.trends, question, lambda *_: nothing)
    asked = f"{path}{'&' if '?' in path else '?'}district=D1&group="
    for unknown in ("meals&value=Free", "race_ethnicity&value=Martian", "race_ethnicity&value="):
        told = api.get(asked + unknown)
        assert told.status_code == 400
        assert [fault["parameter"] for fault in told.json()["errors"]] == ["value"]
        assert "Martian" not in told.text
    for held in ("meals&value=free", "meals&value="):
        assert api.get(asked + held).status_code == 200
