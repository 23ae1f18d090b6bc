"""Another policy after a restart, or for one school year: what is published is that of a clean rebuild."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings

from models.columns import Kind
from models.policy import DEFAULT, Exempt, Policy
from tests.property.driver import Driver, Told
from tests.property.histories import BASE, histories, policies, record
from tests.property.test_records_in_any_order import state

AFTER = record(Kind.SCHOOL, school_id="elsewhere", name="Elsewhere", recorded_at="2022-01-03T08:00:00Z")


@settings(max_examples=80)
@given(histories(), policies(), policies())
def test_a_changed_policy_is_that_of_a_clean_rebuild(told: list[Told], first: Policy, then: Policy) -> None:
    driver = Driver("D", lambda district, year: first).take_all([*BASE, *told], 40)
    driver.policy_of = lambda district, year: then._replace(version="then")
    driver.restart()
    driver.take_all([AFTER])
    driver.assert_published_is_the_definition()
    clean = Driver("D", driver.policy_of).take_all([*BASE, *told, AFTER], 40)
    assert state(driver) == state(clean)


def test_each_school_year_is_read_by_its_own_policy() -> None:
    later = DEFAULT._replace(iss_codes=("D",), exempt=(Exempt(("U",), 1),))
    driver = Driver("D", lambda district, year: later if year == 2021 else DEFAULT)
    days = ("2021-06-01", "2021-06-02", "2021-09-01", "2021-09-02", "2021-09-03")
    at = "2021-06-01T08:00:00Z"
    told = [
        *BASE,
        record(
            Kind.ENROLLMENT, school_id="C", student_id="s3", grade="5", entry_date=days[0], recorded_at=at
        ),
    ]
    for on, code in zip(days, "DUDUU", strict=True):
        at = f"{on}T08:00:00Z"
        told += [
            record(Kind.CALENDAR, school_id="C", date=on, kind_="instructional", recorded_at=at),
            record(Kind.ATTENDANCE, school_id="C", student_id="s3", date=on, code=code, recorded_at=at),
        ]
    driver.take_all(told, 20)
    names = ("enrolled_days", "absent_days", "excused_days", "unexcused_days", "disciplinary_days")
    found = []
    for as_of in (date(2021, 6, 30), date(2021, 9, 30)):
        [row] = [
            row for row in driver.standings(as_of) if (row["student_id"], row["scope"]) == ("s3", "district")
        ]
        found.append(tuple(int(row[name]) for name in names))
    assert found == [(2, 2, 0, 1, 1), (3, 2, 1, 1, 0)]
