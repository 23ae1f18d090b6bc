"""Which review teams are asked for, by an independent reading of the statute in fractions."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from models.papers.review_teams import Case, Rate, decide

rates = st.integers(0, 400).flatmap(lambda n: st.builds(Rate, st.integers(0, n), st.just(n)))
near = st.integers(1, 30).flatmap(
    lambda k: st.sampled_from(
        [Rate(k + by, 10 * k) for by in (-1, 0, 1)] + [Rate(3 * k + by, 20 * k) for by in (-1, 0, 1)]
    )
)


def share(rate: Rate | None) -> Fraction:
    return Fraction(rate.chronic, rate.enrolled) if rate is not None and rate.enrolled else Fraction(0)


@given(st.none() | rates | near, st.dictionaries(st.sampled_from("ABCD"), rates | near))
@example(Rate(10, 100), {"A": Rate(15, 100)})
@example(Rate(99, 1000), {"A": Rate(15, 100), "B": Rate(149, 1000)})
def test_the_case_is_the_statutes(district: Rate | None, schools: dict[str, Rate]) -> None:
    worst = [school for school in sorted(schools) if share(schools[school]) >= Fraction(15, 100)]
    if share(district) >= Fraction(10, 100):
        case = Case.D if worst else Case.A
    else:
        case = (Case.NONE, Case.B)[len(worst)] if len(worst) < 2 else Case.C
    found = decide(district, schools)
    assert (found.case, list(found.schools)) == (case, worst)
    assert found.district_team == (case in (Case.A, Case.C, Case.D))
    assert found.school_teams == (case in (Case.B, Case.C, Case.D))


@given(st.integers(1, 10_000))
def test_exactly_ten_and_fifteen_percent_reach_and_one_child_less_does_not(k: int) -> None:
    assert Rate(k, 10 * k).reaches(10) and not Rate(k - 1, 10 * k).reaches(10)
    assert not Rate(k, 10 * k + 1).reaches(10)
    assert Rate(3 * k, 20 * k).reaches(15) and not Rate(3 * k - 1, 20 * k).reaches(15)
    assert not Rate(0, 0).reaches(10)


@given(st.dictionaries(st.sampled_from("ABCD"), rates, min_size=1), rates)
def test_one_more_chronically_absent_child_never_asks_for_less(
    schools: dict[str, Rate], district: Rate
) -> None:
    before = decide(district, schools)
    for school, rate in schools.items():
        if rate.chronic < rate.enrolled:
            after = decide(district, {**schools, school: rate._replace(chronic=rate.chronic + 1)})
            assert set(before.schools) <= set(after.schools)
            assert after.case != Case.NONE or before.case == Case.NONE
