"""`rollcall report student`: all that is held about one student, for a parent who asks."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from infra.cli.common import USAGE, a_date, fail, failures_told, policies, settings_of_command
from infra.cli.reading import told_snapshot
from infra.cli.reports.common import District, the_one
from infra.event_logs import event_log
from infra.papers.disclosures import note
from infra.papers.history import history
from infra.papers.page import page
from infra.papers.put import put
from infra.papers.record import NotKnown, Section, sections


def student(
    student_id: Annotated[str, typer.Option("--student", help="The student's id.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write; it holds the student's name.")],
    requested_by: Annotated[
        str, typer.Option(help="Who asked for it: name, and parent or eligible student.")
    ],
    purpose: Annotated[str, typer.Option(help="What for, such as: inspection under FERPA.")],
    made_by: Annotated[str, typer.Option(help="Who makes it: your name; it stands at the end of the page.")],
    district: District = None,
    as_of: Annotated[
        date | None,
        typer.Option(parser=a_date, metavar="DATE", help="Days up to this one; by default today's."),
    ] = None,
    fmt: Annotated[
        Literal["html", "json"], typer.Option("--format", help="html: a page to print; or json.")
    ] = "html",
) -> None:
    """Write a student's record. Example: rollcall report student --student 0815 --out record.html
    --requested-by "A. Doe, parent" --purpose "inspection under FERPA" --made-by "R. Roe, records office"
    """
    for name, value in (("--requested-by", requested_by), ("--purpose", purpose), ("--made-by", made_by)):
        if not value.strip():
            fail(f"{name} is blank: a disclosure is noted with who asked, what for, and who made it", USAGE)
    now = datetime.now(UTC)
    through = as_of or now.date()
    with failures_told():
        settings = settings_of_command()
        with event_log(settings) as log:
            policy_of = policies(settings)
            snapshot = told_snapshot(log, policy_of, district)
            name = the_one(snapshot, district)
            try:
                made = sections(
                    log, snapshot, name, student_id, through, policy_of, history(log, name, student_id)
                )
            except NotKnown:
                fail(
                    "nothing is held about this student in this district; check the id, and --district", USAGE
                )
    content = _json if fmt == "json" else _page
    try:
        # The note comes first: a record that went out without one cannot be accounted for.
        note(
            settings.home,
            now,
            {
                "what": f"student record ({fmt}), days up to {through}",
                "district_id": name,
                "student_id": student_id,
                "requested_by": requested_by,
                "purpose": purpose,
                "made_by": made_by,
            },
        )
    except OSError as error:
        fail(f"the disclosure cannot be noted in the home ({error.strerror}), so nothing is written")
    try:
        put(out, content(student_id, name, through, now, made_by, made).encode())
    except OSError as error:
        fail(f"the file cannot be written: {error.strerror}; the disclosure is noted all the same")


def _named(student_id: str, made: list[Section]) -> str:
    given = {row["field"]: row["value"] for row in made[0].rows}
    return " ".join(filter(None, (given.get("first_name"), given.get("last_name")))) or student_id


def _page(student_id: str, district: str, through: date, now: datetime, by: str, made: list[Section]) -> str:
    lead = (
        f"Student {student_id}, district {district}. Days up to {through}.",
        "This is what Rollcall holds about the student now, and what became of it. Other systems of the"
        " district may hold more. Whoever finds something inaccurate or misleading in it may ask the district"
        " to amend it (FERPA, 34 CFR 99.20).",
    )
    footer = f"Generated {now.date()} by {by}"
    return page(f"Attendance record of {_named(student_id, made)}", lead, made, footer)


def _json(student_id: str, district: str, through: date, now: datetime, by: str, made: list[Section]) -> str:
    said: dict[str, object] = {
        "student_id": student_id,
        "district_id": district,
        "days_up_to": through.isoformat(),
        "generated_at": now.isoformat(timespec="seconds"),
        "generated_by": by,
    }
    return json.dumps(said | {each.key: each.rows for each in made}, indent=1, ensure_ascii=False) + "\n"
