"""What is read from lists of days is what the counts of days give, by the SQL that asked these before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from infra.trends import held
from infra.trends.conditions import of_days, of_district, parameters
from infra.trends.late import late_schools
from models.school_year import school_year_of
from models.trends.answers import Late
from models.trends.scope import Scope
from tests.integration.test_trends_questions import Told, scopes
from tests.support.chdb_store import Engine

_BEHIND = """SELECT
    schools.district_id, schools.school_id, schools.last, countIf(days.date > schools.last) AS behind
FROM
(
    SELECT district_id, school_id, max(date) AS last
    FROM day_counts FINAL
    WHERE school_year = {{year:UInt16}} AND date <= {{as_of:Date}} AND counted > 0 AND {days}
    GROUP BY district_id, school_id
) AS schools
INNER JOIN
(
    SELECT DISTINCT district_id, date
    FROM district_days FINAL
    WHERE school_year = {{year:UInt16}} AND date <= {{as_of:Date}} AND counted > 0
        AND dimension = 'all' AND {of_district}
) AS days
ON schools.district_id = days.district_id
GROUP BY ALL
HAVING behind > 0
ORDER BY behind DESC, schools.district_id, schools.school_id"""

_OF_PLACE = """SELECT DISTINCT {columns} FROM day_counts FINAL
WHERE {which} AND counted > 0 AND ({{district:String}} = '' OR district_id = {{district:String}})
    AND ({{school:String}} = '' OR school_id = {{school:String}})
ORDER BY {columns}"""
_EVERYBODY = "dimension = 'all' AND value = ''"


@pytest.mark.parametrize("seed", [2, 9])
def test_late_schools_and_what_is_held(engine: Engine, tmp_path: Path, seed: int) -> None:
    with engine.store() as store:
        told = Told(tmp_path, store, seed)
        client = store.client

        def before(scope: Scope, columns: str, which: str) -> list[tuple[object, ...]]:
            query = _OF_PLACE.format(columns=columns, which=which)
            return [tuple(row) for row in client.query(query, parameters=parameters(scope)).result_rows]

        dates = sorted({day.date for day in told.end})
        late = 0
        for scope in scopes(told):
            for as_of in (dates[0], dates[len(dates) // 2], dates[-1], dates[-1] + timedelta(days=1)):
                query = _BEHIND.format(days=of_days(scope), of_district=of_district(scope))
                given = parameters(scope, as_of=as_of, year=school_year_of(as_of))
                expected = [Late(*row) for row in client.query(query, parameters=given).result_rows]
                assert late_schools(client, scope, as_of) == expected
                late += len(expected)
            assert held.schools(client, scope) == [row[0] for row in before(scope, "school_id", _EVERYBODY)]
            assert set(held.grades(client, scope)) == {row[0] for row in before(scope, "grade", _EVERYBODY)}
            assert held.groups(client, scope) == before(scope, "dimension, value", "dimension != 'all'")
            of_years: dict[int, list[object]] = {}
            for year, day in before(scope, "school_year, date", _EVERYBODY):
                of_years.setdefault(int(str(year)), []).append(day)
            expected_years = [(year, days[0], days[-1]) for year, days in sorted(of_years.items())[::-1]]
            assert [tuple(year) for year in held.school_years(client, scope)] == expected_years
            for until in (dates[0] - timedelta(days=400), dates[len(dates) // 2], dates[-1]):
                known = [day for days in of_years.values() for day in days if str(day) <= str(until)]
                assert held.data_through(client, scope, until) == max(known, key=str, default=None)
        assert late > 0
