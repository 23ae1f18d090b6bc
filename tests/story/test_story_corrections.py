"""Stories of records that come late, twice, wrong, or are taken back."""

from __future__ import annotations

from tests.story.expected import amended, opened, recovered, reopened, withdrawn
from tests.story.story import Story, day


def at_risk(*rules: str) -> Story:
    """Mia missed two of the first twenty days."""
    story = Story(*(rules or ("tier_2",))).school("A").student("mia")
    return story.absent("mia", "E", day(3), day(9)).at(day(20)).evening()


def test_an_alert_that_was_never_true_is_withdrawn_and_comes_back_as_the_same() -> None:
    story = at_risk().expect(opened("tier_2"))
    [before] = story.alerts("mia", "tier_2")
    story.correct("mia", "P", day(9)).expect(withdrawn("tier_2", alert_id=before.alert_id))
    assert story.alerts("mia", "tier_2") == []
    story.correct("mia", "E", day(9)).expect(opened("tier_2", alert_id=before.alert_id))
    assert story.alerts("mia", "tier_2") == [before]


def test_a_late_record_amends_the_evidence() -> None:
    story = at_risk().expect(opened("tier_2", dates=(day(3), day(9))))
    story.at(day(22)).absent("mia", "E", day(5)).expect(
        amended("tier_2", on=day(20), n=20, a=3, dates=(day(3), day(5), day(9)))
    )


def test_a_deleted_record_takes_its_absence_along_and_an_older_one_stays_dead() -> None:
    story = at_risk().expect(opened("tier_2"))
    story.delete("mia", day(3)).expect(withdrawn("tier_2"))
    story.write(
        "attendance",
        school_id="A",
        student_id="mia",
        date=day(3),
        code="U",
        recorded_at="2021-08-01T08:00:00Z",
    ).expect_nothing()
    assert story.standing("mia", day(20), "enrolled_days", "absent_days") == ["20", "1"]


def test_the_same_record_twice_is_one_record() -> None:
    story = at_risk().expect(opened("tier_2"))
    for _ in range(2):
        story.write(
            "attendance", school_id="A", student_id="mia", date=day(4), code="E",
            recorded_at="2021-09-24T15:00:00Z",
        )  # fmt: skip
    story.expect(amended("tier_2", a=3))


def test_a_restart_changes_nothing() -> None:
    story = at_risk().expect(opened("tier_2")).restart().expect_nothing()
    story.at(day(23)).evening().expect(recovered("tier_2", recovered_on=day(23)))
    story.restart().at(day(26)).evening().expect_nothing()
    story.restart().absent("mia", "E", day(25), day(26)).expect(reopened("tier_2", on=day(20), n=20, a=2))


def test_a_code_that_nobody_mapped_waits_and_counts_once_it_is_mapped() -> None:
    story = Story("tier_2", "truancy_month").school("A").student("mia").at(day(10))
    story.absent("mia", "VHC", *(day(number) for number in (3, 4, 8, 9))).expect_nothing()
    assert story.set_aside() == 4
    story.at(day(20)).evening().expect_nothing()
    story.write("code", code="VHC", status="absent", class_="unexcused").expect(
        opened("truancy_month", on=day(9), n=9, a=4), opened("tier_2", on=day(20), n=20, a=4)
    )
    assert story.set_aside() == 0
    story.write("code", code="VHC", status="absent", class_="excused").expect(withdrawn("truancy_month"))


def test_an_older_version_stands_in_for_one_with_an_unmapped_code() -> None:
    story = at_risk().expect(opened("tier_2"))
    story.correct("mia", "NP", day(3)).expect_nothing()
    assert story.set_aside() == 1
    story.write("code", code="NP", status="in_attendance").expect(withdrawn("tier_2"))
    assert story.set_aside() == 0


def test_a_code_means_from_its_day_on_what_it_says() -> None:
    story = Story("truancy_month").school("A").student("mia")
    story.absent("mia", "U", *(day(number) for number in (3, 4, 8, 9))).at(day(9)).evening()
    story.expect(opened("truancy_month", on=day(9), dates=(day(3), day(4), day(8), day(9))))
    story.write("code", code="U", status="absent", class_="unknown", effective_from=day(9))
    story.expect(withdrawn("truancy_month"))
    assert story.standing("mia", day(9), "unexcused_days", "unknown_days") == ["3", "1"]


def test_an_excuse_that_comes_later_ends_a_truancy_but_not_the_absences() -> None:
    story = Story("truancy_month", "month_pace").school("A").student("mia").at(day(9))
    story.absent("mia", "U", *(day(number) for number in (3, 4, 8, 9))).expect(
        opened("truancy_month", on=day(9)), opened("month_pace", on=day(4))
    )
    story.at(day(12)).correct("mia", "E", day(8)).expect(withdrawn("truancy_month"))
    story.at(day(12)).absent("mia", "U").expect(opened("truancy_month", on=day(12), a=5))


def test_a_grade_corrected_to_pre_kindergarten_takes_all_rates_back() -> None:
    story = at_risk("tier_2", "month_pace").expect(opened("tier_2"), opened("month_pace"))
    story.student("mia", "PK").expect(withdrawn("tier_2"), withdrawn("month_pace"))
    assert story.standing("mia", day(20), "grade", "absent_days", "tier", "level") == ["PK", "2", "", ""]
    story.student("mia", "KG").expect(opened("tier_2"), opened("month_pace"))


def test_parts_of_a_day_add_up() -> None:
    story = Story("mhw_day", "level_2_next").school("A").student("mia").at(day(2))
    story.absent("mia", "E", record_id="am", absent_fraction="0.5").evening()
    assert story.standing("mia", day(2), "enrolled_days", "absent_days") == ["2", "0"]
    story.absent("mia", "U", record_id="pm", absent_fraction="0.25").expect_nothing()
    assert story.standing("mia", day(2), "absent_days", "excused_days", "unexcused_days") == ["1", "1", "0"]
