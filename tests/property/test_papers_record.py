"""A student's record of random histories says of each day what is counted, and leaves no version out."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings

from infra.papers.record import Labels, chains_of, day_rows, record_rows
from models.standing import standings
from models.student_year import CLASS_NAMES
from tests.property.driver import Driver, Told
from tests.property.histories import BASE, histories


@settings(max_examples=80)
@given(histories())
def test_the_days_of_a_record_are_those_that_the_standing_counts(told: list[Told]) -> None:
    ledger = Driver("D").take_all([*BASE, *told], 40).engine.ledger
    labels = Labels(ledger.live_codes())
    for student in ("s1", "s2"):
        years = {year: held[student].now for year, held in ledger.known.items() if student in held}
        chains = list(chains_of(ledger, student))
        rows = list(day_rows(years, chains, ledger, labels))
        assert len(rows) == sum(now.membership.bit_count() for now in years.values())
        assert len({row["date"] for row in rows}) == len(rows)
        for year, now in years.items():
            mine = [row for row in rows if (int(row["date"][:4]) - (row["date"][5:7] < "07")) == year]
            days = Counter(row["day"] for row in mine)
            classes = Counter(row["class"] for row in mine)
            assert days["absent"] == now.absent.bit_count()
            assert days["not reported yet"] == (now.membership & ~now.counted).bit_count()
            assert [classes[name] for name in CLASS_NAMES] == [held.bit_count() for held in now.classes]
            for standing in standings(now):
                if standing.scope == "school":
                    here = [row for row in mine if row["school_id"] == standing.school]
                    pk = [row for row in here if (row["grade"] == "PK") == (standing.level is None)]
                    assert sum(row["day"] == "absent" for row in pk) == standing.absent
            # Who is absent is so because of a live record at the school of that day.
            assert all(row["codes"] and row["recorded_at"] for row in mine if row["day"] == "absent")
        versions = list(record_rows(chains, ledger, labels))
        assert len(versions) == sum(len(held.chain) for held in chains)
        live = Counter(
            (row["date"], row["school_id"], row["record_id"]) for row in versions if row["state"] == "live"
        )
        assert max(live.values(), default=1) == 1
        for row in rows:
            said = [
                v
                for v in versions
                if v["state"] == "live" and (v["date"], v["school_id"]) == (row["date"], row["school_id"])
            ]
            assert len([code for code in row["codes"].split(", ") if code]) == len(said)
