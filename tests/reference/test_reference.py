"""Counting and alerts of the reference, each example worked by hand from the contract."""

from __future__ import annotations

import pytest

from tests.reference.rules import Policy
from tests.reference.town import Town, day

COUNTS = ("enrolled_days", "absent_days")
CLASSES = ("excused_days", "unexcused_days", "disciplinary_days", "mhw_days", "unknown_days")


# --- tiers -----------------------------------------------------------------------------------------------


def test_tier_2_opens_on_the_twentieth_counted_day_at_ten_percent() -> None:
    town = Town(20).mark("E", 1, 2)
    assert town.alerts("tier_2") == ["district A 2021-09-24 - 20 2 standing"]
    assert town.alerts("tier_2", as_of="2021-09-23") == []
    assert town.standing("2021-09-23", *COUNTS, "tier", "rate_percent") == ["19 2 II 10.53"]


def test_tier_2_wants_ten_percent_not_less() -> None:
    assert Town(21).mark("E", 5, 21).alerts("tier_2") == []  # 20 < 21
    assert Town(20).mark("E", 20, 5).alerts("tier_2") == ["district A 2021-09-24 - 20 2 standing"]


def test_tier_2_recovers_below_nine_percent_and_reopens_as_the_same_alert() -> None:
    # 200 < 9 n from the 23rd day on; the third absence on the 24th makes 30 >= 24
    assert Town(22).mark("E", 1, 2).alerts("tier_2") == ["district A 2021-09-24 - 20 2 standing"]
    assert Town(23).mark("E", 1, 2).alerts("tier_2") == ["district A 2021-09-24 2021-09-29 20 2 recovered"]
    assert Town(24).mark("E", 1, 2, 24).alerts("tier_2") == ["district A 2021-09-24 - 20 2 standing"]
    # 300 < 9 n from the 34th day (2021-10-14): the last recovery is the one shown
    assert Town(34).mark("E", 1, 2, 24).alerts("tier_2") == [
        "district A 2021-09-24 2021-10-14 20 2 recovered"
    ]


def test_tier_3_opens_at_twenty_and_recovers_below_eighteen_percent() -> None:
    assert Town(22).mark("N", 1, 2, 3, 4).alerts("tier_3") == ["district A 2021-09-24 - 20 4 standing"]
    assert Town(23).mark("N", 1, 2, 3, 4).alerts("tier_3") == [
        "district A 2021-09-24 2021-09-29 20 4 recovered"
    ]
    assert Town(20).mark("N", 1, 2, 3).alerts("tier_3") == []
    assert Town(20).mark("N", 1, 2, 3, 4).standing(day(20), "tier") == ["III"]


def test_the_minimum_is_the_policys() -> None:
    assert Town(5).mark("E", 1).alerts("tier_2", policy=Policy(minimum_days=5)) == [
        "district A 2021-09-03 - 5 1 standing"
    ]


def test_alert_ids_are_the_hash_of_the_identity() -> None:
    # printf '["D","s1","district","","tier_2","2021-22",""]' | sha256sum | cut -c1-32
    ids = {row["rule"]: row["alert_id"] for row in Town(20).mark("E", 4, 5, 6).result().alerts()}
    assert ids["tier_2"] == "5c1450a68abffc3d83f636f8e9b8fc68"
    assert (
        ids["consecutive"] == "ed472ee1fe2fe32cf41727ec95c6e0c9"
    )  # ... "consecutive","2021-22","2021-09-06"]


def test_tiers_are_folded_in_school_scope_for_students_of_two_schools() -> None:
    town = Town(45, "AB").enroll(school_id="B", entry_date=day(24)).mark("E", 1, 2, 3)
    town.mark("E", 24, 25, school_id="B")
    # at A 20 days by 09-24 with 3 absent, 23 at the end: 300 >= 9 * 23; at B 20 days on the 43rd
    assert town.alerts("tier_2") == [
        "district A 2021-09-24 - 20 3 standing",
        "school A 2021-09-24 - 20 3 standing",
        "school B 2021-10-27 - 20 2 standing",
    ]
    by_scope = {(row["scope"], row["school_id"]): row for row in town.result().alerts()}
    assert by_scope["school", "A"]["alert_id"] == "637b4ac45c1a6f68c0706be83e59a790"
    assert by_scope["school", "A"]["current_school_id"] == "B"
    # by the last day at A there is one school only
    assert town.alerts("tier_2", as_of=day(23)) == ["district A 2021-09-24 - 20 3 standing"]


# --- other rules of one a year ---------------------------------------------------------------------------


def test_month_pace_from_31_august_begins_its_second_month_on_30_september() -> None:
    town = Town(25, enroll=False).enroll(entry_date="2021-08-31")
    # the first month ends with 09-29 (day 23): a second absence on 09-30 is one of the second month
    assert Town(25).mark("E", 3, 9).alerts("month_pace") == ["district A 2021-09-09 - 9 2 standing"]
    town.mark("E", 3, "2021-09-30", "2021-10-01")
    assert town.alerts("month_pace") == []
    town.mark("E", "2021-09-29")
    assert town.alerts("month_pace") == ["district A 2021-09-29 - 22 2 standing"]


def test_month_pace_counts_months_from_an_unreported_first_day() -> None:
    town = Town(24).mark("E", 22, 24)  # 09-28 and 09-30; from 08-30 the second month begins on 09-30
    for number in range(1, 22):
        town.add(
            "submission",
            school_id="A",
            date=day(number),
            state="reopened",
            recorded_at="2022-01-01T00:00:00Z",
        )
    assert town.standing(day(24), *COUNTS, "unreported_days") == ["3 2 21"]
    assert town.alerts("month_pace") == []


@pytest.mark.parametrize(
    ("enrolled", "absent", "rules"),
    [
        ("20", "2", ["prior_year_tier_2"]),
        ("180", "17", []),
        ("180", "35", ["prior_year_tier_2"]),
        ("180", "36", ["prior_year_tier_3"]),
        ("19", "19", []),
    ],
)
def test_prior_year_by_record(enrolled: str, absent: str, rules: list[str]) -> None:
    town = Town(3, submitted=0).add(
        "prior_year", student_id="s1", school_year="2020-21", enrolled_days=enrolled, absent_days=absent
    )
    assert town.result().alerts() == []  # nothing is counted yet
    town.add("submission", school_id="A", date=day(2), state="submitted")
    rows = town.result().alerts()
    assert [row["rule"] for row in rows] == rules
    assert all(
        (row["opened_on"], row["enrolled_days"], row["absent_days"]) == ("2021-08-31", enrolled, absent)
        for row in rows
    )


def test_prior_year_by_the_students_own_days_unless_a_record_says_otherwise() -> None:
    town = Town(20).mark("E", 1, 2)
    town.add("calendar", school_id="A", date="2022-07-01", kind_="instructional")
    town.add("submission", school_id="A", date="2022-07-01", state="submitted")
    assert town.alerts("prior_year_tier_2") == ["district A 2022-07-01 - 20 2 standing"]
    town.add("prior_year", student_id="s1", school_year="2021-22", enrolled_days="10", absent_days="10")
    assert town.alerts("prior_year_tier_2") == town.alerts("prior_year_tier_3") == []


def test_truancy_month_looks_at_thirty_calendar_days() -> None:
    # 08-30 to 09-28 are thirty days (2 + 28), to 09-29 one too many
    assert Town(30).mark("U", 1, 5, 9, 22).alerts("truancy_month") == [
        "district A 2021-09-28 - 22 4 standing"
    ]
    assert Town(30).mark("U", 1, 5, 9, 23).alerts("truancy_month") == []
    assert Town(30).mark("U", 1, 5, 9).mark("D", 10).alerts("truancy_month") == []


def test_truancy_month_by_the_calendar() -> None:
    calendar = Policy(month_mode="calendar")
    assert Town(30).mark("U", 1, 5, 9, 22).alerts("truancy_month", policy=calendar) == []
    assert Town(30).mark("U", 3, 5, 9, 24).alerts("truancy_month", policy=calendar) == [
        "district A 2021-09-30 - 24 4 standing"
    ]


def test_truancy_counts_from_the_fifth_birthday_to_the_eve_of_the_nineteenth() -> None:
    town = Town(30).mark("U", 1, 2, 3, 4, 5)
    assert town.alerts("truancy_month") == ["district A 2021-09-02 - 4 4 standing"]
    town.add("student", student_id="s1", birthdate="2016-08-31")  # five on the second day
    assert town.alerts("truancy_month") == ["district A 2021-09-03 - 5 5 standing"]
    town.add("student", student_id="s1", birthdate="2002-09-02", recorded_at="2021-08-02T08:00:00Z")
    assert town.alerts("truancy_month") == []  # nineteen on the fourth day: three count


@pytest.mark.parametrize(
    ("born", "dates", "opened"),
    [
        # five on 1 March 2021: the day before it does not count, the four from it do
        ("2016-02-29", ("2021-02-28", "2021-03-01", "2021-03-02", "2021-03-03", "2021-03-04"), "2021-03-04"),
        # nineteen on 1 March 2019: the day before it still counts
        ("2000-02-29", ("2019-02-25", "2019-02-26", "2019-02-27", "2019-02-28"), "2019-02-28"),
        ("2000-02-28", ("2019-02-25", "2019-02-26", "2019-02-27", "2019-02-28"), ""),
    ],
)
def test_a_birthday_of_29_february_is_on_1_march(born: str, dates: tuple[str, ...], opened: str) -> None:
    town = Town(0, enroll=False).enroll(entry_date=dates[0]).add("student", student_id="s1", birthdate=born)
    for on in dates:
        town.add("calendar", school_id="A", date=on, kind_="make_up").mark("U", on)
    assert "".join(alert.split()[2] for alert in town.alerts("truancy_month")) == opened


def test_level_and_year_counts() -> None:
    town = Town(30).mark("U", *range(1, 21))
    assert town.alerts("level_2_next") == ["district A 2021-09-09 - 9 9 standing"]
    assert town.alerts("level_2") == ["district A 2021-09-10 - 10 10 standing"]
    assert town.alerts("truancy_year") == ["district A 2021-09-10 - 10 10 standing"]
    assert town.alerts("habitual_truant") == ["district A 2021-09-24 - 20 20 standing"]
    assert town.standing(day(9), "level") == ["1"]
    assert town.standing(day(10), "level", scope="school") == ["2"]


# --- rules of one an opening day -------------------------------------------------------------------------


def test_rolling_opens_on_the_tenth_day_and_recovers_below_a_tenth_of_twenty() -> None:
    assert Town(9).mark("E", *range(1, 10)).alerts("rolling") == []
    # 2 of 20 stand (20 < 20 is false); on the 21st day the window has lost the first: 1 of 20
    assert Town(20).mark("E", 1, 2).alerts("rolling") == ["district A 2021-09-10 - 10 2 standing"]
    assert Town(21).mark("E", 1, 2).alerts("rolling") == ["district A 2021-09-10 2021-09-27 10 2 recovered"]


def test_rolling_grows_its_window_up_to_twenty_days() -> None:
    # 2 of 11 is too few (10 < 11), 3 of 15 enough, 3 of 16 not
    assert Town(11).mark("E", 10, 11).alerts("rolling") == []
    assert Town(15).mark("E", 1, 14, 15).alerts("rolling") == ["district A 2021-09-17 - 15 3 standing"]
    assert Town(16).mark("E", 1, 15, 16).alerts("rolling") == []
    # on the 25th day the last twenty are days 6 to 25
    assert Town(25).mark("E", 5, 23, 24, 25).alerts("rolling") == []
    assert Town(25).mark("E", 6, 23, 24, 25).alerts("rolling") == ["district A 2021-10-01 - 25 4 standing"]
    town = Town(25).mark("E", 6, 23, 24, 25)
    assert town.standing(day(25), "window_days", "window_absent_days") == ["20 4"]
    assert town.standing(day(10), "window_days", "window_absent_days") == ["10 1"]


def test_consecutive_opens_again_after_a_day_in_attendance() -> None:
    town = Town(14).mark("E", 4, 5, 6, 8, 9, 11, 12, 13, 14)
    assert town.alerts("consecutive") == [
        "district A 2021-09-06 2021-09-07 6 3 recovered",
        "district A 2021-09-15 - 13 8 standing",
    ]


def test_consecutive_looks_at_counted_days() -> None:
    town = Town(6, submitted=0).mark("E", 1, 2, 4)
    town.add("submission", school_id="A", date=day(3), state="reopened")
    # the records report days 1, 2 and 4; day 3 is reopened
    assert town.alerts("consecutive") == ["district A 2021-09-02 - 3 3 standing"]


# --- MHW days --------------------------------------------------------------------------------------------


def mhw_rules(town: Town) -> list[str]:
    """Give the MHW alerts but for those of permission."""
    rows = town.result().alerts()
    mine = [row for row in rows if row["rule"].startswith("mhw") and "permission" not in row["rule"]]
    return [f"{row['opened_on']} {row['rule']}" for row in sorted(mine, key=lambda row: row["opened_on"])]


def test_mhw_chain_across_a_snow_day() -> None:
    town = Town(8).mark("M", 3, 5)
    assert mhw_rules(town) == ["2021-09-01 mhw_day", "2021-09-03 mhw_day"]
    town.add("calendar", school_id="A", date=day(4), kind_="weather", recorded_at="2021-09-02T05:00:00Z")
    assert mhw_rules(town) == ["2021-09-01 mhw_day", "2021-09-03 mhw_consecutive"]
    # the day before the 6th was not a valid one, so the 6th is; the 8th is over the limit
    town.mark("M", 6, 8)
    assert mhw_rules(town)[2:] == ["2021-09-06 mhw_day", "2021-09-08 mhw_over_limit"]
    assert town.standing(day(8), *COUNTS, *CLASSES) == ["7 4 0 0 0 2 2"]


def test_mhw_is_consecutive_over_a_weekend_but_not_over_an_unreported_day() -> None:
    assert mhw_rules(Town(8).mark("M", 5, 6)) == ["2021-09-03 mhw_day", "2021-09-06 mhw_consecutive"]
    town = Town(8).mark("M", 5, 7)
    town.add("submission", school_id="A", date=day(6), state="reopened", recorded_at="2021-10-01T00:00:00Z")
    assert mhw_rules(town) == ["2021-09-03 mhw_day", "2021-09-07 mhw_day"]


def test_mhw_follows_the_student_to_another_school() -> None:
    town = (
        Town(8, "AB").mark("M", 1, 3).enroll(school_id="B", entry_date=day(4)).mark("M", 4, 6, school_id="B")
    )
    assert mhw_rules(town)[2:] == ["2021-09-02 mhw_consecutive", "2021-09-06 mhw_over_limit"]


def test_mhw_of_a_pk_day_is_invalid_and_its_evidence_counts_pk_days() -> None:
    town = Town(8, enroll=False).enroll(grade="PK", exit_date=day(4)).enroll(entry_date=day(5), grade="K")
    town.mark("E", 1).mark("M", 2, 5)
    assert town.alerts("mhw_not_k12") == ["district A 2021-08-31 - 2 2 standing"]
    assert town.alerts("mhw_day") == ["district A 2021-09-03 - 1 1 standing"]


def test_mhw_permission() -> None:
    assert Town(5).mark("M", 1).alerts("mhw_permission_missing") == ["district A 2021-08-30 - 1 1 standing"]
    assert Town(5).mark("M", 1, permission="missing").alerts("mhw_permission_missing") != []
    assert Town(5).mark("M", 1, permission="documented").alerts("mhw_permission_missing") == []
    assert (
        Town(5).mark("M", 1).alerts("mhw_permission_missing", policy=Policy(mhw_requires_permission=False))
        == []
    )
    # a documented record of another class does not count
    town = Town(5).mark("M", 1).mark("E", 1, record_id="r", absent_fraction="0", permission="documented")
    assert len(town.alerts("mhw_permission_missing")) == 1


def test_half_a_day_of_mhw_neither_counts_nor_is_limited() -> None:
    town = Town(9).mark("M", 1, 3, 5, absent_fraction="0.5").mark("M", 7, 9)
    assert mhw_rules(town) == ["2021-09-07 mhw_day", "2021-09-09 mhw_day"]
    assert town.standing(day(9), *COUNTS) == ["9 2"]


# --- days ------------------------------------------------------------------------------------------------


def test_fractions_add_up_to_more_than_half() -> None:
    town = (
        Town(4).mark("E", 1, 2, 3, absent_fraction=".5").mark("U", 2, record_id="pm", absent_fraction="0.25")
    )
    town.mark("P", 3, record_id="pm", absent_fraction="1")  # in attendance adds 0, whatever it carries
    town.mark("U", 4, absent_fraction="0.3").mark("E", 4, record_id="pm", absent_fraction="0.2")
    assert town.standing(day(4), *COUNTS, *CLASSES) == ["4 1 1 0 0 0 0"]


def test_class_of_equal_fractions_is_the_first_in_favour_of_no_truancy() -> None:
    town = Town(4)
    for number, codes in enumerate(("UN", "UND", "DM", "ME"), 1):
        for code in codes:
            town.mark(code, number, record_id=code, absent_fraction="0.4")
    town.mark("U", 4, record_id="big", absent_fraction=".41")
    assert town.standing(day(3), *CLASSES) == ["0 0 1 1 1"]
    assert town.standing(day(4), *CLASSES) == ["0 1 1 1 1"]


def test_by_record_a_record_reports_the_days_up_to_it() -> None:
    town = Town(6, submitted=0).mark("P", 3, student_id="somebody")
    assert town.standing(day(6), *COUNTS, "unreported_days", "data_through") == ["3 0 3 2021-09-01"]
    # entered on the 2nd for the 5th: evidence of the 2nd only
    town = Town(6, submitted=0).mark("E", 5, recorded_at=f"{day(2)}T08:00:00Z")
    assert town.standing(day(6), *COUNTS, "unreported_days") == ["2 0 4"]
    # entered late: its own date counts; a delete and an unmapped code are evidence like others
    late = {"recorded_at": "2021-12-01T08:00:00Z"}
    assert Town(6, submitted=0).mark("Q", 4, **late).standing(day(6), *COUNTS) == ["4 0"]
    assert Town(6, submitted=0).mark("", 4, op="delete", **late).standing(day(6), *COUNTS) == ["4 0"]


def test_by_record_wants_a_school_day_of_any_track_in_the_same_year() -> None:
    assert Town(6, submitted=0).mark("P", "2021-09-04").standing(day(6), *COUNTS) == ["0 0"]
    town = Town(6, submitted=0).mark("P", "2021-09-04")
    town.add("calendar", school_id="A", date="2021-09-04", kind_="make_up", track="B")
    assert town.standing(day(6), *COUNTS) == ["5 0"]
    # written in the June before: the earlier date lies in another school year
    town = Town(6, submitted=0).mark("P", 3, recorded_at="2021-06-30T08:00:00Z")
    assert town.standing(day(6), *COUNTS) == ["0 0"]


def test_the_date_written_counts_for_evidence_not_the_instant() -> None:
    # 01:00 at +13:00 on the third day is the second day in UTC
    town = Town(6, submitted=0).mark("P", 5, recorded_at=f"{day(3)}T01:00:00+13:00")
    assert town.standing(day(6), *COUNTS) == ["3 0"]


def test_a_reopened_day_is_not_reported_by_records() -> None:
    town = (
        Town(6, submitted=0).mark("E", 2, 6).add("submission", school_id="A", date=day(2), state="reopened")
    )
    assert town.standing(day(6), *COUNTS, "unreported_days") == ["5 1 1"]


def test_an_explicit_school_waits_for_its_submission() -> None:
    town = Town(6, submitted=4).mark("E", 5)
    assert town.standing(day(6), *COUNTS) == ["5 1"]
    town.add("school", school_id="A", submission="explicit")
    assert town.standing(day(6), *COUNTS) == ["4 0"]


def test_a_positive_school_reports_a_student_by_a_record_of_his_own() -> None:
    town = Town(6).add("school", school_id="A", attendance_mode="positive").mark("P", 1, 2).mark("E", 4)
    town.mark("P", 5, student_id="s2").mark("E", 6).mark(
        "", 6, op="delete", recorded_at="2021-12-01T08:00:00Z"
    )
    assert town.standing(day(6), *COUNTS, "unreported_days", "data_through") == ["3 1 3 2021-09-02"]


def test_a_blank_setting_takes_the_value_of_the_record_before_it() -> None:
    town = Town(6, submitted=0).mark("P", 6)
    town.add("school", school_id="A", submission="explicit", effective_from=day(2))
    town.add("school", school_id="A", attendance_mode="positive", effective_from=day(4))
    town.add("school", school_id="A", attendance_mode="negative", effective_from=day(6))
    # day 1 by record; 2 and 3 explicit; 4 and 5 positive; 6 explicit still
    assert town.standing(day(6), *COUNTS, "data_through") == ["1 0 2021-08-30"]
    town.add("school", school_id="A", submission="by_record", effective_from=day(5))
    assert town.standing(day(6), *COUNTS, "data_through") == ["2 0 2021-09-06"]


def test_a_track_speaks_before_the_blank_track() -> None:
    town = Town(5, enroll=False).enroll(track="B")
    town.add("calendar", school_id="A", date=day(2), kind_="holiday", track="B")
    town.add("calendar", school_id="A", date="2021-09-04", kind_="make_up", track="B")
    town.add("submission", school_id="A", date="2021-09-04", state="submitted")
    assert town.standing(day(10), "enrolled_days", "data_through") == ["5 2021-09-04"]


# --- enrollment ------------------------------------------------------------------------------------------


def test_a_transfer_day_counts_once_for_the_arriving_school() -> None:
    town = Town(5, "AB", enroll=False).enroll(exit_date=day(3)).enroll(school_id="B", entry_date=day(3))
    assert town.standing(day(5), "school_id", "enrolled_days", scope="school") == ["A 2", "B 3"]
    assert town.standing(day(5), "school_id", "enrolled_days") == ["B 5"]
    # what the leaving school says of the transfer day is kept, and not counted
    assert town.mark("E", 3).standing(day(5), *COUNTS) == ["5 0"]


def test_an_earlier_enrollment_does_not_come_back_when_the_later_one_ends() -> None:
    town = Town(6, "AB").enroll(school_id="B", entry_date=day(3), exit_date=day(4))
    assert town.standing(day(6), "school_id", "enrolled_days") == ["B 4"]
    # a no-show is as if absent
    town = Town(6, "AB").enroll(school_id="B", entry_date=day(3), exit_date=day(2))
    assert town.standing(day(6), "school_id", "enrolled_days") == ["A 6"]


def test_of_two_entries_on_a_day_the_later_version_owns_it() -> None:
    town = Town(6, "AB").enroll(school_id="B", recorded_at="2021-08-01T08:00:01Z", grade="08")
    assert town.standing(day(6), "school_id", "grade", "enrolled_days") == ["B 8 6"]


def test_pk_and_k12_days_are_never_added_up() -> None:
    town = (
        Town(10, enroll=False).enroll(grade="PK").enroll(grade="KG", entry_date=day(7)).mark("E", 1, 2, 3, 8)
    )
    columns = ("grade", *COUNTS, "tier", "level", "rate_percent")
    assert town.standing(day(6), *columns) == ["PK 6 3 - - 50.00"]
    assert town.standing(day(10), *columns) == ["K 4 1 III 1 25.00"]
    assert town.alerts("consecutive") == []


def test_a_k12_row_without_counted_days() -> None:
    town = Town(3, submitted=0)
    row = town.result().standings(day(3))[0]
    counts = ["enrolled", "absent", "excused", "unexcused", "disciplinary", "mhw", "unknown", "unreported"]
    assert list(row) == [
        *("district_id", "scope", "school_id", "student_id", "grade"),
        *(f"{name}_days" for name in counts),
        *("rate_percent", "tier", "level", "window_days", "window_absent_days", "data_through"),
    ]
    expected = ["D", "district", "A", "s1", "5", *["0"] * 7, "3", "", "", "1", "0", "0", ""]
    assert list(row.values()) == expected
    assert town.result().standings("2021-08-29") == []


def test_rates_are_rounded_half_up() -> None:
    town = Town(32).mark("E", 1)
    assert town.standing(day(32), "rate_percent") == ["3.13"]  # 3.125
    assert town.standing(day(16), "rate_percent") == ["6.25"]
    assert town.standing(day(3), "rate_percent") == ["33.33"]


def test_the_school_year_turns_on_1_july() -> None:
    town = Town(0, enroll=False).enroll(entry_date="2021-01-04")
    for on in ("2021-06-29", "2021-06-30", "2021-07-01"):
        town.add("calendar", school_id="A", date=on, kind_="shortened")
        town.add("submission", school_id="A", date=on, state="submitted")
    town.mark("E", "2021-06-29", "2021-06-30", "2021-07-01")
    assert town.standing("2021-06-30", *COUNTS) == ["2 2"]
    assert town.standing("2021-07-01", *COUNTS) == ["1 1"]
    assert town.alerts("consecutive") == []


def test_rows_are_sorted_by_bytes() -> None:
    town = Town(3, "Ba", enroll=False)
    for student, school in (("b", "B"), ("a", "a"), ("10", "a"), ("9", "a"), ("Z", "B")):
        town.enroll(student_id=student, school_id=school)
    rows = town.result().standings(day(3))
    assert [" ".join((row["scope"][0], row["school_id"], row["student_id"])) for row in rows] == [
        f"{scope} {who}" for scope in "ds" for who in ("B Z", "B b", "a 10", "a 9", "a a")
    ]
