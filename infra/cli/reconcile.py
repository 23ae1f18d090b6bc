"""`rollcall reconcile FILE`: our year beside the state's or the information system's own number."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from infra.cli.common import (
    USAGE,
    WITH_REFUSALS,
    a_date,
    a_school_year,
    a_time,
    fail,
    failures_told,
    policies,
    settings_of_command,
)
from infra.cli.reading import output, told_snapshot
from infra.edsight.codes import CodesInvalid, load_codes
from infra.event_logs import event_log
from infra.exports.writing import Row, write
from infra.files import sasids
from infra.files.source import PathUnusable
from infra.reconcile import output as told
from infra.reconcile.columns import ColumnsUnclear, chosen
from infra.reconcile.compare import Compared, compare_groups, compare_students, ours_of, published_groups
from infra.reconcile.theirs import FileUnclear, TheirFile, read
from infra.settings import Settings
from infra.snapshot import Snapshot
from models.policy import PolicyOf
from models.reconcile.reading import WORDS
from models.school_year import first_day, from_label, school_year_of
from models.spreadsheet_text import as_text

_SHOWN_FAULTS = 20
_SHOWN_ROWS = 60


def reconcile(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV: of students, of groups, or of EdSight.")],
    district: Annotated[str | None, typer.Option(help="The district that the file is about.")] = None,
    as_of: Annotated[
        date | None, typer.Option(parser=a_date, metavar="DATE", help="The last day that the file counts.")
    ] = None,
    school_year: Annotated[
        str | None,
        typer.Option(parser=a_school_year, metavar="YEAR", help="A whole year, as 2021-22, instead."),
    ] = None,
    taken_at: Annotated[
        str | None,
        typer.Option(
            parser=a_time, metavar="TIME", help="When the file was made; by default at the end of that day."
        ),
    ] = None,
    by: Annotated[
        Literal["group", "student"], typer.Option(help="Rows of schools and groups, or of students.")
    ] = "group",
    every: Annotated[bool, typer.Option("--all", help="Also the rows that agree.")] = False,
    scope: Annotated[
        Literal["district", "school"] | None,
        typer.Option(
            help="What a row counts: days in the district, or at its school. By default told by the file."
        ),
    ] = None,
    sasid: Annotated[
        Path | None,
        typer.Option(help="CSV of student_id and sasid, where the file has the state's ids."),
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="NAME=HEADER", help="Which column says what; may be repeated.")
    ] = None,
    fmt: Annotated[
        Literal["table", "csv", "jsonl"] | None,
        typer.Option("--format", help="table (on a terminal), csv or jsonl."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write to this file instead of standard output.")
    ] = None,
) -> None:
    """List where another's numbers differ from ours, and the probable cause.

    Example: rollcall reconcile state.csv --school-year 2021-22 --by student --out differences.csv
    """
    with failures_told():
        settings = settings_of_command()
        theirs = _with_our_ids(_read(file, column or []), sasid)
        last = _last_day(as_of, school_year, theirs)
        with event_log(settings) as log:
            policy_of = policies(settings)
            snapshot = told_snapshot(log, policy_of, district)
            named = _district(snapshot, district)
            compared = _compared(settings, snapshot, policy_of, named, theirs, last, taken_at, scope)
    if by == "student" and not theirs.students:
        fail("the file is not of students; leave --by student out", USAGE)
    rows = compared.students if by == "student" else compared.groups
    columns = told.STUDENT_COLUMNS if by == "student" else told.GROUP_COLUMNS
    _put([row for row in rows if every or row["cause"]], columns, fmt, out)
    _say(compared, theirs)


def _read(file: Path, options: Sequence[str]) -> TheirFile:
    try:
        theirs = read(file, chosen(options))
    except (FileUnclear, ColumnsUnclear) as error:
        fail(f"{file}: {error}", USAGE)
    except PathUnusable as error:
        fail(str(error), USAGE)
    if not (theirs.students or theirs.groups or theirs.published):
        for fault in theirs.faults[:_SHOWN_FAULTS]:
            typer.echo(f"rollcall: line {fault.line}: {fault.message}", err=True)
        fail(f"{file}: no row can be compared", USAGE)
    return theirs


def _with_our_ids(theirs: TheirFile, sasid: Path | None) -> TheirFile:
    """Their students under our ids, as far as the file of SASIDs knows them."""
    if sasid is None:
        return theirs
    try:
        ours = {state: student for student, state in sasids.read(sasid).items()}
    except sasids.SasidsUnusable as error:
        fail(str(error), USAGE)
    students = [row._replace(student=ours.get(row.student, row.student)) for row in theirs.students]
    if len({(row.student, row.school) for row in students}) < len(students):
        fail("the file has a student under the SASID and under our id too; keep one", USAGE)
    return theirs._replace(students=students)


def _last_day(as_of: date | None, school_year: str | None, theirs: TheirFile) -> date:
    if as_of is not None and school_year is not None:
        fail("give --as-of or --school-year, not both", USAGE)
    year = from_label(school_year) if school_year is not None else None
    if theirs.published:
        year = theirs.published[0].school_year
        if (school_year is not None and from_label(school_year) != year) or (
            as_of is not None and school_year_of(as_of) != year
        ):
            fail("the file's title names another school year", USAGE)
    if as_of is not None:
        return as_of
    if year is None:
        fail("say what the file counts: --as-of DATE, or --school-year for a whole year", USAGE)
    return date.fromordinal(first_day(year + 1).toordinal() - 1)


def _district(snapshot: Snapshot, district: str | None) -> str:
    known = snapshot.districts()
    if district is None and len(known) > 1:
        fail("several districts are known; name one with --district", USAGE)
    if not known:
        fail("nothing is known of the district yet; ingest its records first", USAGE)
    return known[0]


def _compared(
    settings: Settings,
    snapshot: Snapshot,
    policy_of: PolicyOf,
    district: str,
    theirs: TheirFile,
    last: date,
    taken_at: str | None,
    scope: str | None,
) -> Compared:
    # By then every time zone of the country has seen the end of that day.
    taken = taken_at or datetime.combine(date.fromordinal(last.toordinal() + 1), time(12), UTC).isoformat()
    ours = ours_of(snapshot.ledger(district), last, policy_of(district, school_year_of(last)), taken)
    if theirs.students:
        several = len({row.student for row in theirs.students}) < len(theirs.students)
        if scope == "district" and several:
            fail("the file has students at several schools; its rows are of --scope school", USAGE)
        if scope == "school" and not all(row.school for row in theirs.students):
            fail("--scope school needs a school in every row", USAGE)
        return compare_students(ours, theirs.students, scope == "school" or several)
    if theirs.groups:
        return compare_groups(ours, theirs.groups)
    try:
        groups = published_groups(district, theirs.published, load_codes(settings.edsight_file))
    except CodesInvalid as error:
        fail(str(error), USAGE)
    if not groups:
        fail(
            "no row of the file is of the district; say its code in the file of ROLLCALL_EDSIGHT_FILE",
            USAGE,
        )
    return compare_groups(ours, groups)


def _put(rows: Sequence[Row], columns: Sequence[str], fmt: str | None, out: Path | None) -> None:
    with output(out) as target:
        if fmt in (None, "table") and (fmt == "table" or (out is None and sys.stdout.isatty())):
            Console(file=target).print(_table(rows, columns), markup=False)
        elif fmt == "jsonl":
            numbers = told.NUMBERS if columns is told.GROUP_COLUMNS else frozenset[str]()
            write(rows, columns, numbers, "jsonl", target)
        else:
            write([_safe(row) for row in rows], columns, frozenset(), "csv", target)


def _safe(row: Row) -> Mapping[str, str]:
    """Text that no spreadsheet takes for a formula; differences are numbers and may be negative."""
    return {name: cell if name.endswith("_difference") else as_text(cell) for name, cell in row.items()}


def _table(rows: Sequence[Row], columns: Sequence[str]) -> Table:
    """For a person: theirs and ours of a number in one column."""
    pairs = [name for name in columns if name.startswith("their_")]
    single = [
        name
        for name in columns
        if (name.endswith("_id") and name != "district_id") or name in ("group", "value")
    ]
    heads = [name.removesuffix("_id") for name in single]
    heads += [f"{name.removeprefix('their_').replace('_', ' ')}: theirs, ours" for name in pairs]
    table = Table(*heads, "cause")
    for row in rows[:_SHOWN_ROWS]:
        both = [f"{row[name] or '-'}, {row[name.replace('their', 'our', 1)] or '-'}" for name in pairs]
        table.add_row(*(row[name] for name in single), *both, row["cause"])
    if len(rows) > _SHOWN_ROWS:
        table.caption = f"{len(rows) - _SHOWN_ROWS} more rows; --out FILE has all of them"
    return table


def _say(compared: Compared, theirs: TheirFile) -> None:
    """The sum on standard error: no student, no school."""
    what = "students" if theirs.students else "groups"
    typer.echo(f"rollcall: {compared.agreeing} of {compared.of} {what} agree", err=True)
    for label, times in compared.causes.most_common():
        words = WORDS.get(label.split(" ")[0], "") if "+" not in label else ""
        typer.echo(f"rollcall: {times} {label}{f': {words}' if words else ''}", err=True)
    for fault in theirs.faults[:_SHOWN_FAULTS]:
        typer.echo(f"rollcall: line {fault.line}: {fault.message}", err=True)
    if theirs.faults:
        typer.echo(f"rollcall: {len(theirs.faults)} rows of the file were left out", err=True)
        raise typer.Exit(WITH_REFUSALS)
