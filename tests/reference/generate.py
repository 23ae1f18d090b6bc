"""Random district histories: small, cheap to judge, and dense enough that every rule fires in some of them.

Everything that the contract settles may occur; what it leaves to choice (see the modules' notes) does not.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.reference.attending import attend
from tests.reference.histories import Stay, habits, stays
from tests.reference.plan import Plan
from tests.reference.spoil import spoiled
from tests.reference.writing import Cells, files_of

CODES = {"E": "excused", "U": "unexcused", "M": "mhw", "D": "disciplinary", "N": "unknown"}


def random_files(rng: Random) -> dict[str, bytes]:
    """Make the files of a random history: one or two districts, up to 120 dates, up to eight students."""
    dates = _dates(rng)
    rows: list[tuple[str, Cells]] = []
    for district in rng.choice((["D1"], ["D1"], ["D1", "0042"])):
        plan = Plan(rng, district, dates)
        schools = [f"S{number}" for number in range(rng.randint(1, 3))]
        modes = {school: _school(plan, school) for school in schools}
        _codes(plan)
        for school in schools:
            _calendar(plan, school)
            _submissions(plan, school, dense=modes[school] == "explicit")
        for number in range(rng.choice((1, 2, 2, 3, 4, 6))):
            _student(plan, f"{number:03}", schools, modes)
        if rng.random() < 0.4:  # a student nobody has enrolled: his records show that attendance was taken
            stay = Stay(rng.choice(schools), dates[0], None, "5", "")
            attend(plan, "ghost", [stay], habits(rng), 0.2)
        rows += plan.rows
    return files_of(rng, [*rows, *spoiled(rng, rows)])


def _dates(rng: Random) -> list[date]:
    """Choose 20 to 120 dates, mostly weekdays, in one school year or at the seam of two."""
    start = date(rng.choice((2019, 2021, 2023)), 8, rng.choice((25, 28, 30, 31)))
    count = rng.choice((20, 30, 45, 45, 60, 60, 80, 110))
    parts = [(start, count)]
    if rng.random() < 0.35:
        early = rng.choice((22, 26, 34))
        parts = [(date(start.year, 6, 30) - timedelta(days=int(early * 1.4)), early), (start, min(count, 70))]
    dates: list[date] = []
    for first, number in parts:
        day, found = first, 0
        while found < number:
            if day.weekday() < 5 or rng.random() < 0.02:
                dates.append(day)
                found += 1
            day += timedelta(days=1 if rng.random() < 0.97 else 9)
    return sorted(set(dates))


def _school(plan: Plan, school: str) -> str:
    """Add the settings of a school; give what decides most of it: negative, positive or explicit."""
    rng, start = plan.rng, plan.dates[0]
    main = rng.choice(("negative", "negative", "negative", "positive", "explicit"))
    if main != "negative" or rng.random() < 0.4:
        mode = rng.choice(("negative", "")) if main != "positive" else "positive"
        submission = "explicit" if main == "explicit" else rng.choice(("", "by_record"))
        since = rng.choice(("", "", start.isoformat()))
        added = plan.add(
            "school", start, school_id=school, effective_from=since, name="A, \"B\" & Söhne",
            attendance_mode=mode, submission=submission,
        )  # fmt: skip
        if rng.random() < 0.15:
            plan.revise("school", added, [{"name": "C"}, {"attendance_mode": "", "submission": "explicit"}])
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        plan.add(
            "school", start, school_id=school, effective_from=rng.choice(plan.dates).isoformat(),
            attendance_mode=rng.choice(("", "", "negative", "positive")),
            submission=rng.choice(("", "by_record", "explicit")),
        )  # fmt: skip
    return main


def _codes(plan: Plan) -> None:
    rng, start = plan.rng, plan.dates[0]
    for code, reason in CODES.items():
        since = start.isoformat() if rng.random() < 0.1 else ""
        given = {"code": code, "status": "absent", "class_": reason, "effective_from": since}
        added = plan.add("code", start, **given)
        if rng.random() < 0.2:  # another meaning from some date on
            changed = {"class_": rng.choice(list(CODES.values()))}
            plan.add(
                "code", start, **{**given, **changed, "effective_from": rng.choice(plan.dates).isoformat()}
            )
        if rng.random() < 0.06:
            plan.revise("code", added, [{"class": "unknown"}, {"status": "in_attendance"}, {"label": "x"}])
    for code in ("P", "T"):
        plan.add("code", start, code=code, status="in_attendance", remote=rng.choice(("", "yes", "no")))
    if rng.random() < 0.6:  # X has no meaning at first, or never
        plan.add(
            "code", start, code="X", status="absent", class_="unexcused",
            effective_from=rng.choice(plan.dates).isoformat(),
        )  # fmt: skip


def _calendar(plan: Plan, school: str) -> None:
    rng = plan.rng
    changes = [{"kind": kind} for kind in ("weather", "instructional", "make_up", "emergency")]
    for day in plan.dates:
        kind = "instructional" if rng.random() < 0.93 else rng.choice(("shortened", "make_up", "holiday"))
        if rng.random() < 0.98:
            written = plan.dates[0] - timedelta(days=rng.randrange(30))
            added = plan.add("calendar", written, school_id=school, date=day.isoformat(), kind=kind)
            if rng.random() < 0.06:
                plan.revise("calendar", added, changes)
        if rng.random() < 0.1:  # track B differs
            kind = rng.choice(("instructional", "holiday", "teacher_only"))
            minutes = rng.choice(("", "390"))
            plan.add(
                "calendar", day, school_id=school, date=day.isoformat(), kind=kind, track="B", minutes=minutes
            )


def _submissions(plan: Plan, school: str, dense: bool) -> None:
    rng = plan.rng
    for day in plan.dates:
        if rng.random() < (0.95 if dense else 0.1):
            state = "submitted" if rng.random() < (0.97 if dense else 0.6) else "reopened"
            added = plan.add("submission", day, school_id=school, date=day.isoformat(), state=state)
            if rng.random() < 0.06:
                plan.revise("submission", added, [{"state": "reopened"}, {"state": "submitted"}])


def _student(plan: Plan, student: str, schools: list[str], modes: dict[str, str]) -> None:
    rng, start = plan.rng, plan.dates[0]
    story = stays(rng, plan.dates, schools)
    for stay in story:
        written = stay.entry + timedelta(days=rng.choice((-10, 0, 0, 30)))
        added = plan.add(
            "enrollment", written, school_id=stay.school, student_id=student, grade=stay.grade,
            entry_date=stay.entry.isoformat(), exit_date=stay.leaving.isoformat() if stay.leaving else "",
            track=stay.track,
        )  # fmt: skip
        if rng.random() < 0.12:
            leaving = rng.choice(plan.dates).isoformat()
            changes = [
                {"exit_date": leaving},
                {"grade": "PK"},
                {"grade": "04"},
                {"track": "B"},
                {"exit_date": ""},
            ]
            plan.revise("enrollment", added, changes)
    if rng.random() < 0.6:
        middle = rng.choice(plan.dates)
        turning = date(middle.year - rng.choice((5, 19)), middle.month, min(middle.day, 28))
        leap = date(rng.choice((2000, 2016)), 2, 29)
        born = rng.choice((turning, turning, leap, date(2010, 3, 4), None))
        plan.add(
            "student", start, student_id=student, first_name="Zoë", last_name="O'Hara, jr.",
            birthdate=born.isoformat() if born else "", meals=rng.choice(("", "free", "paid")),
        )  # fmt: skip
    if rng.random() < 0.5:
        first = plan.dates[0].year - (1 if plan.dates[0].month >= 7 else 2)
        year = first + rng.choice((0, 0, 1))
        enrolled = rng.choice((19, 20, 150, 180))
        absent = min(enrolled, rng.choice((0, 2, 4, enrolled // 10, enrolled // 5, enrolled // 5 - 1)))
        added = plan.add(
            "prior_year", start, student_id=student, school_year=f"{year}-{(year + 1) % 100:02}",
            enrolled_days=str(enrolled), absent_days=str(absent),
        )  # fmt: skip
        if rng.random() < 0.2:
            plan.revise("prior_year", added, [{"absent_days": "1"}, {"enrolled_days": "180"}])
    positive = {stay.school: modes[stay.school] == "positive" for stay in story}
    attend(plan, student, story, habits(rng), 0.03, positive)
