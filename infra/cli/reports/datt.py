"""`rollcall report datt`: a workbook by school, grade, group and band."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from infra.cli.common import fail
from infra.cli.reports.common import District
from infra.cli.reports.tables import AsOf, DistrictName, told
from infra.papers.datt import Paper, workbook
from infra.papers.put import put


def datt(
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", help="The file to write, .xlsx.")],
    district: District = None,
    district_name: DistrictName = None,
    students: Annotated[
        bool,
        typer.Option("--students", help="All numbers, and the list of students: for staff who may see them."),
    ] = False,
) -> None:
    """Write the DATT-shaped workbook. Example: rollcall report datt --as-of 2021-12-15 --out datt.xlsx"""
    held = told(district, as_of, students)
    paper = Paper(
        district_name or held.district,
        as_of,
        held.data_through,
        held.tables,
        held.school_names,
        held.persons if students else (),
        students,
    )
    try:
        # Of the day that it is about, so that two calls give the same bytes.
        put(out, workbook(paper, datetime.combine(as_of, time(), UTC).replace(tzinfo=None)))
    except OSError as error:
        fail(f"the file cannot be written: {error.strerror}")
