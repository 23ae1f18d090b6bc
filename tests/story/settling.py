"""The ways to the same records: as they were streamed, rebuilt at once, and by the independent reading."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from random import Random

from models.columns import Kind
from models.ledger.chain import Stored
from models.school_year import day_index, school_year_of
from models.version import Version, identity_of
from tests.property.driver import Driver, Rows, Told
from tests.property.heard import HeardDriver
from tests.reference.reference import Result, evaluate
from tests.reference.writing import files_of
from tests.support.listening import Fact

# What an event says of an alert, by the column of the export.
_EVENT = {name: name for name in ("alert_id", "district_id", "scope", "student_id", "school_year", "rule")}
_EVENT |= {name: name for name in ("opened_on", "recovered_on", "enrolled_days", "absent_days", "condition")}
_EVENT |= {"school_id": "opening_school_id"}


def settled(rng: Random, stream: HeardDriver, told: list[Told], dates: Iterable[date]) -> Rows:
    """The current alerts. Raises AssertionError where one of the ways comes to something else."""
    expected = evaluate(files_of(rng, [(kind.value, dict(held.given)) for kind, held in told]))
    assert not expected.refused
    alerts = expected.alerts()
    rebuilt = Driver(stream.district).take_all(final(told), 500)
    for driver in (stream, rebuilt):
        for as_of in dates:
            assert driver.standings(as_of) == expected.standings(as_of)
            assert driver.rows_as_of(as_of) == expected.alerts(as_of)
        assert driver.current_rows() == alerts
        assert len(driver.set_aside()) == len(expected.set_aside)
    heard = stream.listener.current().values()
    told_of = [{name: str(getattr(event, of)) for name, of in _EVENT.items()} for event in heard]
    wanted = [{name: row[name] for name in _EVENT} for row in alerts]
    assert sorted(told_of, key=str) == sorted(wanted, key=str)
    assert stream.listener.counted() == _counted(stream.district, expected)
    return alerts


def final(told: list[Told]) -> list[Told]:
    """What a system would send that starts today: of each identity the newest version.

    Of attendance whose newest code has no meaning the older versions too, since one of them may be live.
    """
    versions: dict[tuple[Kind, tuple[str, ...]], dict[Version, Stored]] = {}
    for kind, held in told:
        versions.setdefault((kind, identity_of(kind, held.given)), {})[Version(held.given)] = held
    newest = {place: held[max(held)] for place, held in versions.items()}
    live = [held for (kind, _), held in newest.items() if kind is Kind.CODE and not held.deleted]
    mapped = {held.given["code"] for held in live if "effective_from" not in held.given}
    kept = []
    for place, held in newest.items():
        unmapped = place[0] is Kind.ATTENDANCE and held.given.get("code", "") not in mapped | {""}
        kept += [(place[0], each) for each in (versions[place].values() if unmapped else [held])]
    return sorted(kept, key=lambda each: list(Kind).index(each[0]))


def _counted(district: str, expected: Result) -> dict[tuple[str, str, int, int], Fact]:
    """The facts that the independent reading gives."""
    students = {record.cell("student_id") for record in expected.live["enrollment"].values()}
    return {
        (each.school_id, student, school_year_of(each.day), day_index(each.day)): Fact(
            each.grade, each.absence
        )
        for student in students
        for each in expected.days(district, student)
        if each.reported
    }
