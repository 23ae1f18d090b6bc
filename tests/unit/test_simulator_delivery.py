"""When the simulated district's records arrive: late schools, a storm, and the snow day."""

from __future__ import annotations

from datetime import date

from infra.simulator.district import District
from infra.simulator.school_days import INDEX, SNOW_DAY, SNOW_DAY_ENTERED
from models.columns import Kind

ALL_DAYS = range(180)


def test_two_to_two_and_a_half_percent_of_school_days_are_late() -> None:
    district = District(students=1000)
    late: dict[tuple[str, str], int] = {}
    arrived = set()
    for index in ALL_DAYS:
        for kind, records in district.day(index):
            for given in records if kind is Kind.ATTENDANCE else ():
                key = given["school_id"], given["date"]
                if key not in arrived:
                    arrived.add(key)
                    if INDEX[date.fromisoformat(given["date"])] < index:
                        late[key] = index
    assert 0.02 <= len(late) / (12 * 180) <= 0.025
    storm = sum(day == "2022-01-10" for _, day in late)
    assert storm == 6
    slow = [INDEX[date.fromisoformat(day)] for school, day in late if school == "H02"]
    assert {34, 35, 36} <= set(slow)


def test_the_snow_day_is_entered_late_and_made_up() -> None:
    small = District(students=30, schools=3)
    planned = {
        given["date"]: given["kind"]
        for kind, records in small.setup()
        if kind is Kind.CALENDAR
        for given in records
    }
    assert planned["2022-01-07"] == "instructional"
    assert SNOW_DAY not in small.school_days
    changes = {
        index: {(given["date"], given["kind"]) for given in records}
        for index in ALL_DAYS
        for kind, records in small.day(index)
        if kind is Kind.CALENDAR
    }
    assert changes[INDEX[SNOW_DAY_ENTERED]] == {("2022-01-07", "weather")}
    assert list(changes.values())[1:] == [{("2022-01-28", "make_up")}]
