"""What is published of alerts, worked by hand: which change it is, how it is kept, since when it is known."""

from __future__ import annotations

from datetime import date

import orjson
import pytest

from alerts.changes import Change, Published, differences, pack, unpack
from alerts.days import absences, found, renumbered
from alerts.fold import Alert, alert_id, fold
from alerts.known_since import known_since
from alerts.reading import reading
from alerts.rules import RULES
from models.bits import span
from models.mhw import CONSECUTIVE, VALID
from models.policy import DEFAULT
from models.student_year import NO_MHW, Classes, Frame, Part, StudentYear
from tests.unit.counted import counted, weekday, year

OPEN = Alert("1", "district", "", "A", "tier_2", 2021, "2021-10-01", "", 20, 2, ("2021-09-01", "2021-10-01"))
BACK = OPEN._replace(recovered_on="2021-11-01")
MORE = OPEN._replace(n=21)


@pytest.mark.parametrize(
    ("was", "withdrawn", "now", "what"),
    [
        (None, False, OPEN, "opened"),
        (OPEN, False, BACK, "recovered"),
        (BACK, False, OPEN, "reopened"),
        (OPEN, False, MORE, "amended"),
        (BACK, False, BACK._replace(recovered_on="2021-11-02"), "amended"),
        (OPEN, False, None, "withdrawn"),
        (OPEN, True, OPEN, "opened"),  # given again, though it is what it was
        (BACK, True, BACK, "opened"),
        (OPEN, False, OPEN, None),
        (OPEN, True, None, None),
    ],
)
def test_a_change_is_named_after_what_it_means(
    was: Alert | None, withdrawn: bool, now: Alert | None, what: str | None
) -> None:
    before = {} if was is None else {"1": Published(was, 3, withdrawn)}
    changes = differences(before, {} if now is None else {"1": now})
    if what is None:
        assert changes == []
        return
    shown = now or was
    assert shown is not None
    assert changes == [Change(what, Published(shown, 0 if was is None else 4, now is None))]


def test_changes_come_in_the_order_of_their_ids() -> None:
    before = {key: Published(OPEN._replace(alert_id=key), 0, False) for key in ("b", "d")}
    now = {key: OPEN._replace(alert_id=key) for key in ("c", "a", "d")}
    changes = differences(before, now)
    assert [(each.what, each.published.alert.alert_id) for each in changes] == [
        ("opened", "a"), ("withdrawn", "b"), ("opened", "c"),
    ]  # fmt: skip


def test_the_condition_is_what_was_last_published() -> None:
    conditions = [Published(alert, 0, gone).condition for alert in (OPEN, BACK) for gone in (False, True)]
    assert conditions == ["standing", "withdrawn", "recovered", "withdrawn"]


def test_the_state_keeps_a_row_an_alert_with_its_evidence_as_days_of_the_year() -> None:
    held = {"1": Published(OPEN, 4, True)}
    row = ["1", "district", "", "A", "tier_2", 2021, "2021-10-01", "", 20, 2, [62, 92], 4, True]
    assert orjson.loads(pack(held)) == [row]
    assert unpack(pack(held)) == held


def test_evidence_and_numbers_are_those_of_the_opening_day() -> None:
    days = counted(".E.UE")
    assert absences(days, days[3]) == (weekday(2), weekday(4))
    assert found(days[3], (weekday(4),)) == (weekday(4), None, 4, 2, (weekday(4),), "A")
    assert found(days[3], (), weekday(5)).recovered_on == weekday(5)
    assert [(day.date, day.n, day.a) for day in renumbered(list(days[2:]))] == [
        (weekday(3), 1, 0), (weekday(4), 2, 1), (weekday(5), 3, 2),
    ]  # fmt: skip


def test_without_an_absence_only_last_year_may_find_something() -> None:
    assert fold("D", "s1", year("." * 30), DEFAULT) == {}
    [alert] = fold("D", "s1", year("." * 30, last_year=(100, 30)), DEFAULT).values()
    assert (alert.rule, alert.opened_on, alert.owner, alert.dates) == (
        "prior_year_tier_3",
        "2021-08-30",
        "A",
        (),
    )
    pk = fold("D", "s1", year("." * 30, pk=".k"), DEFAULT).values()
    assert [alert.rule for alert in pk] == ["mhw_not_k12"]
    assert fold("D", "s1", year("", pk=".."), DEFAULT) == {}


def test_an_absence_on_the_only_day_of_a_year_may_find_something() -> None:
    assert [alert.rule for alert in fold("D", "s1", year("m"), DEFAULT).values()] == ["mhw_day"]
    assert [alert.rule for alert in fold("D", "s1", year("", pk="k"), DEFAULT).values()] == ["mhw_not_k12"]


def test_in_school_scope_the_days_of_that_school_are_counted_alone_and_pk_days_not() -> None:
    days = [
        *counted("." * 18 + "EE"),
        *(
            day._replace(school="B", n=20 + day.n, a=2 + day.a)
            for day in counted("." * 22 + "EEE", weekday(21))
        ),
    ]
    held = year("", pk="k")._replace(k12=tuple(days), first_membership=weekday(1))
    found = fold("D", "s1", held, DEFAULT).values()
    schools = [alert for alert in found if alert.scope == "school"]
    assert [(alert.school, alert.owner, alert.rule, alert.n, alert.a) for alert in schools] == [
        ("A", "A", "tier_2", 20, 2), ("B", "B", "tier_2", 25, 3),
    ]  # fmt: skip
    assert [alert.alert_id for alert in schools] == [
        alert_id("D", "s1", "school", school, "tier_2", 2021, "") for school in "AB"
    ]
    assert schools[1].dates == tuple(day.date.isoformat() for day in days[-3:])
    assert [alert.scope for alert in found if alert.rule == "mhw_not_k12"] == ["district"]
    assert len({alert.alert_id for alert in found}) == len(found)


def test_a_year_is_read_day_by_day_and_pk_days_apart() -> None:
    parts = (
        Part("P", "PK", False, span(60, 61), span(60, 61)),
        Part("A", "K", True, span(62, 66), span(63, 66)),
    )
    classes: Classes = (1 << 61, 0, 0, 1 << 63, 1 << 64)
    held = StudentYear(2021, Frame(parts), classes, 1 << 61 | 1 << 63 | 1 << 64, {63: VALID, 64: CONSECUTIVE})
    read = reading(held, date(2016, 1, 1), (180, 3))
    assert (read.school_year, read.birthdate, read.last_year) == (2021, date(2016, 1, 1), (180, 3))
    assert read.first_membership == date(2021, 9, 1)  # day 62, not reported
    assert read.pk == (
        (date(2021, 8, 30), 1, 0, "", "", False, "P"),
        (date(2021, 8, 31), 2, 1, "excused", "", False, "P"),  # a paper is one for an MHW day
    )
    assert read.k12 == (
        (date(2021, 9, 2), 1, 1, "mhw", VALID, True, "A"),
        (date(2021, 9, 3), 2, 2, "unknown", CONSECUTIVE, True, "A"),
        (date(2021, 9, 4), 3, 2, "", "", False, "A"),
        (date(2021, 9, 5), 4, 2, "", "", False, "A"),
    )
    none = reading(StudentYear(2021, Frame(()), (0, 0, 0, 0, 0), 0, NO_MHW), None, None)
    assert none == (2021, (), (), None, None, None)
    first = reading(
        StudentYear(2021, Frame((Part("A", "K", True, 1, 1),)), (0, 0, 0, 0, 0), 0, NO_MHW), None, None
    )
    assert first.first_membership == date(2021, 7, 1)


def test_an_alert_by_lapsed_days_is_known_when_the_last_of_them_is() -> None:
    [rule] = [rule for rule in RULES if rule.name == "truancy_month"]
    frame = Frame((Part("A", "5", True, span(0, 40), span(0, 40)),))
    usual = StudentYear(2021, frame, (0, 0b1111, 0, 0, 0), 0, NO_MHW)
    assert known_since(rule, usual, None, DEFAULT, 3) == 3
    late = StudentYear(2021, frame, (0, 0b1111, 0, 0, 0), 0, NO_MHW, {1: 17, 2: 30})
    assert known_since(rule, late, None, DEFAULT, 3) == 30
    # A fifth absence that nothing had to lapse for comes before the last paper is too late.
    five = StudentYear(2021, frame, (0, 0b1111 | 1 << 20, 0, 0, 0), 0, NO_MHW, {1: 17, 2: 30})
    assert known_since(rule, five, None, DEFAULT, 3) == 20
    early = StudentYear(2021, frame, (0, 0b1111, 0, 0, 0), 0, NO_MHW, {9: 17})
    assert known_since(rule, early, None, DEFAULT, 3) == 3
    # Five on day 1: what came before does not count, and the paper of day 4 decides, not that of day 0.
    young = StudentYear(2021, frame, (0, 0b11111, 0, 0, 0), 0, NO_MHW, {0: 17, 4: 30})
    assert known_since(rule, young, date(2016, 7, 2), DEFAULT, 4) == 30
    assert known_since(rule, young, None, DEFAULT, 4) == 17
    with pytest.raises(ValueError, match=r"^the year does not give the alert$"):
        known_since(rule, StudentYear(2021, frame, (0, 1, 0, 0, 0), 0, NO_MHW, {0: 3}), None, DEFAULT, 3)
