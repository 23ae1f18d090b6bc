"""Does the store hold what follows from the facts, and do the facts say what the stream's state says?

`of_store` asks the store alone: what is derived equals a recount of the facts, and the alerts of the tiers
are those that the facts give. `of_state` and `of_groups` hold it against the state of the worker.
"""

from __future__ import annotations

from collections.abc import Iterator

from clickhouse_connect.driver.client import Client

from alerts.engine import Engine
from infra.clickhouse.student_groups import COLUMNS
from infra.verify.counted import TABLES
from infra.verify.difference import Difference, Row, differences
from infra.verify.recount import Recount
from models.bits import days, last_day
from models.day_reasons import by_code, only
from models.policy import Policy
from models.standing import standings
from models.student_groups import student_record
from models.student_year import Frame, StudentYear


def of_store(client: Client, district: str, year: int, policy: Policy) -> Iterator[Difference]:
    """What is derived from the facts of a district's school year, against a recount of them."""
    recount = Recount(client, district, year)
    yield from differences("standings", district, year, recount.stored_standings(), recount.standings())
    wrong = {counted.table: recount.wrong_counts(counted) for counted in TABLES}
    wrong["district_days"] = recount.wrong_district_days()
    wrong["district_reasons"] = recount.wrong_district_reasons()
    wrong["district_bands"] = recount.wrong_district_bands()
    wrong["known_bands"] = recount.wrong_known_bands()
    wrong["district_spans"] = recount.wrong_district_spans()
    wrong["school_days"] = recount.wrong_school_days()
    for check, wrongs in wrong.items():
        for cell, by in wrongs.items():
            yield Difference(check, district, year, cell, by, (0,) * len(by))
    for rule, share in (("tier_2", policy.tier_2_opens), ("tier_3", policy.tier_3_opens)):
        stored = {(rule, *key): row for key, row in recount.stored_crossings(rule).items()}
        expected = {(rule, *key): row for key, row in recount.crossings(policy, share).items()}
        yield from differences("crossings", district, year, stored, expected)


def of_state(client: Client, engine: Engine, year: int) -> Iterator[Difference]:
    """The facts and alerts of a district's school year, against what the worker knows."""
    district, known = engine.district, engine.ledger.known.get(year, {})
    recount = Recount(client, district, year)
    by_school: dict[Row, Row] = {}
    reasons: dict[Row, Row] = {}
    standing: dict[Row, Row] = {}
    for student, held in known.items():
        by_school |= {(student, *key): row for key, row in _by_school(held.now)}
        reasons |= {(student, *key): row for key, row in _reasons(held.now)}
        standing |= {(student, *key): row for key, row in _standings(held.now)}
    yield from differences("facts", district, year, recount.by_school(), by_school)
    yield from differences("facts", district, year, recount.reasons(), reasons)
    yield from differences("standings", district, year, recount.standings(), standing)
    published: dict[Row, Row] = {}
    for student, alerts in engine.published():
        for held_alert in alerts.values():
            alert = held_alert.alert
            if alert.school_year == year:
                published[(alert.alert_id,)] = (
                    student, alert.rule, held_alert.condition, held_alert.amendments, alert.opened_on,
                    alert.recovered_on, alert.n, alert.a,
                )  # fmt: skip
    yield from differences("alerts", district, year, recount.alerts(), published)


def of_groups(client: Client, engine: Engine) -> Iterator[Difference]:
    """The groups of a district's students, against their live records."""
    expected: dict[Row, Row] = {}
    for student in engine.ledger.students:
        given = student_record(engine.ledger, student)
        groups = tuple(given.get(name, "") for name in COLUMNS)
        if any(groups):
            expected[(student,)] = groups
    stored = Recount(client, engine.district, 0).students()
    yield from differences("students", engine.district, 0, stored, expected)


def of_labels(client: Client, engine: Engine) -> Iterator[Difference]:
    """What a district calls its codes, against its live records."""
    expected: dict[Row, Row] = {
        (given["code"], given.get("effective_from", "")): (given.get("label", ""),)
        for given in engine.ledger.live_codes()
    }
    stored = Recount(client, engine.district, 0).labels()
    yield from differences("code_labels", engine.district, 0, stored, expected)


def _reasons(year: StudentYear) -> Iterator[tuple[Row, Row]]:
    counted: dict[str, int] = {}
    for part in year.parts:
        counted[part.school] = counted.get(part.school, 0) | part.counted
    for school, held in counted.items():
        for (code, remote), decided in by_code(only(year.reasons, held)):
            yield (school, code, int(remote)), (decided.bit_count(), sum(days(decided)))


def _by_school(year: StudentYear) -> Iterator[tuple[Row, Row]]:
    counted: dict[Row, int] = {}
    for part in year.parts:
        key: Row = (part.school, int(not part.k12))
        counted[key] = counted.get(key, 0) | part.counted
    for key, held in counted.items():
        if held:
            absent = held & year.absent
            yield key, (
                held.bit_count(), absent.bit_count(), *((each & held).bit_count() for each in year.classes),
                sum(days(held)), sum(days(absent)), last_day(held),
            )  # fmt: skip


def _standings(year: StudentYear) -> Iterator[tuple[Row, Row]]:
    """Of the last counted day: a membership day that is not reported is in no fact."""
    parts = tuple(part._replace(membership=part.counted) for part in year.parts if part.counted)
    reported = StudentYear(year.year, Frame(parts), year.classes, year.documented, year.mhw)
    for held in standings(reported):
        school = held.school if held.scope == "school" else ""
        yield (school,), (held.enrolled, held.absent, *held.classes, held.tier, held.data_through)
