"""The rows of `rollcall export standings` and `export alerts --current` (contract section 4), as strings.

Choices where the contract leaves one:

* school, grade, unreported days and data_through of a standings row are of the row's own days, K-12 or PK.
* The level of a school row is that of district scope; blank in PK rows.
* current_school_id is the owner of the student's last membership day (PK or K-12, reported or not) in the
  district and school year of the alert, by the as-of date where one is given.
* With an as-of date, "counted days at two or more schools this year" are days up to it, as all others.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date

from tests.reference.counting import Counting, Day, school_year
from tests.reference.rules import Alert, Policy, alerts_of_year, window

Export = list[dict[str, str]]


def standings(counting: Counting, as_of: date, policy: Policy) -> Export:
    """Give a row a student and scope with a membership day of the as-of date's school year by then."""
    rows = []
    for district, student in counting.students():
        days = [
            day
            for day in counting.days(district, student)
            if day.day <= as_of and school_year(day.day) == school_year(as_of)
        ]
        if not days:
            continue
        district_days = _of_one_stage(days)
        level = "2" if sum(day.absent for day in district_days) >= 10 else "1"
        rows.append(_standing(district, student, "district", district_days, level, policy))
        for school in sorted({day.school_id for day in days}):
            here = _of_one_stage([day for day in days if day.school_id == school])
            rows.append(_standing(district, student, "school", here, level, policy))
    return _sorted(rows, "district_id", "scope", "school_id", "student_id")


def _of_one_stage(days: list[Day]) -> list[Day]:
    """Keep the K-12 days, or the PK days where there are no others: the two are never added up."""
    return [day for day in days if day.k12] or days


def _standing(
    district: str, student: str, scope: str, days: list[Day], level: str, policy: Policy
) -> dict[str, str]:
    last = days[-1]
    counted = [day for day in days if day.reported]
    enrolled, absent = len(counted), sum(day.absent for day in counted)
    classes = Counter(day.absence for day in counted)
    looked_at, missed = window(counted, len(counted) - 1, policy.window_days) if counted else (0, 0)
    tier = ""
    if last.k12 and enrolled > 0:
        tier = "III" if 5 * absent >= enrolled else "II" if 10 * absent >= enrolled else "I"
    return {
        "district_id": district,
        "scope": scope,
        "school_id": last.school_id,
        "student_id": student,
        "grade": last.grade,
        "enrolled_days": str(enrolled),
        "absent_days": str(absent),
        "excused_days": str(classes["excused"]),
        "unexcused_days": str(classes["unexcused"]),
        "disciplinary_days": str(classes["disciplinary"]),
        "mhw_days": str(classes["mhw"]),
        "unknown_days": str(classes["unknown"]),
        "unreported_days": str(len(days) - enrolled),
        "rate_percent": _percent(absent, enrolled),
        "tier": tier,
        "level": level if last.k12 else "",
        "window_days": str(looked_at),
        "window_absent_days": str(missed),
        "data_through": counted[-1].day.isoformat() if counted else "",
    }


def _percent(absent: int, enrolled: int) -> str:
    """Give the rate in percent with two decimals, half up; blank when nothing is counted."""
    if not enrolled:
        return ""
    hundredths = (20000 * absent + enrolled) // (2 * enrolled)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def alerts(counting: Counting, as_of: date | None, policy: Policy) -> Export:
    """Give the alerts of every school year, from the days up to the as-of date where one is given."""
    rows = []
    for district, student in counting.students():
        years: dict[str, list[Day]] = {}
        for day in counting.days(district, student):
            if as_of is None or day.day <= as_of:
                years.setdefault(school_year(day.day), []).append(day)
        known = counting.live.live["student"].get((district, student))
        birthdate = known.date("birthdate") if known else None
        for year, days in years.items():
            last_year = _last_year(counting, district, student, years, year)
            for alert in alerts_of_year(days, birthdate, last_year, policy):
                rows.append(_alert(district, student, year, days[-1].school_id, alert))
    return _sorted(
        rows, "district_id", "scope", "school_id", "student_id", "school_year", "rule", "opened_on"
    )


def _last_year(
    counting: Counting, district: str, student: str, years: dict[str, list[Day]], year: str
) -> tuple[int, int]:
    """Give enrolled and absent days of the year before: its prior_year record, else the own K-12 days."""
    before = school_year(date(int(year[:4]) - 1, 7, 1))
    record = counting.live.live["prior_year"].get((district, student, before))
    if record is not None:
        return int(record.cell("enrolled_days")), int(record.cell("absent_days"))
    counted = [day for day in years.get(before, []) if day.k12 and day.reported]
    return len(counted), sum(day.absent for day in counted)


def alert_id(parts: list[str]) -> str:
    """Hash [district, student, scope, school or "", rule, school year, opening date or ""]."""
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _alert(district: str, student: str, year: str, current: str, alert: Alert) -> dict[str, str]:
    opened = alert.opening.day.isoformat()
    school = alert.opening.school_id
    identity = [
        district,
        student,
        alert.scope,
        school if alert.scope == "school" else "",
        alert.rule,
        year,
        opened if alert.dated else "",
    ]
    return {
        "alert_id": alert_id(identity),
        "district_id": district,
        "scope": alert.scope,
        "school_id": school,
        "current_school_id": current,
        "student_id": student,
        "school_year": year,
        "rule": alert.rule,
        "opened_on": opened,
        "recovered_on": alert.recovered_on.isoformat() if alert.recovered_on else "",
        "enrolled_days": str(alert.enrolled),
        "absent_days": str(alert.absent),
        "condition": "recovered" if alert.recovered_on else "standing",
    }


def _sorted(rows: Export, *names: str) -> Export:
    """Sort by bytes of the columns named; the order of characters in UTF-8 is that of code points."""
    return sorted(rows, key=lambda row: [row[name] for name in names])
