"""Stories of what is put right long after: the streamed alerts end as a clean rebuild of the final records.

Each is a property: dates, students and all accidents of the delivery vary, and `settle` compares.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.driver import Rows
from tests.story.story import day
from tests.story.town import Town

SEEDS = st.integers(0, 2**32)
LAST = 60


def story(
    examples: int = 8, /, **drawn: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A property over a seed and what else is drawn."""
    return lambda test: settings(max_examples=examples, deadline=None)(given(seed=SEEDS, **drawn)(test))


def town_of(seed: int, last: int = LAST) -> Town:
    """Mia and Leo are at school A, Zoe is at B."""
    town = Town(seed, last=day(last))
    for student, school in (("mia", "A"), ("leo", "A"), ("zoe", "B")):
        town.student(student, school)
    return town


def of(rows: Rows, student: str, *rules: str) -> list[tuple[str, str]]:
    """Rule and opening day of a student's alerts of some rules, in district scope."""
    return [
        (row["rule"], row["opened_on"])
        for row in rows
        if row["student_id"] == student and row["rule"] in rules and row["scope"] == "district"
    ]


def calendar(town: Town, kind: str, *on: str, schools: str = "A") -> None:
    town.tell(
        "calendar", *({"school_id": school, "date": each, "kind": kind} for school in schools for each in on)
    )


MHW = ("mhw_day", "mhw_consecutive", "mhw_not_k12", "mhw_over_limit")


@story(middle=st.integers(2, 30), late=st.integers(1, 25), back=st.integers(0, 5))
def test_a_snow_day_entered_late_makes_two_mhw_days_neighbours(
    seed: int, middle: int, late: int, back: int
) -> None:
    town = town_of(seed)
    town.until(day(middle + 1))
    before, after = day(middle - 1), day(middle + 1)
    town.mark("mia", "M", before, after)
    town.mark("mia", "P", day(middle))
    apart = [("mhw_day", before), ("mhw_day", after)]
    assert of(town.settle(), "mia", *MHW) == apart
    town.until(day(middle + 1 + late))
    calendar(town, "weather", day(middle))
    assert of(town.settle(), "mia", *MHW) == [("mhw_consecutive", after), ("mhw_day", before)]
    town.until(day(min(LAST, middle + 1 + late + back)))
    calendar(town, "shortened", day(middle))
    assert of(town.settle(), "mia", *MHW) == apart


@story(week=st.integers(1, 6), late=st.integers(1, 25), told=st.booleans())
def test_a_make_up_day_entered_late_parts_two_mhw_days(seed: int, week: int, late: int, told: bool) -> None:
    town = town_of(seed)
    friday, monday = day(5 * week), day(5 * week + 1)
    saturday = f"{friday[:8]}{int(friday[8:]) + 1:02}"
    town.until(monday)
    town.mark("mia", "M", friday, monday)
    assert of(town.settle(), "mia", *MHW) == [("mhw_consecutive", monday), ("mhw_day", friday)]
    town.until(day(5 * week + 1 + late))
    calendar(town, "make_up", saturday)
    if told:
        town.tell("submission", {"school_id": "A", "date": saturday, "state": "submitted"})
    assert of(town.settle(), "mia", *MHW) == [("mhw_day", friday), ("mhw_day", monday)]
    calendar(town, "non_instructional", saturday)
    town.settle()


@story(
    3,
    off=st.sets(st.integers(24, 44), min_size=1, max_size=6),
    on=st.sets(st.integers(24, 44), max_size=3),
    schools=st.sampled_from(("A", "B", "AB")),
)
def test_the_calendar_of_october_is_corrected_in_may(
    seed: int, off: set[int], on: set[int], schools: str
) -> None:
    town = town_of(seed, last=190)
    calendar(town, "holiday", *(day(number) for number in on), schools=schools)
    town.until("2022-05-10")
    town.settle()
    calendar(town, "emergency", *(day(number) for number in off), schools=schools)
    calendar(town, "instructional", *(day(number) for number in on), schools=schools)
    town.settle()
    town.until("2022-05-20")
    town.settle()


@story(moved=st.integers(2, 40), grade=st.sampled_from(("5", "6")), order=st.booleans())
def test_a_transfer_is_entered_three_weeks_late(seed: int, moved: int, grade: str, order: bool) -> None:
    """Since then the new school has taken her attendance, and the old one has missed her."""
    town = town_of(seed)
    town.until(day(moved))
    town.places["mia"] = "B"
    for number in range(moved + 1, moved + 15):
        town.until(day(number))
        town.mark("mia", "U", day(number), school_id="A")
    town.settle()
    ends = {"exit_date": day(moved)}
    if order:
        town.enroll("mia", "A", **ends)
        town.settle()
    town.enroll("mia", "B", grade=grade, entry_date=day(moved + 1))
    town.settle()
    if not order:
        town.enroll("mia", "A", **ends)
    town.until(day(LAST))
    town.settle()


@story(moved=st.integers(2, 40), late=st.integers(0, 15), which=st.sampled_from(("A", "B", "AB")))
def test_an_enrollment_is_deleted(seed: int, moved: int, late: int, which: str) -> None:
    """That of the first school, of the second one, or both: she was never there."""
    town = town_of(seed)
    town.until(day(moved))
    town.enroll("mia", "B", entry_date=day(moved))
    town.places["mia"] = "B"
    town.until(day(moved + late))
    town.settle()
    for school in which:
        entry = day(moved) if school == "B" else day(1)
        town.enroll("mia", school, entry_date=entry, op="delete")
    alerts = town.settle()
    assert which != "AB" or not any(row["student_id"] == "mia" for row in alerts)
    town.until(day(LAST))
    town.settle()
    town.enroll("mia", which[0], entry_date=day(1 if which[0] == "A" else moved))
    town.settle()


@story(
    code=st.sampled_from("EUDNP"),
    meaning=st.sampled_from(("excused", "unexcused", "disciplinary", "mhw", "unknown", "", "delete")),
    since=st.none() | st.integers(1, 50),
    back=st.booleans(),
)
def test_a_code_means_something_else_back_to_september(
    seed: int, code: str, meaning: str, since: int | None, back: bool
) -> None:
    town = town_of(seed)
    town.until(day(50))
    town.settle()

    def means(meaning: str) -> None:
        cells = {"code": code, "effective_from": day(since) if since else ""}
        if meaning == "delete":
            town.tell("code", {**cells, "op": "delete"})
        else:
            status = {"status": "absent", "class": meaning} if meaning else {"status": "in_attendance"}
            town.tell("code", {**cells, **status})

    means(meaning)
    town.settle()
    town.until(day(55))
    if back:
        means("delete" if since else "unexcused")
    town.settle()


@story(upto=st.integers(25, 50), born=st.booleans(), deletes_first=st.booleans())
def test_the_records_of_a_student_move_to_another_id(
    seed: int, upto: int, born: bool, deletes_first: bool
) -> None:
    town = town_of(seed)
    if born:
        town.tell("student", {"student_id": "mia", "birthdate": "2016-10-04"})
    prior = {"school_year": "2020-21", "enrolled_days": "180", "absent_days": "30"}
    town.tell("prior_year", {"student_id": "mia", **prior})
    town.until(day(upto))
    before = town.settle()
    mine = [(kind, held.given) for kind, held in town.told if held.given.get("student_id") == "mia"]
    names = ("op", "recorded_at", "district_id")
    moved = [(kind, {name: cell for name, cell in held.items() if name not in names}) for kind, held in mine]
    steps = [{"op": "delete"}, {"student_id": "maya"}]
    for more in steps if deletes_first else reversed(steps):
        for kind, cells in moved:
            town.tell(kind.value, {**cells, **more})
        town.settle()
    town.rename("mia", "maya")
    after = town.settle()
    what = ("scope", "rule", "opened_on", "recovered_on", "enrolled_days", "absent_days", "condition")
    for rows, student in ((before, "mia"), (after, "maya")):
        rows[:] = [{name: row[name] for name in what} for row in rows if row["student_id"] == student]
    assert after == before
    town.until(day(LAST))
    town.settle()


@story(upto=st.integers(12, 50), middle=st.integers(3, 10), entry=st.booleans())
def test_a_grade_is_corrected_from_pre_kindergarten_to_kindergarten(
    seed: int, upto: int, middle: int, entry: bool
) -> None:
    town = town_of(seed)
    town.student("ida", "B", codes="EEU", grade="PK")
    town.until(day(upto))
    town.mark("ida", "M", day(middle))
    assert of(town.settle(), "ida", *MHW) == [("mhw_not_k12", day(middle))]
    if entry:  # from a day before it only: the days since are of kindergarten
        town.enroll("ida", "B", grade="K", entry_date=day(middle))
    else:
        town.enroll("ida", "B", grade="K")
    assert of(town.settle(), "ida", *MHW) == [("mhw_day", day(middle))]
    town.until(day(LAST))
    town.settle()


@story(since=st.integers(10, 40), late=st.integers(0, 12), complete=st.booleans(), back=st.booleans())
def test_a_school_writes_everybody_down_from_the_middle_of_the_year(
    seed: int, since: int, late: int, complete: bool, back: bool
) -> None:
    """It says so some days later; with `complete` it has written everybody down already."""
    town = town_of(seed)
    if complete:
        town.positive("A", day(since))
    town.until(day(since + late))
    settings = {"school_id": "A", "effective_from": day(since), "attendance_mode": "positive"}
    town.tell("school", settings)
    town.settle()
    town.positive("A", day(since))
    town.until(day(since + late + 5))
    town.mark("leo", "P", *(day(number) for number in range(since, since + late)))
    town.settle()
    if back:
        town.tell("school", {**settings, "op": "delete"})
    town.until(day(LAST))
    town.settle()


@story(
    corrected=st.lists(
        st.tuples(st.sampled_from(("mia", "leo", "zoe")), st.integers(1, 30)), min_size=1, max_size=6
    ),
    code=st.sampled_from(("P", "E", "U")),
    prior=st.booleans(),
)
def test_corrections_of_june_come_when_the_year_has_rolled_over(
    seed: int, corrected: list[tuple[str, int]], code: str, prior: bool
) -> None:
    town = Town(seed, first="2022-04-18", last="2022-06-24")
    for student, school in (("mia", "A"), ("leo", "A"), ("zoe", "B")):
        town.student(student, school)
    town.until("2022-06-30")
    town.settle()
    town.until("2022-07-01")
    town.calendar("2022-07-05", "2022-09-30")
    for student, school in town.places.items():
        town.enroll(student, school, grade="6", entry_date="2022-07-01")
    town.until("2022-07-12")
    town.settle()
    if prior:
        cells = {"student_id": "mia", "school_year": "2021-22", "enrolled_days": "50"}
        town.tell("prior_year", {**cells, "absent_days": "10"})
        town.settle()
    for student, number in corrected:
        town.until(f"2022-07-{12 + number // 4:02}")
        june = f"2022-06-{number:02}"
        town.mark(student, code, june)
        if number % 3 == 0:
            calendar(town, "emergency", june, schools=town.places[student])
        if number % 7 == 0:
            town.enroll(student, town.places[student], exit_date=june)
        town.settle()
    if prior:
        town.tell("prior_year", {**cells, "op": "delete"})
    town.until("2022-09-20")
    town.settle()


@story(
    reopened=st.integers(2, 40),
    count=st.integers(1, 4),
    late=st.integers(10, 18),
    school=st.sampled_from("AB"),
)
def test_submissions_are_reopened_weeks_later(
    seed: int, reopened: int, count: int, late: int, school: str
) -> None:
    town = town_of(seed)
    days = [day(number) for number in range(reopened, reopened + count)]
    town.until(day(reopened + late))
    town.settle()
    for state in ("reopened", "submitted", "delete"):
        cells = {"op": "delete"} if state == "delete" else {"state": state}
        town.tell("submission", *({"school_id": school, "date": on, **cells} for on in days))
        town.mark("mia" if school == "A" else "zoe", "E", *days[:2])
        town.settle()
    town.until(day(LAST))
    town.settle()


@story(3, absent=st.integers(0, 60), enrolled=st.sampled_from((19, 60, 180)))
def test_last_years_record_arrives_in_march(seed: int, absent: int, enrolled: int) -> None:
    town = town_of(seed, last=150)
    town.until("2022-03-08")
    town.settle()
    cells = {"student_id": "mia", "school_year": "2020-21", "enrolled_days": str(enrolled)}
    town.tell("prior_year", {**cells, "absent_days": str(min(absent, enrolled))})
    bars = {0: "", 1: "prior_year_tier_2", 2: "prior_year_tier_3"}
    rate = min(absent, enrolled) / enrolled
    rule = bars[0 if enrolled < 20 or rate < 0.1 else 1 if rate < 0.2 else 2]
    alerts = town.settle()
    assert [name for name, _ in of(alerts, "mia", *bars.values())] == ([rule] if rule else [])
    town.until("2022-03-22")
    town.tell("prior_year", {**cells, "absent_days": "1"})
    town.settle()
    town.tell("prior_year", {**cells, "op": "delete"})
    assert of(town.settle(), "mia", *bars.values()) == []


def test_a_way_that_differs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    town = town_of(7)
    town.until(day(40))
    assert town.settle()
    key = max(town.worker.listener.alerts)
    del town.worker.listener.alerts[key]
    with pytest.raises(AssertionError):
        town.settle()
