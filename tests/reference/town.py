"""A town for hand-worked examples: district D, student s1 of grade 5 at school A, weekdays from 2021-08-30.

School days are counted from 1: day(1) is Monday 2021-08-30, day(5) Friday 09-03, day(6) Monday 09-06,
day(20) Friday 09-24, day(25) Friday 10-01.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from tests.reference.reading import known_columns
from tests.reference.reference import Result, evaluate
from tests.reference.rules import Policy

MEANINGS = {"E": "excused", "U": "unexcused", "M": "mhw", "D": "disciplinary", "N": "unknown"}


def day(number: int) -> str:
    """Give the n-th weekday from Monday 2021-08-30, counted from 1."""
    weeks, rest = divmod(number - 1, 5)
    return (date(2021, 8, 30) + timedelta(days=7 * weeks + rest)).isoformat()


class Town:
    """Rows of a story; `days` school days are submitted at each school, or as many as `submitted` says."""

    def __init__(
        self, days: int, schools: str = "A", submitted: int | None = None, enroll: bool = True
    ) -> None:
        self.rows: dict[str, list[dict[str, str]]] = {}
        for code, reason in MEANINGS.items():
            self.add("code", code=code, status="absent", class_=reason)
        self.add("code", code="P", status="in_attendance")
        for school in schools:
            for number in range(1, days + 1):
                self.add("calendar", school_id=school, date=day(number), kind_="instructional")
                if number <= (days if submitted is None else submitted):
                    self.add("submission", school_id=school, date=day(number), state="submitted")
        if enroll:
            self.enroll()

    def add(self, kind: str, /, **cells: str) -> Town:
        """Add a record of district D, written on 2021-08-01 unless told; `class_`, `kind_` for the words."""
        given = {"district_id": "D", "recorded_at": "2021-08-01T08:00:00Z"}
        given.update({name.rstrip("_"): cell for name, cell in cells.items()})
        self.rows.setdefault(kind, []).append(given)
        return self

    def enroll(self, **cells: str) -> Town:
        """Enroll s1, at A in grade 5 from day 1 unless told."""
        return self.add(
            "enrollment",
            **{"school_id": "A", "student_id": "s1", "grade": "5", "entry_date": day(1), **cells},
        )

    def mark(self, code: str, *days: int | str, **cells: str) -> Town:
        """Add attendance records of s1 at A, written at 8:00 UTC of their day unless told."""
        for each in days:
            on = day(each) if isinstance(each, int) else each
            given = {"school_id": "A", "student_id": "s1", "date": on, "code": code}
            self.add("attendance", **{**given, "recorded_at": f"{on}T08:00:00Z", **cells})
        return self

    def files(self) -> dict[str, bytes]:
        """Write a CSV file a kind."""
        files = {}
        for kind, rows in self.rows.items():
            out = io.StringIO()
            writer = csv.DictWriter(out, known_columns(kind), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            files[f"{kind}.csv"] = out.getvalue().encode()
        return files

    def result(self, policy: Policy | None = None) -> Result:
        """Judge the story."""
        return evaluate(self.files(), policy)

    def alerts(self, rule: str, as_of: str | None = None, policy: Policy | None = None) -> list[str]:
        """Give the alerts of a rule as `scope school opened recovered enrolled/absent condition` words."""
        names = (
            "scope",
            "school_id",
            "opened_on",
            "recovered_on",
            "enrolled_days",
            "absent_days",
            "condition",
        )
        return [
            " ".join(row[name] or "-" for name in names)
            for row in self.result(policy).alerts(as_of)
            if row["rule"] == rule
        ]

    def standing(self, as_of: str, *names: str, scope: str = "district") -> list[str]:
        """Give the standings of a scope, the named columns as words, blanks as `-`."""
        rows = self.result().standings(as_of)
        return [" ".join(row[name] or "-" for name in names) for row in rows if row["scope"] == scope]
