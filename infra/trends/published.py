"""Our chronic rates beside the state's published ones, year by year.

Rests on `published_rates`, whose order finds a place and its groups, and on `district_bands`, whose changes
of a year add up to how it stands; of a school on the last of the `steps` of `standings` in each year. A
published year is whole; ours is as far as it has come.
"""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from infra.edsight.codes import Codes
from infra.trends.attendance import MOST_YEARS
from infra.trends.conditions import of_district, of_grade, of_standings, of_whole_grade, parameters
from models.published import same_value
from models.trends.answers import BANDS
from models.trends.patterns import band_table
from models.trends.published import PublishedYear
from models.trends.scope import BadQuestion, Scope

_PUBLISHED = """SELECT school_year, value, chronic, rate
FROM published_rates FINAL
WHERE level = {level:String} AND district = {code:String} AND school = {school_code:String}
    AND dimension = {of:String} AND school_year BETWEEN {first_year:UInt16} AND {last_year:UInt16}
ORDER BY school_year, value"""

_BANDS = ", ".join(f"sum({name})" for name in BANDS)

_OURS = f"""SELECT school_year, part.1 AS band, part.2
FROM
(
    SELECT school_year, arrayJoin(arrayZip(range(4), [{_BANDS}])) AS part
    FROM district_bands FINAL
    WHERE school_year BETWEEN {{{{first_year:UInt16}}}} AND {{{{last_year:UInt16}}}}
        AND dimension = {{{{dimension:String}}}} AND value = {{{{value:String}}}}
        AND {{grade}} AND {{district}}
    GROUP BY school_year
)
WHERE part.2 > 0"""

_OURS_AT_SCHOOL = """SELECT school_year, step.4 AS band, count()
FROM
(
    SELECT school_year, steps[-1] AS step, step.3 AS grade
    FROM standings FINAL
    WHERE school_year BETWEEN {{first_year:UInt16}} AND {{last_year:UInt16}} AND notEmpty(steps)
        AND {students}
)
WHERE {grade}
GROUP BY school_year, band"""


def published_years(
    client: Client, scope: Scope, codes: Codes, first_year: int, last_year: int
) -> list[PublishedYear]:
    """The school years in which anything is held or was published, in order.

    `codes` gives EdSight's codes of our ids. Raises BadQuestion, also for a grade of a student group, which
    is not published.
    """
    if last_year < first_year or last_year - first_year >= MOST_YEARS:
        raise BadQuestion(f"ask for 1 to {MOST_YEARS} school years, the earlier one first")
    if scope.grade and scope.dimension != "all":
        raise BadQuestion("published rates are of a grade or of a student group, and not of both")
    of, value = ("grade", scope.grade) if scope.grade else (scope.dimension, scope.value)
    level = "state" if scope.state else "school" if scope.school else "district"
    given = parameters(
        scope,
        level=level,
        code=codes.of_district(scope.district) if scope.district else "",
        school_code=codes.of_school(scope.district, scope.school) if scope.school else "",
        of=of,
        first_year=first_year,
        last_year=last_year,
    )
    rows = client.query(_PUBLISHED, parameters=given).result_rows
    wanted = same_value(of, value)
    theirs = {year: numbers for year, held, *numbers in rows if same_value(of, held) == wanted}
    if scope.school:
        query = _OURS_AT_SCHOOL.format(students=of_standings(scope), grade=of_grade(scope))
    else:
        query = _OURS.format(grade=of_whole_grade(scope), district=of_district(scope))
    counted = client.query(query, parameters=given).result_rows
    ours = band_table((year, band, students) for year, band, students in counted)
    found = []
    for year in sorted({*theirs, *ours}):
        chronic, rate = theirs.get(year, (None, None))
        found.append(PublishedYear(year, ours.get(year), year in theirs, chronic, rate))
    return found
