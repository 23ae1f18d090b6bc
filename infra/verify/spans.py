"""The spans of a district's students, counted from the facts by SQL that has nothing to do with the sink's.

A span is a cell: in which month of the school year, whose, from when until when (the end of the month at the
latest), and all that the lists say of it; MHW days are those of the year, in its last month.
"""

from __future__ import annotations

from models.trends.scope import DIMENSIONS

_FACTS = """student_day_facts FINAL
WHERE district_id = {district:String} AND school_year = {of_year} AND counted"""

# The first month ends a month after the first day of the district, and of the state.
_ENDS = """WITH
    (
        SELECT min(date) FROM student_day_facts FINAL
        WHERE district_id = {district:String} AND school_year = {year:UInt16} AND counted
    ) AS begun,
    (
        SELECT min(days[1]) FROM school_days FINAL
        WHERE school_year = {year:UInt16} AND dimension = 'all' AND notEmpty(days)
    ) AS begun_of_state,
    addMonths(begun, 1) AS month_end, addMonths(begun_of_state, 1) AS state_month_end"""

# Day by day what a student is. PK days count up to the first K-12 day.
_DAYS = f"""SELECT student_id, date, school_id, grade, class,
        multiIf(20 * a < n, 0, 10 * a < n, 1, 5 * a < n, 2, 3) AS band, a,
        if(level_from >= month_end, 3, (a_own >= 2) + (a_own >= 5)) AS missed,
        if(level_from >= state_month_end, 3, (a_state >= 2) + (a_state >= 5)) AS missed_of_state
    FROM
    (
        SELECT student_id, date, school_id, grade, class,
            count() OVER so_far AS n, countIf(class != '') OVER so_far AS a,
            countIf(class != '' AND date < month_end) OVER so_far AS a_own,
            countIf(class != '' AND date < state_month_end) OVER so_far AS a_state,
            min(date) OVER so_far AS level_from,
            min(if(grade != 'PK', date, toDate('2149-06-06'))) OVER (PARTITION BY student_id) AS older_from
        FROM {_FACTS.replace("{of_year}", "{year:UInt16}")}
        WINDOW so_far AS (
            PARTITION BY student_id, grade = 'PK' ORDER BY date ROWS UNBOUNDED PRECEDING
        )
    )
    WHERE grade != 'PK' OR date < older_from"""

# The days on which that becomes something else.
_CHANGES = f"""SELECT *
    FROM
    (
        SELECT *,
            row_number() OVER of_student AS number,
            lagInFrame((school_id, grade, band)) OVER of_student AS the_day_before
        FROM ({_DAYS})
        WINDOW of_student AS (PARTITION BY student_id ORDER BY date ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    )
    WHERE number = 1 OR the_day_before != (school_id, grade, band)
        OR (class != '' AND a IN (2, 5) AND date < month_end)"""

# How the year before ended: with its K-12 days, if there are any.
_YEAR_BEFORE = f"""SELECT student_id,
        if(max(grade != 'PK'), countIf(grade != 'PK'), count()) AS n,
        if(max(grade != 'PK'), countIf(grade != 'PK' AND class != ''), countIf(class != '')) AS a,
        toInt8(multiIf(20 * a < n, 0, 10 * a < n, 1, 5 * a < n, 2, 3)) AS band_before,
        argMax(grade, (grade != 'PK', date)) AS grade_before
    FROM {_FACTS.replace("{of_year}", "{year:UInt16} - 1")}
    GROUP BY student_id"""

_TAKEN = f"""SELECT student_id,
        if(max(grade != 'PK'), countIf(class = 'mhw' AND grade != 'PK'), countIf(class = 'mhw')) AS mhw
    FROM {_FACTS.replace("{of_year}", "{year:UInt16}")}
    GROUP BY student_id"""

_LISTS = (
    "student_id", "begins", "ends", "grade", "band", "missed", "missed_of_state", "band_before",
    "grade_before", "mhw", *DIMENSIONS,
)  # fmt: skip
KEY = ("month", "first", "state_first", *_LISTS)

STORED = f"""(
        SELECT {", ".join(KEY)}, 1 AS spans_held
        FROM district_spans FINAL ARRAY JOIN {", ".join(_LISTS)}
        WHERE district_id = {{district:String}} AND school_year = {{year:UInt16}}
    )"""

RECOUNTED = f"""{_ENDS}
    SELECT
        arrayJoin(arrayFilter(
            month -> begins < addMonths(month, 1) AND until > month,
            arrayMap(n -> addMonths({{first:Date}}, n), range(12))
        )) AS month,
        begun AS first, begun_of_state AS state_first, spans.student_id AS student_id,
        begins, least(until, addMonths(month, 1)) AS ends, spans.grade AS grade,
        toUInt8(spans.band) AS band, toUInt8(missed) AS missed, toUInt8(missed_of_state) AS missed_of_state,
        if(before.student_id = '', toInt8(-1), before.band_before) AS band_before,
        before.grade_before AS grade_before,
        toUInt16(if(month = addMonths({{first:Date}}, 11), taken.mhw, 0)) AS mhw,
        {", ".join(f"groups.{name} AS {name}" for name in DIMENSIONS)}, 1 AS spans_held
    FROM
    (
        SELECT *, date AS begins,
            leadInFrame(date, 1, toDate('2149-06-06')) OVER (
                PARTITION BY student_id ORDER BY date ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            ) AS until
        FROM ({_CHANGES})
    ) AS spans
    LEFT JOIN ({_YEAR_BEFORE}) AS before ON spans.student_id = before.student_id
    LEFT JOIN ({_TAKEN}) AS taken ON spans.student_id = taken.student_id
    LEFT JOIN (
        SELECT student_id, {", ".join(DIMENSIONS)} FROM students FINAL WHERE district_id = {{district:String}}
    ) AS groups ON spans.student_id = groups.student_id"""
