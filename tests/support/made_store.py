"""A made-up district in the store: facts, groups and alerts by SQL, and what the sink works out from them."""

from __future__ import annotations

from datetime import date

from infra.clickhouse.store import Store

YEAR = 2024
FIRST = date(2024, 8, 29)

# Every student has a number; its hashes decide. Schools are of very different size, and one has PK.
_STUDENT = """SELECT
    leftPad(toString(number), 5, '0') AS student,
    ['S1', 'S1', 'S1', 'S1', 'S2', 'S2', 'S2', 'S3', 'S3', 'S4'][1 + number % 10] AS school,
    multiIf(school = 'S4', toString(9 + number % 40 DIV 10), number % 97 = 0, 'PK',
        toString(1 + sipHash64(number) % 4)) AS grade,
    sipHash64(number, 'needs') % 100 AS needs,
    -- Of a thousand days so many are missed.
    multiIf(
        sipHash64(number, 'rate') % 100 < 6, 260, sipHash64(number, 'rate') % 100 < 18, 130,
        sipHash64(number, 'rate') % 100 < 45, 70, 20
    ) AS misses
FROM numbers({students})"""

_FACTS = """INSERT INTO student_day_facts
(district_id, school_year, date, school_id, student_id, grade, class, counted, version)
SELECT '{district}', {year}, toDate('{first}') + day AS date, school, student, grade,
    if(sipHash64(student, day) % 1000 < misses, ['excused', 'unexcused', 'mhw'][1 + day % 3], ''), 1, 1
FROM ({student}) AS students
CROSS JOIN (SELECT toUInt16(number) AS day FROM numbers({days})) AS days
WHERE toDayOfWeek(toDate('{first}') + day) < 6"""

_STUDENTS = """INSERT INTO students
(district_id, student_id, english_learner, disability, meals, homeless, race_ethnicity, gender, version)
SELECT '{district}', student, if(needs < 12, 'yes', 'no'), if(needs % 7 = 0, 'yes', 'no'),
    multiIf(needs < 40, 'free', needs < 45, 'reduced', needs = 99, '', 'paid'), if(needs = 50, 'yes', 'no'),
    ['White', 'Hispanic', 'Black', 'Asian'][1 + sipHash64(student, 'r') % 17 % 4],
    ['F', 'M'][1 + sipHash64(student, 'g') % 2], 1
FROM ({student})"""

_ALERTS = """INSERT INTO alert_events
(district_id, alert_id, sequence, change, condition, scope, school_id, student_id, school_year, rule,
 opened_on, recovered_on, enrolled_days, absent_days, dates, version)
SELECT '{district}', concat(student, rule), 0, 'opened',
    ['standing', 'standing', 'recovered', 'withdrawn'][1 + sipHash64(student, rule) % 4] AS now,
    'district', '', student, {year}, rule, toDate('{first}') + 20,
    if(now = 'recovered', toDate('{first}') + 30, NULL), 20, 3, [], 1
FROM ({student}) AS students
ARRAY JOIN if(misses > 200, ['tier_2', 'tier_3'], if(misses > 100, ['tier_2'], ['mhw_day'])) AS rule
WHERE misses > 20"""


def fill(store: Store, district: str = "D1", students: int = 900, days: int = 60) -> None:
    """Facts of some days (weekends left out) and all that hangs together with them."""
    given = {
        "district": district, "year": YEAR, "first": FIRST.isoformat(), "days": days,
        "student": _STUDENT.format(students=students),
    }  # fmt: skip
    for statement in (_FACTS, _STUDENTS, _ALERTS):
        store.client.command(statement.format(**given))
    students = dict.fromkeys(_distinct(store, district, "student_id"), 0)
    store.recount(YEAR, students, _distinct(store, district, "toString(date)"))


def _distinct(store: Store, district: str, of: str) -> list[tuple[str, str, str]]:
    rows = store.client.query(
        f"SELECT DISTINCT district_id, school_id, {of} FROM student_day_facts"
        f" WHERE district_id = '{district}' AND school_year = {YEAR}"
    ).result_rows
    return [(row[0], row[1], row[2]) for row in rows]
