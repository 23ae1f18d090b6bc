"""Counts by SQL that has nothing to do with how the sink works the same things out.

Each query is about one district and school year. Dates come as days since 1 July of the school year.
"""

from __future__ import annotations

from typing import Any

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import COUNTS, PAIRS
from infra.verify import learned, spans
from infra.verify.counted import DAYS, REASONS, Counted
from infra.verify.difference import Row
from models.policy import Policy, Share
from models.trends.answers import BANDS
from models.trends.scope import DIMENSIONS

_FACTS = """student_day_facts FINAL
WHERE district_id = {district:String} AND school_year = {year:UInt16}
    AND date BETWEEN {first:Date} AND {last:Date} AND counted"""
_CLASSES = ("excused", "unexcused", "disciplinary", "mhw", "unknown")

# The two sums over days tell the days apart that only the counts do not.
_BY_SCHOOL = f"""SELECT
    student_id, school_id, grade = 'PK', count(), countIf(class != ''),
    {", ".join(f"countIf(class = '{name}')" for name in _CLASSES)},
    sum(date - {{first:Date}}), sumIf(date - {{first:Date}}, class != ''), max(date - {{first:Date}})
FROM {_FACTS}
GROUP BY 1, 2, 3"""

# PK days are due only where a place has no K-12 day.
_DUE = "if(max(k12), countIf({0} AND k12), countIf({0}))"
_ENROLLED, _ABSENT = _DUE.format("1"), _DUE.format("class != ''")
_STANDINGS = f"""SELECT
    student_id, place, {_ENROLLED} AS enrolled, {_ABSENT} AS absent,
    {", ".join(_DUE.format(f"class = '{name}'") for name in _CLASSES)},
    multiIf(NOT max(k12), '', 5 * absent >= enrolled, 'III', 10 * absent >= enrolled, 'II', 'I'),
    if(max(k12), maxIf(date, k12), max(date)) - {{first:Date}}
FROM (SELECT student_id, school_id, class, date, grade != 'PK' AS k12 FROM {_FACTS})
ARRAY JOIN ['', school_id] AS place
GROUP BY student_id, place"""

_STORED_STANDINGS = """SELECT
    student_id, school_id, enrolled_days, absent_days, excused_days, unexcused_days, disciplinary_days,
    mhw_days, unknown_days, tier, data_through - {first:Date}
FROM standings FINAL
WHERE district_id = {district:String} AND school_year = {year:UInt16} AND enrolled_days > 0"""


_OF_DISTRICT = "district_id = {district:String}"
_OF_YEAR = "school_year = {year:UInt16}"


def _wrong(key: str, names: tuple[str, ...], stored: str, recounted: str) -> str:
    """The cells in which what is stored is not what is counted, with what they have too much.

    `stored` is a table, or a query in brackets.
    """
    rows = stored if stored.startswith("(") else f"{stored} FINAL WHERE {_OF_DISTRICT} AND {_OF_YEAR}"
    return f"""SELECT {key}, {", ".join(f"sum({name}) AS wrong_{name}" for name in names)}
FROM
(
    SELECT {key}, {", ".join(f"toInt64({name}) AS {name}" for name in names)}
    FROM {rows}
    UNION ALL
    SELECT {key}, {", ".join(f"-toInt64({name}) AS {name}" for name in names)}
    FROM ({recounted})
)
GROUP BY {key}
HAVING {" OR ".join(f"wrong_{name} != 0" for name in names)}
ORDER BY ALL"""


# The sum over days tells the days apart that only the count does not.
_REASONS = f"""SELECT student_id, school_id, code, remote, count(), sum(date - {{first:Date}})
FROM {_FACTS} AND code != ''
GROUP BY 1, 2, 3, 4"""

_LABELS = """SELECT code, start, label
FROM code_labels FINAL
ARRAY JOIN codes AS code, since AS start, labels AS label
WHERE district_id = {district:String}"""

_LEVELS = "arrayJoin(if(grade = 'PK', [grade], [grade, 'K-12'])) AS grade"
_DISTRICT_DAYS = _wrong(
    "dimension, value, grade, date", COUNTS, "district_days",
    f"SELECT * REPLACE ({_LEVELS}) FROM ({DAYS.recount})",
)  # fmt: skip

_DISTRICT_REASONS = _wrong(
    "dimension, value, grade, remote, date, code", COUNTS, "district_reasons",
    f"""SELECT
        kind.1 AS dimension, kind.2 AS value, {_LEVELS}, date, code, remote, {", ".join(COUNTS)}
    FROM ({REASONS.recount}) AS cells
    ARRAY JOIN [{PAIRS}] AS kind
    WHERE dimension = 'all' OR grade IN ('PK', 'K-12')""",
)  # fmt: skip

_SCHOOL_DAYS = _wrong(
    "dimension, value, grade, school_id, on_day", ("counted", "taken"),
    f"""(
        SELECT dimension, value, grade, school_id, day - {{first:Date}} AS on_day, 1 AS counted, taken
        FROM school_days FINAL ARRAY JOIN days AS day, mhw AS taken WHERE {_OF_DISTRICT} AND {_OF_YEAR}
    )""",
    f"""SELECT
        dimension, value, {_LEVELS}, school_id, date - {{first:Date}} AS on_day, 1 AS counted,
        sum(mhw) AS taken
    FROM ({DAYS.recount})
    GROUP BY dimension, value, grade, school_id, on_day""",
)  # fmt: skip

_DISTRICT_SPANS = _wrong(", ".join(spans.KEY), ("spans_held",), spans.STORED, spans.RECOUNTED)

# Day by day what a student's band is, and where it is not that of the day before. PK days count up to the
# first K-12 day.
_IN_BANDS = f"""SELECT student_id, date, grade, intDiv(20 * a, n) AS share, n, a,
        lagInFrame(toNullable(band)) OVER of_student AS band_before,
        lagInFrame(grade) OVER of_student AS grade_before,
        multiIf(share < 1, 0, share < 2, 1, share < 4, 2, 3) AS band
    FROM
    (
        SELECT student_id, date, grade,
            count() OVER so_far AS n, countIf(class != '') OVER so_far AS a,
            min(if(grade != 'PK', date, toDate('2149-06-06'))) OVER (PARTITION BY student_id) AS older_from
        FROM {_FACTS}
        WINDOW so_far AS (
            PARTITION BY student_id, grade = 'PK' ORDER BY date ROWS UNBOUNDED PRECEDING
        )
    )
    WHERE grade != 'PK' OR date < older_from
    WINDOW of_student AS (PARTITION BY student_id ORDER BY date ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"""

_BAND_PAIRS = ", ".join(["('all', '')", *(f"('{name}', toString(groups.{name}))" for name in DIMENSIONS)])
_DISTRICT_BANDS = _wrong(
    "dimension, value, grade, date", BANDS, "district_bands",
    f"""SELECT pair.1 AS dimension, pair.2 AS value, arrayJoin(
            if(change.1 = 'PK', [change.1], [change.1, 'K-12'])) AS grade, date,
        {", ".join(f"if(change.2 = {n}, change.3, 0) AS {name}" for n, name in enumerate(BANDS))}
    FROM
    (
        SELECT student_id, date, arrayJoin(if(
            isNull(band_before), [(grade, toUInt8(band), 1)],
            [(grade, toUInt8(band), 1), (grade_before, toUInt8(assumeNotNull(band_before)), -1)]
        )) AS change
        FROM ({_IN_BANDS})
        WHERE isNull(band_before) OR band_before != band OR grade_before != grade
    ) AS changes
    LEFT JOIN (
        SELECT student_id, {", ".join(DIMENSIONS)} FROM students FINAL WHERE district_id = {{district:String}}
    ) AS groups ON changes.student_id = groups.student_id
    ARRAY JOIN [{_BAND_PAIRS}] AS pair""",
)  # fmt: skip

# The K-12 days of a student in order, in the district and, where there were two schools of it, at each.
_CROSSINGS = f"""SELECT
    student_id, place, arrayFirstIndex(
        (a, n) -> n >= {{least:UInt32}} AND {{down:UInt32}} * a >= {{up:UInt32}} * n,
        sums, arrayEnumerate(sums)
    ) AS crossed, days[crossed].1 - {{first:Date}}, sums[crossed]
FROM
(
    SELECT
        student_id, place, arraySort(groupArray((date, class != ''))) AS days,
        arrayCumSum(arrayMap(day -> toUInt32(day.2), days)) AS sums
    FROM (SELECT student_id, date, class, school_id FROM {_FACTS} AND grade != 'PK')
    ARRAY JOIN if(
        student_id IN (
            SELECT student_id FROM {_FACTS} AND grade != 'PK'
            GROUP BY student_id HAVING uniqExact(school_id) > 1
        ),
        ['', school_id], ['']
    ) AS place
    GROUP BY student_id, place
)
WHERE crossed > 0"""

_STORED_CROSSINGS = """SELECT student_id, school_id, enrolled_days, opened_on - {first:Date}, absent_days
FROM alerts
WHERE district_id = {district:String} AND school_year = {year:UInt16} AND rule = {rule:String}
    AND condition != 'withdrawn'"""

_ALERTS = """SELECT
    alert_id, student_id, rule, condition, amendments, toString(opened_on),
    ifNull(toString(recovered_on), ''), enrolled_days, absent_days
FROM alerts
WHERE district_id = {district:String} AND school_year = {year:UInt16}"""

_STUDENTS = f"""SELECT student_id, {", ".join(name for name in DIMENSIONS if name != "high_needs")}
FROM students FINAL WHERE district_id = {{district:String}}"""

_YEARS = """SELECT DISTINCT district_id, school_year FROM student_day_facts
UNION DISTINCT SELECT DISTINCT district_id, school_year FROM standings
UNION DISTINCT SELECT DISTINCT district_id, school_year FROM day_counts
UNION DISTINCT SELECT DISTINCT district_id, school_year FROM district_days
UNION DISTINCT SELECT DISTINCT district_id, school_year FROM district_bands
UNION DISTINCT SELECT DISTINCT district_id, school_year FROM known_bands
UNION DISTINCT SELECT DISTINCT district_id, school_year FROM district_reasons
UNION DISTINCT SELECT DISTINCT district_id, school_year FROM school_days
UNION DISTINCT SELECT DISTINCT district_id, school_year FROM district_spans
UNION DISTINCT SELECT DISTINCT district_id, school_year FROM alert_events"""


class Recount:
    """The counts of one district and school year. Calls raise ClickHouseError."""

    def __init__(self, client: Client, district: str, year: int) -> None:
        self._client = client
        self._parameters = {
            "district": district, "year": year, "first": f"{year}-07-01", "last": f"{year + 1}-06-30",
        }  # fmt: skip

    def by_school(self) -> dict[Row, Row]:
        """By student, school and whether PK: counted, absent, by class, and sums of days."""
        return self._by(_BY_SCHOOL, 3)

    def standings(self) -> dict[Row, Row]:
        """By student and school (blank: the district): the counts, tier and last day of the standing."""
        return self._by(_STANDINGS, 2)

    def stored_standings(self) -> dict[Row, Row]:
        """The same as the table has them."""
        return self._by(_STORED_STANDINGS, 2)

    def wrong_counts(self, counted: Counted) -> dict[Row, Row]:
        """The cells of a table that are not what the facts give, with what they have too much."""
        key = ", ".join(counted.key)
        wrong = _wrong(key, COUNTS, counted.table, counted.recount)
        return self._by(wrong, len(counted.key))

    def reasons(self) -> dict[Row, Row]:
        """By student, school, code and whether remote: how many days, and a sum of days."""
        return self._by(_REASONS, 4)

    def labels(self) -> dict[Row, Row]:
        """By code and since when: what it is called."""
        return self._by(_LABELS, 2)

    def wrong_district_days(self) -> dict[Row, Row]:
        """The cells of `district_days` that are not what the facts give, with what they have too much."""
        return self._by(_DISTRICT_DAYS, 4)

    def wrong_district_reasons(self) -> dict[Row, Row]:
        """The same of `district_reasons`."""
        return self._by(_DISTRICT_REASONS, 6)

    def wrong_school_days(self) -> dict[Row, Row]:
        """The same of `school_days`, a cell a day: whether it counted, and MHW days."""
        return self._by(_SCHOOL_DAYS, 5)

    def wrong_district_spans(self) -> dict[Row, Row]:
        """The same of `district_spans`, a cell a student and span (infra.verify.spans)."""
        return self._by(_DISTRICT_SPANS, len(spans.KEY))

    def wrong_district_bands(self) -> dict[Row, Row]:
        """The same of `district_bands`."""
        return self._by(_DISTRICT_BANDS, 4)

    def wrong_known_bands(self) -> dict[Row, Row]:
        """By student, school, date, grade, band and groups: what was learned and is not in the standings."""
        return self._by(learned.KNOWN_BANDS, 5 + len(DIMENSIONS))

    def crossings(self, policy: Policy, share: Share) -> dict[Row, Row]:
        """By student and school: counted days, the day, and absences when a share was first reached."""
        more = {"least": max(policy.minimum_days, 1), "down": share.denominator, "up": share.numerator}
        return self._by(_CROSSINGS, 2, more)

    def stored_crossings(self, rule: str) -> dict[Row, Row]:
        """The same as the alerts of a rule say."""
        return self._by(_STORED_CROSSINGS, 2, {"rule": rule})

    def alerts(self) -> dict[Row, Row]:
        """By id: student, rule, condition, amendments, dates and evidence."""
        return self._by(_ALERTS, 1)

    def students(self) -> dict[Row, Row]:
        """By student: the groups, but for those who are in none."""
        return {key: groups for key, groups in self._by(_STUDENTS, 1).items() if any(groups)}

    def _by(self, query: str, key: int, more: dict[str, Any] | None = None) -> dict[Row, Row]:
        rows = self._client.query(query, parameters={**self._parameters, **(more or {})}).result_rows
        return {tuple(row[:key]): tuple(row[key:]) for row in rows}


def years(client: Client) -> list[tuple[str, int]]:
    """The districts and school years that the store has anything of."""
    return sorted((district, year) for district, year in client.query(_YEARS).result_rows)
