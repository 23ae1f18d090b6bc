"""Which rules a change may concern, and what one day more gives without a fold, worked by hand."""

from __future__ import annotations

import pytest

from alerts.advance import advance
from alerts.changes import Published
from alerts.fold import Alert, alert_id, fold
from alerts.quick import ALL, Concerned, FrameChange, flags_of, look_again, may_have_changed, stands
from alerts.reading import reading
from alerts.rules import RULES
from alerts.step import Step
from models.ledger.cohort import Cohort
from models.ledger.known import Known, Moved
from models.ledger.school import SchoolYear
from models.mhw import VALID
from models.policy import DEFAULT, Policy, Share
from models.school_year import written_dates
from models.student_year import NO_MHW, Classes, Frame, Part, StudentYear

DATES = written_dates(2021)
BY_NAME = {rule.name: rule for rule in RULES}
# Numbers that nothing here reaches by itself.
CALM = DEFAULT._replace(minimum_days=400, window_minimum=400, month_pace=400, streak_days=400, level_2=400)


def year(letters: str, *, school: str = "A", k12: bool = True, paper: bool = False) -> StudentYear:
    """A letter a day: `.` in attendance, E U D M N absent, `?` not reported, `-` no school."""
    counted = sum(1 << day for day, letter in enumerate(letters) if letter not in "?-")
    membership = sum(1 << day for day, letter in enumerate(letters) if letter != "-")
    held = [sum(1 << day for day, letter in enumerate(letters) if letter == name) for name in "EUDMN"]
    classes: Classes = (held[0], held[1], held[2], held[3], held[4])
    mhw = {day: VALID for day, letter in enumerate(letters) if letter == "M"} or NO_MHW
    part = Part(school, "5" if k12 else "PK", k12, membership, counted)
    return StudentYear(2021, Frame((part,)), classes, held[3] if paper else 0, mhw)


def alert(rule: str, opened: int, recovered: int | None = None, scope: str = "district") -> Alert:
    """An alert as far as its days and its scope matter."""
    back = "" if recovered is None else DATES[recovered]
    return Alert("", scope, "", "A", rule, 2021, DATES[opened], back, 1, 1, ())


def concerned(before: StudentYear, after: StudentYear, *alerts: Alert, policy: Policy = DEFAULT) -> Concerned:
    known = Known(2021, Cohort((), lambda school: SchoolYear(2021)))
    known.flags = flags_of(alerts)
    change = FrameChange(before.frame, after.frame, policy)
    return may_have_changed(Moved("mia", known, before, after, False), change, policy)


def names(found: Concerned) -> list[str] | str:
    return "all" if found is ALL else [rule.name for rule in found.rules]


@pytest.mark.parametrize(
    ("held", "standing"),
    [
        ([], False),
        ([alert("tier_2", 20)], True),
        ([alert("tier_2", 20, 30)], False),
        ([alert("month_pace", 20)], False),  # it never recovers, so that it is no matter
        ([alert("rolling", 20, 30), alert("rolling", 40)], True),
        ([alert("tier_3", 20, scope="school")], False),
    ],
)
def test_what_stands_is_what_may_recover_in_the_district(held: list[Alert], standing: bool) -> None:
    assert stands(flags_of(held)) is standing


@pytest.mark.parametrize(
    ("rules", "letters", "due"),
    [
        (["tier_2"], "EE" + "." * 18, 23),  # 2 of 23 are less than 9 of 100
        (["tier_3"], "EEEE" + "." * 16, 23),
        (["rolling"], "EE" + "." * 18, 21),
        (["tier_2", "rolling"], "EE" + "." * 18, 21),
        (["tier_2", "consecutive"], "EE" + "." * 18, 0),  # which recovers on any day in attendance
        (["tier_2", "rolling"], "EE" + "." * 17, 0),  # a window that still grows
    ],
)
def test_a_student_is_looked_at_again_when_the_first_alert_may_recover(
    rules: list[str], letters: str, due: int
) -> None:
    flags = flags_of(alert(rule, 19) for rule in rules)
    assert look_again(year(letters), flags, DEFAULT) == due
    assert look_again(year(letters, k12=False), flags, DEFAULT) == 0
    twice = (*year(letters).parts, *year(letters, school="B").parts)
    assert look_again(StudentYear(2021, Frame(twice), (3, 0, 0, 0, 0), 0, NO_MHW), flags, DEFAULT) == 0


def test_a_change_is_plain_at_one_school_on_the_same_membership_days() -> None:
    frame = year("...?").frame

    def plain(before: Frame, after: Frame) -> bool:
        return FrameChange(before, after, DEFAULT).plain

    assert plain(frame, year("....").frame)
    assert not plain(frame, year("...-").frame) and not plain(frame, year("....", school="B").frame)
    assert not plain(frame, year("....", k12=False).frame) and not plain(year("...?", k12=False).frame, frame)
    both = Frame((*year("..--").parts, *year("--..", school="B").parts))
    assert not plain(both, frame) and not plain(frame, both) and not plain(both, both)


@pytest.mark.parametrize(
    ("before", "after", "first", "quiet"),
    [
        ("........?", ".........", 8, True),  # the ninth
        (".........?", "..........", 9, False),  # the tenth, at which a window is one
        ("..........?", "...........", 10, True),
        ("?", ".", 0, False),  # the first
        ("." * 19 + "?", "." * 20, 19, False),  # the twentieth
        ("..?........", "...........", 2, False),  # the tenth is another day than it was
        ("...........", "..........?", 10, True),
        ("." * 11, "." * 10 + "-", 10, False),  # another calendar
        (".........", ".........", -1, True),
    ],
)
def test_a_change_is_quiet_where_a_day_in_attendance_opens_nothing(
    before: str, after: str, first: int, quiet: bool
) -> None:
    change = FrameChange(year(before).frame, year(after).frame, DEFAULT)
    assert (change.first, change.quiet) == (first, quiet)


@pytest.mark.parametrize(
    ("before", "after", "held", "rules"),
    [
        ("..?", "...", [], []),
        ("..?", "..E", [], []),
        ("E.?", "E.E", [], ["month_pace"]),
        ("EE?", "EEE", [alert("month_pace", 1)], ["consecutive"]),
        ("EE?", "EEE", [], ["month_pace", "consecutive"]),
        ("EEE?", "EEE.", [alert("consecutive", 2), alert("month_pace", 1)], ["consecutive"]),
        ("EEE?", "EEEE", [alert("consecutive", 2), alert("month_pace", 1)], []),
        ("EEE.?", "EEE..", [alert("consecutive", 2, 3), alert("month_pace", 1)], []),
        ("EE" + "." * 7 + "?", "EE" + "." * 8, [alert("month_pace", 1)], ["rolling"]),  # the tenth wakes it
        ("EE.?", "E..?", [alert("month_pace", 1)], "all"),  # the day it opened on
        ("EE.?", "EEE?", [alert("month_pace", 1)], ["consecutive"]),
        ("EE.?", "EEE?", [alert("month_pace", 2)], "all"),
        ("EE.?", "EEE?", [alert("tier_2", 2, scope="school")], "all"),
        ("EE.?", "EE.?", [alert("month_pace", 1)], []),
        ("E.?", "M.?", [], "all"),  # an MHW day more
        ("M.?", "..?", [], "all"),  # and one less
        ("M.?", "M..", [], []),
        ("M.?", "M.E", [alert("month_pace", 0)], []),
        ("M.?", ".M?", [], "all"),
        # What is one a year may have reopened on a day that has changed.
        ("E...", ".E..", [alert("tier_2", 0)], "all"),
        ("E..?", "E..E", [alert("tier_2", 0), alert("month_pace", 0)], []),
        ("E" + "?" * 30, "E" + "." * 30, [], []),
        ("E" + "?" * 31, "E" + "." * 31, [], "all"),  # so many days are folded
    ],
)
def test_a_change_concerns_the_rules_that_it_may_open_or_close(
    before: str, after: str, held: list[Alert], rules: list[str] | str
) -> None:
    policy = DEFAULT._replace(tier_2_recovers=Share(1, 1000), window_minimum=10)
    assert names(concerned(year(before), year(after), *held, policy=policy)) == rules


def test_a_paper_for_an_mhw_day_concerns_all_rules() -> None:
    assert concerned(year("M.?"), year("M.?", paper=True)) is ALL
    assert names(concerned(year("M.?", paper=True), year("M..", paper=True))) == []


def test_a_day_less_makes_the_absences_after_it_weigh_more() -> None:
    policy = CALM._replace(streak_days=2)
    assert names(concerned(year("E.E"), year("E?E"), policy=policy)) == ["consecutive"]
    assert names(concerned(year("E.."), year("E?."), policy=policy)) == []


def test_one_day_with_exact_rules_needs_no_fold_and_anything_else_does() -> None:
    one = concerned(year("EE?"), year("EEE"), alert("month_pace", 1))
    assert one.step is not None and (one.step.day, one.step.n, one.step.a) == (2, 3, 3)
    two = concerned(year("EE??"), year("EEE."), alert("month_pace", 1))
    assert (names(two), two.step) == (["consecutive"], None)
    # The gate of a month says perhaps: it does not know the student's age.
    perhaps = concerned(year("UUU?"), year("UUUU"), alert("month_pace", 1), alert("consecutive", 2))
    assert (names(perhaps), perhaps.step) == (["truancy_month"], None)


def published(*alerts: Alert, withdrawn: bool = False) -> dict[str, Published]:
    return {str(place): Published(each, 0, withdrawn) for place, each in enumerate(alerts)}


def step(letters: str) -> Step:
    held = year(letters)
    return Step(held, held.absent, len(letters) - 1, held.counted)


@pytest.mark.parametrize(
    "others",
    [
        {},
        published(alert("consecutive", 2), withdrawn=True),
        published(alert("tier_2", 2)),
        published(alert("consecutive", 2)._replace(school_year=2020)),
        published(alert("consecutive", 2, scope="school")),
        published(alert("consecutive", 2, 3)),  # another opening is another alert
    ],
    ids=["none", "withdrawn", "another rule", "another year", "a school's", "recovered"],
)
def test_a_day_opens_what_does_not_stand(others: dict[str, Published]) -> None:
    found = advance("D", "mia", step("EE.EEU"), [BY_NAME["consecutive"]], others, DEFAULT)
    identity = alert_id("D", "mia", "district", "", "consecutive", 2021, DATES[5])
    assert found == {
        identity: Alert(
            identity,
            "district",
            "",
            "A",
            "consecutive",
            2021,
            DATES[5],
            "",
            6,
            5,
            (DATES[3], DATES[4], DATES[5]),
        )
    }


def test_what_advance_opens_is_what_the_fold_finds() -> None:
    held = year("EE" + "." * 17 + "E")
    found = advance("D", "mia", step("EE" + "." * 17 + "E"), [BY_NAME["tier_2"]], {}, DEFAULT)
    [defined] = [
        each
        for each in fold("D", "mia", reading(held, None, None), DEFAULT).values()
        if each.rule == "tier_2"
    ]
    assert list(found.values()) == [defined]


def test_a_day_closes_what_stands_and_reopens_what_is_one_a_year() -> None:
    standing = alert("tier_2", 19)._replace(alert_id="x")
    rules = [BY_NAME["tier_2"]]
    today = DATES[2]
    assert advance("D", "mia", step("..."), rules, published(standing), DEFAULT) == {
        "x": standing._replace(recovered_on=today)
    }
    recovered = standing._replace(recovered_on=DATES[1])
    assert advance("D", "mia", step("..."), rules, published(recovered), DEFAULT) == {"x": standing}
    # Of several openings it is the one that stands.
    first, second = alert("rolling", 3, 5)._replace(alert_id="y"), alert("rolling", 6)._replace(alert_id="z")
    assert advance("D", "mia", step("..."), [BY_NAME["rolling"]], published(first, second), DEFAULT) == {
        "z": second._replace(recovered_on=today)
    }
