"""A changed policy judges the years again that another one judged, all of their students and once."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.engine import Applied, Engine
from alerts.student import current_alerts
from models.columns import Kind
from models.ledger.chain import Stored
from models.policy import DEFAULT, Policy

TIME = "2021-08-01T00:00:00Z"
DAYS = [f"2021-09-{day:02}" for day in range(1, 11)]
STRICT = DEFAULT._replace(version="strict", minimum_days=10)


class Store(dict[bytes, bytes]):
    """The state, as a dict."""

    def keys_of(self, district: str) -> Iterator[bytes]:
        """All of it is one district's."""
        return iter(list(self))


def apply(
    engine: Engine, store: Store, kind: Kind, *rows: dict[str, str], stored: int | None = None
) -> Applied:
    """Apply records, and store what follows, or only the first of it."""
    given = [{"district_id": "D", "recorded_at": TIME, **row} for row in rows]
    applied = engine.apply(kind, [Stored(row, "f.csv", 2) for row in given])
    store.update(dict(engine.writes()[:stored]))
    engine.stored()
    return applied


def town(store: Store) -> None:
    """Two students, ten counted days, one absence each."""
    engine = Engine("D", store)
    apply(engine, store, Kind.CODE, {"code": "A", "status": "absent", "class": "excused"})
    at = {"school_id": "S"}
    apply(engine, store, Kind.CALENDAR, *({**at, "date": day, "kind": "instructional"} for day in DAYS))
    for student in ("mia", "tom"):
        enrolled = {**at, "student_id": student, "grade": "5", "entry_date": DAYS[0]}
        apply(engine, store, Kind.ENROLLMENT, enrolled)
        apply(engine, store, Kind.ATTENDANCE, {**at, "student_id": student, "date": DAYS[-1], "code": "A"})
    apply(engine, store, Kind.SUBMISSION, *({**at, "date": day, "state": "submitted"} for day in DAYS))


def something() -> dict[str, str]:
    """A record that concerns nobody."""
    return {"school_id": "elsewhere", "name": "Elsewhere"}


def opened(applied: Applied) -> list[tuple[str, str, str]]:
    """What was published."""
    return [(held.student, held.change.what, held.change.published.alert.rule) for held in applied.changes]


def strict(district: str, year: int) -> Policy:
    """The other policy."""
    return STRICT


def test_all_students_of_the_year_are_judged_again_and_only_once() -> None:
    store = Store()
    town(store)
    engine = Engine("D", store, strict)
    first = apply(engine, store, Kind.SCHOOL, something())
    assert opened(first) == [("mia", "opened", "tier_2"), ("tom", "opened", "tier_2")]
    assert opened(apply(Engine("D", store, strict), store, Kind.SCHOOL, {**something(), "name": "E"})) == []
    back = apply(Engine("D", store), store, Kind.SCHOOL, {**something(), "name": "F"})
    assert opened(back) == [("mia", "withdrawn", "tier_2"), ("tom", "withdrawn", "tier_2")]


def test_a_crash_before_all_of_it_is_stored_repeats_it() -> None:
    store = Store()
    town(store)
    whole = opened(apply(Engine("D", Store(store), strict), Store(store), Kind.SCHOOL, something()))
    apply(Engine("D", store, strict), store, Kind.SCHOOL, something(), stored=1)
    again = opened(apply(Engine("D", store, strict), store, Kind.SCHOOL, something()))
    assert again == whole[1:]


def test_the_definition_asks_for_the_policy_of_the_district_and_the_year() -> None:
    store, asked = Store(), []
    town(store)
    engine = Engine("D", store)
    apply(engine, store, Kind.SCHOOL, something())

    def policy_of(district: str, year: int) -> Policy:
        asked.append((district, year))
        return STRICT

    found = current_alerts(engine.ledger, "mia", policy_of)
    assert asked == [("D", 2021)]
    assert [alert.rule for alert in found.values()] == ["tier_2"]
    assert current_alerts(engine.ledger, "nobody", policy_of) == {}
