"""The attendance records of a random student."""

from __future__ import annotations

from datetime import date, timedelta

from tests.reference.histories import Habit, Stay
from tests.reference.plan import Plan


def attend(
    plan: Plan, student: str, story: list[Stay], habit: list[Habit], stray: float,
    positive: dict[str, bool] | None = None,
) -> None:  # fmt: skip
    """Add attendance records along a student's stays: in a positive school one a day, else of absences."""
    rng, absent = plan.rng, False
    for at, day in enumerate(plan.dates):
        now = habit[at * len(habit) // len(plan.dates)]
        begun = [stay for stay in story if stay.entry <= day]
        if not begun:
            continue
        school = max(begun, key=lambda stay: stay.entry).school
        if rng.random() < stray:  # at some other school, or on a day without school
            school, day = rng.choice(story).school, day + timedelta(days=rng.choice((0, 1, 2, 60)))
        absent = rng.random() < (now.goes_on if absent else now.begins)
        if absent:
            code = rng.choices(list(now.codes), list(now.codes.values()))[0]
            _record(plan, student, school, day, code)
        elif rng.random() < (0.97 if (positive or {}).get(school) else 0.04):
            _record(plan, student, school, day, rng.choice(("P", "T", "P", "X")) if stray else "P")


def _record(plan: Plan, student: str, school: str, day: date, code: str) -> None:
    """Add a record, in parts sometimes, and its corrections."""
    rng = plan.rng
    parts = (
        [("", "")]
        if rng.random() < 0.85
        else [("r1", rng.choice((".5", "0.25", "1", "0.5", "0"))), ("r2", "0.5")]
    )
    for record_id, share in parts:
        share = share or rng.choice(("", "", "", "", "", "1", "0.5", ".51", "1.0"))
        permission = rng.choice(("documented", "missing", "")) if code == "M" else ""
        written = day + timedelta(days=rng.choice((0, 0, 0, 0, 0, 1, 7, -1, 45)))
        added = plan.add(
            "attendance", written, school_id=school, student_id=student, date=day.isoformat(), code=code,
            record_id=record_id, absent_fraction=share, permission=permission,
        )  # fmt: skip
        if len(parts) > 1:
            code = rng.choice((code, code, "E", "U", "D", "P"))
        while rng.random() < 0.12:
            changes = [
                {"code": rng.choice("EUMDNPX")},
                {"absent_fraction": "0.5"},
                {"permission": "documented"},
            ]
            plan.revise("attendance", added, changes)
