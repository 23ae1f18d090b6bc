"""`rollcall report review-teams`: which teams the statute asks for, and the list for their meetings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from infra.cli.common import USAGE, a_date, fail
from infra.cli.dictionary import Beside, beside, data_through
from infra.cli.reading import output
from infra.cli.reports.common import District, Out, one_district
from infra.exports.writing import write
from infra.papers import agenda as listed
from infra.papers import rates as published
from infra.papers.words import STAFF
from models.papers.review_teams import (
    ASKS,
    DISTRICT_PERCENT,
    SCHOOL_PERCENT,
    Decision,
    Rate,
    decide,
    district_rate,
    school_rates,
)
from models.school_year import label, school_year_of
from models.spreadsheet_text import as_text
from models.standing import rate_percent


def review_teams(
    as_of: Annotated[
        date, typer.Option(parser=a_date, metavar="DATE", help="A day of this year; the agenda's last one.")
    ],
    district: District = None,
    rates: Annotated[
        Path | None,
        typer.Option(help="CSV of last year's published rates: school_id, chronically_absent, enrolled."),
    ] = None,
    agenda: Annotated[
        Path | None,
        typer.Option(help="Write this year's truant and chronically absent students to this file."),
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="With their names in the agenda.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    dictionary: Annotated[
        bool, typer.Option("--dictionary", help="Also write what the columns mean, beside the agenda.")
    ] = False,
    out: Out = None,
) -> None:
    """Say which review teams are asked for. Example: rollcall report review-teams --as-of 2021-10-01"""
    if (names or dictionary) and agenda is None:
        fail("--names and --dictionary need --agenda FILE", USAGE)
    try:
        given = published.read(rates) if rates is not None else {}
    except published.RatesUnusable as error:
        fail(str(error), USAGE)
    year = school_year_of(as_of)
    with one_district(district) as (name, snapshot, policy_of):
        ledger = snapshot.ledger(name)
        whole = given.get("") or district_rate(ledger, year)
        schools = school_rates(ledger, year, policy_of(name, year - 1))
        schools |= {school: rate for school, rate in given.items() if school}
        found = listed.agenda(ledger, as_of, policy_of, names) if agenda is not None else None
        through = data_through([ledger], as_of) if dictionary else None
    if found is not None and agenda is not None:
        columns = (*listed.COLUMNS, *listed.NAMES) if names else listed.COLUMNS
        _put_agenda(found, agenda, columns)
        if (path := beside(dictionary, agenda)) is not None:
            Beside(path, through).write(("agenda",), columns, listed.NUMBERS)
    if whole is None and not schools:
        fail(
            f"nothing is known of {label(year - 1)}: ingest its records or prior_year records, or give the"
            " published rates with --rates"
        )
    decision = decide(whole, schools)
    with output(out) as target:
        if as_json:
            target.write(json.dumps(_as_json(name, year, whole, schools, decision), indent=1) + "\n")
        else:
            target.writelines(f"{line}\n" for line in _lines(name, year, whole, schools, decision))


def _put_agenda(found: listed.Agenda, out: Path, columns: Sequence[str]) -> None:
    safe = [{column: as_text(cell) for column, cell in row.items()} for row in found.rows]
    with output(out) as target:
        write(safe, columns, listed.NUMBERS, "csv", target)
    typer.echo(f"rollcall: the agenda has {len(found.rows)} students; it must not leave the office", err=True)
    if found.left:
        typer.echo(f"rollcall: {found.left} more have left, and are not in it", err=True)


def _lines(
    name: str, year: int, whole: Rate | None, schools: Mapping[str, Rate], decision: Decision
) -> Iterator[str]:
    yield STAFF
    yield f"District {name}: attendance review teams for {label(year)} by the rates of {label(year - 1)}"
    yield f"CGS 10-198c(b), case {decision.case}: {ASKS[decision.case]}"
    if decision.schools:
        yield f"  schools: {', '.join(decision.schools)}"
    if not schools:
        yield "  The schools' rates are not known, so more may be asked for: give them with --rates."
    yield ""
    if whole is not None:
        yield f"  district: {_said(whole, DISTRICT_PERCENT)}"
    for school, rate in sorted(schools.items()):
        yield f"  school {school}: {_said(rate, SCHOOL_PERCENT)}"


def _said(rate: Rate, percent: int) -> str:
    reached = "reaches" if rate.reaches(percent) else "is under"
    return (
        f"{rate.chronic} of {rate.enrolled} chronically absent"
        f" ({rate_percent(rate.chronic, rate.enrolled) or '-'} %), {reached} {percent} %"
    )


def _as_json(
    name: str, year: int, whole: Rate | None, schools: Mapping[str, Rate], decision: Decision
) -> dict[str, object]:
    def shown(rate: Rate, percent: int) -> dict[str, object]:
        return {
            "chronically_absent": rate.chronic,
            "enrolled": rate.enrolled,
            "rate_percent": rate_percent(rate.chronic, rate.enrolled) or None,
            "threshold_percent": percent,
            "reached": rate.reaches(percent),
        }

    return {
        "notice": STAFF,
        "district_id": name,
        "school_year": label(year),
        "rates_of": label(year - 1),
        "case": decision.case.value,
        "asks_for": ASKS[decision.case],
        "district_team": decision.district_team,
        "school_teams": decision.school_teams,
        "school_rates_known": bool(schools),
        "schools_reaching": list(decision.schools),
        "district": None if whole is None else shown(whole, DISTRICT_PERCENT),
        "schools": {school: shown(rate, SCHOOL_PERCENT) for school, rate in sorted(schools.items())},
    }
