"""What the dashboards show: a panel is a title, a sentence and a question to a reporting view."""

from __future__ import annotations

from infra.grafana.dashboard import Dashboard, Panel, Variable

DISTRICT = "${district:sqlstring}"
SCHOOL = "${school:sqlstring}"
AS_OF = "${as_of:sqlstring}"

_DISTRICTS = Variable(
    "district", "District", "SELECT DISTINCT district_id FROM reporting_releases ORDER BY district_id"
)
_DATES = Variable(
    "as_of",
    "As of",
    "SELECT DISTINCT toString(as_of) AS day FROM reporting_releases"
    f" WHERE district_id = {DISTRICT} ORDER BY day DESC",
)
_SCHOOLS = Variable(
    "school",
    "School",
    "SELECT DISTINCT school_id FROM reporting_bands"
    f" WHERE district_id = {DISTRICT} AND as_of = {AS_OF} AND school_id != '' ORDER BY school_id",
)

_BANDS = (
    'enrolled AS "students", under_5 AS "under 5 %", under_10 AS "5 to 10 %", under_20 AS "10 to 20 %",'
    ' over_20 AS "20 % and over", chronic AS "chronic", chronic_percent AS "chronic %"'
)
_OVER_TIME = (
    'under_5 AS "under 5 %", under_10 AS "5 to 10 %", under_20 AS "10 to 20 %", over_20 AS "20 % and over"'
)
_ALL_GROUPS = "dimension = 'all' AND member = ''"
_GRADES = "ORDER BY multiIf(grade = '', 0, grade = 'PK', 1, grade = 'K', 2, 2 + toUInt8OrZero(grade))"
_GROUP = (
    "concat(replaceAll(dimension, '_', ' '), ': ', if(member = '', 'not given', member)) AS \"group\","
    ' enrolled AS "students", chronic AS "chronic", chronic_percent AS "chronic %"'
)


def _bands(columns: str, where: str, order: str) -> str:
    return f"SELECT {columns} FROM reporting_bands WHERE district_id = {DISTRICT} AND {where} {order}"


def _months(where: str) -> str:
    return (
        'SELECT month, attendance_percent AS "attendance %" FROM reporting_attendance'
        f" WHERE district_id = {DISTRICT} AND as_of = {AS_OF} AND {where} AND month != '' ORDER BY month"
    )


def _alerts(column: str, title: str) -> str:
    return (
        f'SELECT toDateTime(as_of) AS time, rule AS "rule", {column} AS "{title}" FROM reporting_alerts'
        f" WHERE district_id = {DISTRICT} AND $__dateFilter(as_of) ORDER BY time, rule"
    )


def _pipeline(column: str, title: str) -> str:
    return (
        f'SELECT hour AS time, {column} AS "{title}" FROM reporting_pipeline'
        " WHERE $__timeFilter(hour) ORDER BY time"
    )


_TREND = f"$__dateFilter(as_of) AND grade = '' AND {_ALL_GROUPS}"

DISTRICT_TRENDS = Dashboard(
    "district",
    "District trends",
    "What was released of a district, and of all districts.",
    (_DISTRICTS, _DATES),
    (
        Panel(
            "Chronically absent",
            "Students absent on 10 % or more of their days, in K-12, at each release.",
            "timeseries",
            _bands(
                'toDateTime(as_of) AS time, chronic_percent AS "chronic %"',
                f"{_TREND} AND school_id = ''",
                "ORDER BY time",
            ),
            unit="percent",
        ),
        Panel(
            "Students by days missed",
            "How many students missed how much of their days, at each release.",
            "timeseries",
            _bands(
                f"toDateTime(as_of) AS time, {_OVER_TIME}", f"{_TREND} AND school_id = ''", "ORDER BY time"
            ),
        ),
        Panel(
            "Schools",
            "Each student counts at the last school.",
            "table",
            _bands(
                f'school_id AS "school", {_BANDS}',
                f"as_of = {AS_OF} AND grade = '' AND {_ALL_GROUPS} AND school_id != ''",
                "ORDER BY school_id",
            ),
            width=24,
        ),
        Panel(
            "Grades",
            "PK is in no total.",
            "table",
            _bands(
                f'grade AS "grade", {_BANDS}',
                f"as_of = {AS_OF} AND school_id = '' AND {_ALL_GROUPS} AND grade != ''",
                _GRADES,
            ),
        ),
        Panel(
            "Student groups",
            "One of each kind a student. High needs: English learner, disability, free or reduced meals.",
            "table",
            _bands(
                _GROUP,
                f"as_of = {AS_OF} AND school_id = '' AND grade = '' AND dimension != 'all'",
                "ORDER BY dimension, member = '', member",
            ),
        ),
        Panel(
            "Attendance by month",
            "Student-days in attendance, of those that count.",
            "barchart",
            _months("school_id = ''"),
            unit="percent",
        ),
        Panel(
            "All districts",
            "Sums over the districts that show the number; how many these are stands beside it.",
            "table",
            "SELECT if(grade = '', 'all', grade) AS \"grade\", districts_shown AS \"districts shown\","
            ' districts AS "districts", enrolled_shown AS "students", chronic_shown AS "chronic",'
            f' chronic_percent AS "chronic %" FROM reporting_state WHERE as_of = {AS_OF} AND {_ALL_GROUPS}'
            f" {_GRADES}",
        ),
    ),
)

_AT_SCHOOL = f"school_id = {SCHOOL}"

ONE_SCHOOL = Dashboard(
    "school",
    "School",
    "What was released of one school.",
    (_DISTRICTS, _DATES, _SCHOOLS),
    (
        Panel(
            "Chronically absent",
            "Students absent on 10 % or more of their days, at each release.",
            "timeseries",
            _bands(
                'toDateTime(as_of) AS time, chronic_percent AS "chronic %"',
                f"{_TREND} AND {_AT_SCHOOL}",
                "ORDER BY time",
            ),
            unit="percent",
        ),
        Panel(
            "Attendance by month",
            "Student-days in attendance, of those that count.",
            "barchart",
            _months(_AT_SCHOOL),
            unit="percent",
        ),
        Panel(
            "Grades",
            "The first line is the school without PK.",
            "table",
            _bands(
                f"if(grade = '', 'all', grade) AS \"of grade\", {_BANDS}",
                f"as_of = {AS_OF} AND {_AT_SCHOOL} AND {_ALL_GROUPS}",
                _GRADES,
            ),
            width=24,
        ),
        Panel(
            "Student groups",
            "Of groups only the chronically absent are counted: with more, more would have to be hidden.",
            "table",
            _bands(
                _GROUP,
                f"as_of = {AS_OF} AND {_AT_SCHOOL} AND grade = '' AND dimension != 'all'",
                "ORDER BY dimension, member = '', member",
            ),
            width=24,
        ),
    ),
)

ALERT_QUALITY = Dashboard(
    "alerts",
    "Alert quality",
    "What became of alerts, counted by students.",
    (_DISTRICTS, _DATES),
    (
        Panel(
            "Students by rule",
            "Each student once a rule: standing, else recovered, else withdrawn. Withdrawn means that a"
            " correction took the reason away.",
            "table",
            'SELECT rule AS "rule", standing AS "standing", recovered AS "recovered",'
            ' withdrawn AS "withdrawn",'
            f' withdrawn_percent AS "withdrawn %" FROM reporting_alerts WHERE district_id = {DISTRICT}'
            f" AND as_of = {AS_OF} ORDER BY rule",
            width=24,
        ),
        Panel(
            "Withdrawn",
            "The share of students with an alert of the rule whose alerts were all withdrawn, by release."
            " Where it grows, records come late or wrong.",
            "timeseries",
            _alerts("withdrawn_percent", "withdrawn %"),
            unit="percent",
        ),
        Panel(
            "Standing",
            "Students with a standing alert of the rule, at each release.",
            "timeseries",
            _alerts("standing", "standing"),
        ),
    ),
)

PIPELINE = Dashboard(
    "pipeline",
    "Pipeline",
    "How the sink gets on, and how old the releases are. No number is about students.",
    (),
    (
        Panel(
            "Rows stored an hour",
            "Rows of facts, alerts and students' groups.",
            "timeseries",
            _pipeline("rows_stored", "rows"),
        ),
        Panel(
            "Messages that wait",
            "The most in each hour. It should come back to 0.",
            "timeseries",
            _pipeline("most_waiting", "messages"),
        ),
        Panel(
            "Last seen",
            "When the sink last said that it runs; it does so each minute.",
            "stat",
            'SELECT max(last_seen) AS "last seen" FROM reporting_pipeline',
            width=6,
            unit="dateTimeFromNow",
        ),
        Panel(
            "Newest releases",
            "Of each district: as of which day, what it knows, and when it was made.",
            "table",
            'SELECT district_id AS "district", toString(max(as_of)) AS "as of",'
            ' toString(argMax(data_through, as_of)) AS "counted through",'
            ' argMax(made_at, as_of) AS "made at"'
            " FROM reporting_releases GROUP BY district_id ORDER BY district_id",
            width=18,
        ),
    ),
    since="now-7d",
)

DASHBOARDS = (DISTRICT_TRENDS, ONE_SCHOOL, ALERT_QUALITY, PIPELINE)
