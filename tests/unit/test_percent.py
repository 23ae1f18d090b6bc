"""A percentage is exact, and rounded half up."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from models.percent import rounded, written


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 3))
def test_it_is_the_nearest_and_of_two_the_greater(part: int, whole: int, places: int) -> None:
    exact = Fraction(100 * part * 10**places, whole)
    found = rounded(part, whole, places)
    assert Fraction(-1, 2) < found - exact <= Fraction(1, 2)
    assert Fraction(written(part, whole, places)) * 10**places == found


def test_decimals_are_written_with_their_zeros() -> None:
    assert (written(1, 8, 2), written(1, 200, 0), written(51, 500, 1)) == ("12.50", "1", "10.2")
