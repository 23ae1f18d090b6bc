"""The engine against the independent reading of the contract, on random histories."""

from __future__ import annotations

import pytest

from tests.property.proof import Driver, StreamedDriver, prove, unproven


def test_the_engine_gives_what_the_contract_says() -> None:
    wrong = [seed for seed, _ in unproven(range(2000))]
    if wrong:
        prove(wrong[0])  # here, to be shown with its values
    assert not wrong


def test_a_day_on_which_an_alert_reopened_is_corrected() -> None:
    prove(141)


@pytest.mark.parametrize(("seed", "driver"), [(0, Driver), (1, StreamedDriver)])
def test_an_alert_too_few_is_noticed(
    seed: int, driver: type[Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = driver.current_rows
    monkeypatch.setattr(driver, "current_rows", lambda self: whole(self)[1:])
    with pytest.raises(AssertionError):
        prove(seed)
