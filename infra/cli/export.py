"""`rollcall export`: standings, alerts, refused (contract 4), and what is due by a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Protocol

import typer

from infra.cli.common import a_date, a_school_year, failures_told, policies, settings_of_command
from infra.cli.dictionary import Beside, Dictionary, beside, data_through
from infra.cli.reading import output, told_snapshot
from infra.event_logs import event_log
from infra.exports import alerts, documentation, refused, standings, truancy
from infra.exports.narrowing import of_current_school, of_student
from infra.exports.refused import Scope
from infra.exports.writing import Format, Row, by_bytes, write
from infra.snapshot import Snapshot
from models.ledger.district import Ledger
from models.policy import PolicyOf

app = typer.Typer(no_args_is_help=True, help="Write what is known as rows.")

Out = Annotated[Path | None, typer.Option("--out", help="Write to this file instead of standard output.")]
As = Annotated[Format, typer.Option("--format", help="csv or jsonl.")]
District = Annotated[str | None, typer.Option(help="Only this district.")]
School = Annotated[str | None, typer.Option(help="Only students whose current school this is.")]
AsOf = Annotated[date, typer.Option(parser=a_date, metavar="DATE", help="The last day that counts.")]
Student = Annotated[str | None, typer.Option(help="Only this student.")]


class DueExport(Protocol):
    """A module of infra.exports whose rows are those of a day, with the student's current school."""

    @property
    def COLUMNS(self) -> tuple[str, ...]:
        """The names, in order."""

    @property
    def NUMBERS(self) -> frozenset[str]:
        """Those of numbers."""

    @property
    def SORTED_BY(self) -> tuple[str, ...]:
        """Those that order the rows."""

    def rows(self, ledger: Ledger, as_of: date, policy_of: PolicyOf) -> Iterable[dict[str, str]]:
        """The rows, in no order."""


def _put(
    rows: list[Row],
    exports: tuple[str, ...],
    columns: tuple[str, ...],
    numbers: frozenset[str],
    fmt: Format,
    out: Path | None,
    said: Beside | None,
) -> None:
    """Write the rows, and what the columns of these exports mean where that is asked for."""
    with output(out) as target:
        write(rows, columns, numbers, fmt, target)
    if said is not None:
        said.write(exports, columns, numbers)


def _said(path: Path | None, snapshot: Snapshot, by: date | None = None) -> Beside | None:
    if path is None:
        return None
    return Beside(path, data_through((snapshot.ledger(held) for held in snapshot.districts()), by))


@app.command("standings")
def export_standings(
    as_of: AsOf,
    with_bounds: Annotated[
        bool,
        typer.Option("--bounds", help="Also the lowest and highest rate and tier while days are unreported."),
    ] = False,
    fmt: As = "csv",
    out: Out = None,
    district: District = None,
    school: School = None,
    student: Student = None,
    dictionary: Dictionary = False,
) -> None:
    """One row a student and scope. Example: rollcall export standings --as-of 2021-12-15"""
    path = beside(dictionary, out)
    with failures_told():
        settings = settings_of_command()
        with event_log(settings) as log:
            policy_of = policies(settings)
            snapshot = told_snapshot(log, policy_of, district)
            rows = [
                row
                for held in snapshot.districts()
                for row in standings.rows(snapshot.ledger(held), as_of, policy_of, with_bounds)
            ]
            said = _said(path, snapshot, as_of)
        rows = of_student(of_current_school(rows, school), student)
        columns = (*standings.COLUMNS, *standings.BOUNDS) if with_bounds else standings.COLUMNS
        exports = ("standings", "bounds")
        _put(by_bytes(rows, standings.SORTED_BY), exports, columns, standings.NUMBERS, fmt, out, said)


@app.command("alerts")
def export_alerts(
    current: Annotated[bool, typer.Option("--current", help="Leave withdrawn alerts out.")] = False,
    school_year: Annotated[
        str | None,
        typer.Option(parser=a_school_year, metavar="YEAR", help="Only this year, as 2021-22."),
    ] = None,
    as_of: Annotated[
        date | None,
        typer.Option(parser=a_date, metavar="DATE", help="Fold the days up to this one only."),
    ] = None,
    fmt: As = "csv",
    out: Out = None,
    district: District = None,
    school: School = None,
    student: Student = None,
    dictionary: Dictionary = False,
) -> None:
    """One row an alert. Example: rollcall export alerts --current --school-year 2021-22"""
    path = beside(dictionary, out)
    with failures_told():
        settings = settings_of_command()
        with event_log(settings) as log:
            policy_of = policies(settings)
            snapshot = told_snapshot(log, policy_of, district)
            rows: list[dict[str, str]] = []
            for held in snapshot.districts():
                engine = snapshot.engine(held)
                published = dict(engine.published())
                if as_of is None:
                    rows += alerts.rows(engine.ledger, published)
                else:
                    rows += alerts.rows_as_of(engine.ledger, published, as_of, policy_of)
            said = _said(path, snapshot, as_of)
        kept = [
            row
            for row in of_student(rows, student)
            if not (current and row["condition"] == "withdrawn")
            and school_year in (None, row["school_year"])
            and school in (None, row["current_school_id"])
        ]
        rows_in_order = by_bytes(kept, alerts.SORTED_BY)
        _put(rows_in_order, ("alerts",), alerts.COLUMNS, alerts.NUMBERS, fmt, out, said)


@app.command("documentation")
def export_documentation(
    as_of: AsOf,
    fmt: As = "csv",
    out: Out = None,
    district: District = None,
    school: School = None,
    student: Student = None,
    dictionary: Dictionary = False,
) -> None:
    """Absences that nobody has explained. Example: rollcall export documentation --as-of 2021-12-15"""
    _due("documentation", documentation, as_of, fmt, out, district, school, student, dictionary)


@app.command("truancy")
def export_truancy(
    as_of: AsOf,
    fmt: As = "csv",
    out: Out = None,
    district: District = None,
    school: School = None,
    student: Student = None,
    dictionary: Dictionary = False,
) -> None:
    """By when parents are to be met after truancy. Example: rollcall export truancy --as-of 2021-12-15"""
    _due("truancy", truancy, as_of, fmt, out, district, school, student, dictionary)


def _due(
    name: str,
    export: DueExport,
    as_of: date,
    fmt: Format,
    out: Path | None,
    district: str | None,
    school: str | None,
    student: str | None,
    dictionary: bool,
) -> None:
    """Write what is due by a day."""
    path = beside(dictionary, out)
    with failures_told():
        settings = settings_of_command()
        with event_log(settings) as log:
            policy_of = policies(settings)
            snapshot = told_snapshot(log, policy_of, district)
            rows = [
                row
                for held in snapshot.districts()
                for row in export.rows(snapshot.ledger(held), as_of, policy_of)
            ]
            said = _said(path, snapshot, as_of)
        kept = [row for row in of_student(rows, student) if school in (None, row["current_school_id"])]
        rows_in_order = by_bytes(kept, export.SORTED_BY)
        _put(rows_in_order, (name,), export.COLUMNS, export.NUMBERS, fmt, out, said)


@app.command("refused")
def export_refused(
    fmt: As = "csv",
    out: Out = None,
    district: District = None,
    school: School = None,
    student: Student = None,
    dictionary: Dictionary = False,
) -> None:
    """What was refused or set aside, and why. Example: rollcall export refused --format jsonl"""
    path = beside(dictionary, out)
    with failures_told():
        settings = settings_of_command()
        with event_log(settings) as log:
            snapshot = told_snapshot(log, policies(settings), district)
            rows = refused.rows(log, snapshot, Scope(district, school, student))
            said = _said(path, snapshot)
        _put(list(rows), ("refused",), refused.COLUMNS, refused.NUMBERS, fmt, out, said)
