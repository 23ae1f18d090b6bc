"""What was published of a student, and the events of it, read back from their bytes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.changes import Change, Published, differences, pack, unpack
from alerts.fold import Alert, alert_id
from alerts.rules import RULES
from models.school_year import first_day
from streams import alerts_message
from tests.property.driver import Driver, Told
from tests.property.histories import BASE, histories

ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=5)


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    """Any alert: evidence on any dates of its school year, leap days among them."""
    year = draw(st.sampled_from((2000, 2019, 2021, 2023)))
    days = st.dates(first_day(year), date(year + 1, 6, 30)).map(date.isoformat)
    scope = draw(st.sampled_from(("district", "school")))
    school, owner, rule = draw(ids) if scope == "school" else "", draw(ids), draw(st.sampled_from(RULES)).name
    opened = draw(days | st.just(f"{year + 1}-02-28") | st.just(f"{year + 1}-06-30"))
    identity = alert_id("D", draw(ids), scope, school, rule, year, opened)
    dates = tuple(sorted(draw(st.sets(days, max_size=5))))
    recovered = draw(st.just("") | days)
    return Alert(
        identity, scope, school, owner, rule, year, opened, recovered, draw(counts), draw(counts), dates
    )


counts = st.integers(0, 300)
published = st.lists(st.builds(Published, alerts(), counts, st.booleans()), max_size=5).map(
    lambda held: {each.alert.alert_id: each for each in held}
)


@given(published)
def test_published_alerts_read_back(held: dict[str, Published]) -> None:
    assert unpack(pack(held)) == held


@pytest.mark.parametrize("nothing", [None, b""])
def test_nothing_published_reads_as_nothing(nothing: bytes | None) -> None:
    assert unpack(nothing) == {}


@given(
    st.lists(
        st.builds(Change, st.just("opened"), st.builds(Published, alerts(), counts, st.booleans())),
        min_size=1,
        max_size=4,
    )
)
def test_events_read_back(changes: list[Change]) -> None:
    events = [alerts_message.event("D", "s1", each, "contract-1", "2021-09-01", 7, 2) for each in changes]
    value = alerts_message.pack(events).value
    assert value is not None
    assert alerts_message.unpack(value) == events


@given(published, st.lists(alerts(), max_size=5))
def test_the_differences_lead_from_what_was_published_to_what_is_so(
    before: dict[str, Published], found: list[Alert]
) -> None:
    now = {alert.alert_id: alert for alert in found}
    for key in list(before)[:2]:  # some are given as before
        now[key] = before[key].alert
    changes = differences(before, now)
    after = before | {each.published.alert.alert_id: each.published for each in changes}
    assert {key: held.alert for key, held in after.items() if not held.withdrawn} == now
    assert differences(after, now) == []
    for change in changes:
        old = before.get(change.published.alert.alert_id)
        assert change.published.amendments == (0 if old is None else old.amendments + 1)


@settings(max_examples=50)
@given(histories())
def test_the_changes_of_a_history_make_up_what_is_published(told: list[Told]) -> None:
    driver = Driver("D").take_all(BASE, 500)
    known: dict[str, Published] = {}
    for kind, held in told:
        for each in driver.take(kind, [held]).changes:
            if each.student == "s1":
                alert = each.change.published.alert
                before = known.get(alert.alert_id)
                assert each.change.published.amendments == (before.amendments + 1 if before else 0)
                gone = before is None or before.withdrawn
                assert (each.change.what == "opened") == gone
                known[alert.alert_id] = each.change.published
    assert dict(driver.engine.published()).get("s1", {}) == known
