"""The cast's stories come out as docs/cast.md tells them, in a district of any seed and size."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from infra.simulator.cast import ROLES, cast_id
from infra.simulator.district import District
from infra.simulator.school_days import INDEX
from tests.reference.reference import evaluate

DOC = (Path(__file__).parents[2] / "docs/cast.md").read_text()
TOLD_UNTIL = date(2022, 2, 11)

# student, rule, school of a school-scope alert, opened, recovered, evidence
Told = tuple[str, str, str, str, str, str]


def told() -> set[Told]:
    found = set()
    student = ""
    for line in DOC.splitlines():
        if match := re.match(r"`(cast-[a-z]+)`\. ", line):
            student = match[1]
        elif match := re.match(r"\| `([a-z0-9_]+)`(?: at ([A-Z0-9]+))? \| (\S+) \| (\S*) ?\| (.*) \|$", line):
            rule, school, opened, recovered, evidence = match.groups()
            found.add((student, rule, school or "", opened, recovered, evidence))
    return found


def enough(header: list[str], rows: list[str]) -> list[str]:
    """The cast's rows; and of attendance one row of each school and day, which shows that it was taken."""
    if "code" not in header:
        return [row for row in rows if "cast-" in row]
    school, day = header.index("school_id"), header.index("date")
    seen = set()
    kept = []
    for row in rows:
        cells = row.split(",")
        key = cells[school], cells[day]
        if "cast-" in row or key not in seen:
            kept.append(row)
        seen.add(key)
    return kept


def found_by(district: District, folder: Path, until: date) -> set[Told]:
    """The cast's alerts from the records that have arrived by the end of a school day."""
    files = {}
    for path in district.write_files(folder, INDEX[until] + 1):
        header, *rows = path.read_text().splitlines(keepends=True)
        if "student_id" in header:
            rows = enough(header.split(","), rows)
        files[path.name] = (header + "".join(rows)).encode()
    return {
        (
            alert["student_id"],
            alert["rule"],
            alert["school_id"] if alert["scope"] == "school" else "",
            alert["opened_on"],
            alert["recovered_on"],
            f"{alert['absent_days']} of {alert['enrolled_days']}",
        )
        for alert in evaluate(files).alerts()
        if alert["student_id"].startswith("cast-")
    }


@pytest.fixture(scope="module")
def small() -> District:
    return District(5, students=1000)


def opened(alerts: set[Told], student: str) -> set[tuple[str, str]]:
    """Rules with their opening dates."""
    return {(alert[1], alert[3]) for alert in alerts if alert[0] == student}


def test_the_alerts_of_the_document_are_those_of_the_default_district(tmp_path: Path) -> None:
    alerts = found_by(District(), tmp_path, TOLD_UNTIL)
    assert alerts == told()
    assert len(alerts) > 45


def test_the_stories_depend_neither_on_seed_nor_size(small: District, tmp_path: Path) -> None:
    assert found_by(small, tmp_path, TOLD_UNTIL) == told()


def test_the_document_tells_of_everybody() -> None:
    assert re.findall(r"^`(cast-[a-z]+)`\. ", DOC, re.MULTILINE) == [cast_id(role) for role in ROLES]
    assert re.findall(r"^## (.+)$", DOC, re.MULTILINE) == [f"{role.name} {role.last_name}" for role in ROLES]


@pytest.mark.parametrize(
    ("student", "rule", "opened_on", "before", "withdrawn"),
    [
        ("cast-ivo", "consecutive", "2021-11-05", date(2021, 11, 8), date(2021, 11, 9)),
        ("cast-eli", "mhw_day", "2022-01-10", date(2022, 1, 10), date(2022, 1, 11)),
        ("cast-gus", "mhw_permission_missing", "2021-11-12", date(2021, 11, 16), date(2021, 11, 17)),
    ],
)
def test_alerts_are_withdrawn_on_the_day_of_the_correction(
    small: District,
    tmp_path: Path,
    student: str,
    rule: str,
    opened_on: str,
    before: date,
    withdrawn: date,
) -> None:
    assert (rule, opened_on) in opened(found_by(small, tmp_path, before), student)
    assert (rule, opened_on) not in opened(found_by(small, tmp_path, withdrawn), student)


@pytest.mark.parametrize(
    ("student", "day", "count"),
    [("cast-nia", date(2021, 10, 4), 5), ("cast-oli", date(2021, 12, 13), 6)],
)
def test_late_knowledge_opens_what_was_true_all_along(
    small: District, tmp_path: Path, student: str, day: date, count: int
) -> None:
    eve = small.school_days[INDEX[day] - 1]
    assert not opened(found_by(small, tmp_path, eve), student)
    assert len(opened(found_by(small, tmp_path, day), student)) == count


@pytest.mark.parametrize(
    ("student", "rule", "day"),
    [
        ("cast-dev", "mhw_day", date(2022, 2, 8)),
        ("cast-ana", "tier_3", date(2022, 2, 9)),
        ("cast-kai", "habitual_truant", date(2022, 2, 10)),
    ],
)
def test_the_first_streamed_days_have_something_to_show(
    small: District, tmp_path: Path, student: str, rule: str, day: date
) -> None:
    eve = small.school_days[INDEX[day] - 1]
    alert = (rule, day.isoformat())
    assert alert not in opened(found_by(small, tmp_path, eve), student)
    assert alert in opened(found_by(small, tmp_path, day), student)
