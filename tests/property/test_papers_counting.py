"""The papers of random histories count what the contract counts."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings

from models.bits import days
from models.papers.membership import month_bits, month_days
from tests.property.driver import Driver, Told
from tests.property.histories import BASE, histories

MONTHS = [date(2021 + (month < 7), month, 1) for month in (*range(7, 13), *range(1, 7))]


@settings(max_examples=80)
@given(histories())
def test_the_months_of_a_year_add_up_to_it(told: list[Told]) -> None:
    driver = Driver("D").take_all([*BASE, *told], 40)
    for known in driver.engine.ledger.known.get(2021, {}).values():
        now = known.now
        months = [month_days(now, month_bits(first)) for first in MONTHS]
        assert sum(each.membership for each in months) == now.membership.bit_count()
        attended = sum(each.in_person_attendance + each.remote_attendance for each in months)
        assert attended == (now.counted & ~now.absent).bit_count()
        assert sum(each.unreported for each in months) == (now.membership & ~now.counted).bit_count()
        assert sum(each.remote_membership for each in months) == now.remote.bit_count()
        for each in months:
            assert each.in_person_attendance <= each.in_person_membership
            assert each.remote_attendance <= each.remote_membership


def test_the_months_are_the_year_each_day_once() -> None:
    bits = [month_bits(first) for first in MONTHS]
    assert [len(list(days(held))) for held in bits] == [31, 31, 30, 31, 30, 31, 31, 28, 31, 30, 31, 30]
    assert sum(bits) == (1 << 365) - 1
    assert month_bits(date(2024, 2, 1)).bit_count() == 29
