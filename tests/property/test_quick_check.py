"""The quick look at a record against the definition: what it lets pass has no fault."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.columns import COLUMNS, COMMON, Kind
from models.plain_json import NotText
from models.quick_check import all_surely_valid, first_fault, surely_valid
from models.validate import fault_of

DAYS = ["2021-09-01", "2024-02-29", "2023-02-29", "2000-06-30", "2000-07-01", "2023-09-01", "2023-09-02"]
DAYS += ["2321-01-01", "2021-9-1", "0000-01-01", "2021-09-01 ", "2022-02-28", "2022-03-01"]
CLOCKS = [
    "T08:00:00Z",
    "t08:00:00z",
    " 08:00:00-04:00",
    "T24:00:00Z",
    "T08:00:60Z",
    "T08:00:00",
    "T08:00:00.Z",
]
CLOCKS += ["T08:00:00.1234567890123Z", "T08:00:00.5+24:00", "T08:00:00+00:00", "Z", "", "T08:00:00Z\n"]
WORDS = [
    "x",
    "0042",
    "a b",
    "é",
    "x" * 64,
    "x" * 65,
    "",
    " ",
    "\x00",
    "\x00true",
    "1",
    "0",
    "01",
    "007",
    "1.0",
    "1.01",
]
WORDS += [
    ".5",
    "0.5",
    "1.",
    ".",
    "00.5",
    "9" * 5000,
    "PK",
    "KG",
    "K",
    "00",
    "12",
    "13",
    "yes",
    "no",
    "2020-21",
]
WORDS += ["2020-22", "\u0660", "delete", "upsert", "180", "18", "n" * 70_000, "\x01" * 11_000]


def values(name: str, choices: tuple[str, ...]) -> st.SearchStrategy[str]:
    days = st.sampled_from(DAYS)
    times = st.builds(str.__add__, days, st.sampled_from(CLOCKS))
    words = st.sampled_from(WORDS)
    if "date" in name or name == "effective_from":
        return st.one_of(days, days, days, words)
    if name == "recorded_at":
        return st.one_of(times, times, times, words)
    return st.one_of(words, st.sampled_from(choices)) if choices else words


@st.composite
def records(draw: st.DrawFn) -> tuple[Kind, dict[str, str]]:
    kind = draw(st.sampled_from(Kind))
    found = {}
    for column in (*COLUMNS[kind], *COMMON):
        if draw(st.integers(0, 9)) < (9 if column.required else 3):
            plain = "d" if column.form.name == "ID" else "2021-09-01" if "date" in column.name else ""
            plain = "2021-09-01T08:00:00Z" if column.name == "recorded_at" else plain
            plain = column.choices[0] if column.choices and column.name != "op" else plain
            value = plain if draw(st.integers(0, 2)) else draw(values(column.name, column.choices))
            found[column.name] = value or draw(values(column.name, column.choices))
    return kind, found


@settings(max_examples=3000)
@given(records())
def test_what_passes_has_no_fault_at_first_sight_and_again(record: tuple[Kind, dict[str, str]]) -> None:
    kind, found = record
    for _ in range(2):  # the second time from the values that are kept
        if surely_valid(kind, found):
            assert fault_of(kind, found) is None
        assert first_fault(kind, found) == fault_of(kind, found)


@settings(max_examples=1000, deadline=None)
@given(st.lists(records(), min_size=1, max_size=4), st.booleans())
def test_a_message_passes_where_none_of_its_records_has_a_fault(
    drawn: list[tuple[Kind, dict[str, str]]], one_shape: bool
) -> None:
    kind, first = drawn[0]
    rows = [found for other, found in drawn if other is kind]
    if one_shape:
        rows = [{name: row.get(name) or value for name, value in first.items()} for row in rows]
    for _ in range(2):
        if all_surely_valid(kind, rows):
            assert not any(fault_of(kind, row) for row in rows)


@pytest.mark.parametrize("event_id", ["a\nb", "a\n", "", "a b"])
def test_a_bad_event_id_does_not_pass_among_good_ones(event_id: str) -> None:
    rows = [
        {"district_id": "d", "school_id": "s", "recorded_at": "2021-09-01T08:00:00Z", "event_id": "e"}
    ] * 2
    assert all_surely_valid(Kind.SCHOOL, rows)
    assert not all_surely_valid(Kind.SCHOOL, [*rows, rows[0] | {"event_id": event_id}])


@pytest.mark.parametrize("kind", list(Kind))
def test_the_ordinary_record_passes(kind: Kind) -> None:
    given = {column.name: _ordinary(column.name) for column in COLUMNS[kind]}
    assert surely_valid(kind, given)


def _ordinary(name: str) -> str:
    known = {
        "recorded_at": "2021-09-01T08:00:00-04:00",
        "absent_fraction": "0.5",
        "permission": "documented",
        "kind": "holiday",
        "state": "reopened",
        "attendance_mode": "positive",
        "submission": "explicit",
        "status": "absent",
        "class": "mhw",
        "meals": "paid",
        "school_year": "2020-21",
        "enrolled_days": "180",
        "absent_days": "18",
        "minutes": "390",
        "grade": "KG",
    }
    yes_no = ("remote", "english_learner", "disability", "homeless")
    return known.get(name) or (
        "yes" if name in yes_no else "2021-09-01" if "date" in name or "from" in name else "x1"
    )


def test_what_is_no_text_is_a_bad_value_even_where_its_text_has_passed() -> None:
    good = {"district_id": "d", "school_id": "s", "recorded_at": "2021-09-01T08:00:00Z", "name": "\x00true"}
    assert first_fault(Kind.SCHOOL, good) is None
    fault = first_fault(Kind.SCHOOL, good | {"name": NotText("\x00true")})
    assert fault is not None and (fault.reason.value, fault.field) == ("bad_value", "name")


def test_of_no_text_and_another_fault_the_contracts_first_is_told() -> None:
    given = {"district_id": NotText("\x00true"), "code": "E", "status": "absent", "class": "excused"}
    fault = first_fault(Kind.CODE, given)
    assert fault is not None and (fault.reason.value, fault.field) == ("missing_value", "recorded_at")
    given |= {"recorded_at": "2021-09-01T08:00:00Z", "remote": "maybe"}
    fault = first_fault(Kind.CODE, given)
    assert fault is not None and (fault.reason.value, fault.field) == ("bad_value", "district_id")


def test_what_a_delete_does_not_look_at_may_be_no_text() -> None:
    given = {"district_id": "d", "code": "E", "recorded_at": "2021-09-01T08:00:00Z", "op": "delete"}
    assert first_fault(Kind.CODE, given | {"class": NotText("\x00[]")}) is None


@pytest.mark.parametrize("name", [" Ann", "Ann\t", " ", "\t"])
def test_what_has_not_been_trimmed_does_not_pass(name: str) -> None:
    given = {"district_id": "d", "school_id": "s", "recorded_at": "2021-09-01T08:00:00Z"}
    assert surely_valid(Kind.SCHOOL, given | {"name": "Ann"})
    assert not surely_valid(Kind.SCHOOL, given | {"name": name})
    assert not surely_valid(Kind.SCHOOL, given | {"school_id": name})


@pytest.mark.parametrize(
    "bad", [{"school_id": "a b"}, {"event_id": "a\n"}, {"school_id": ""}, {"level": "x"}]
)
def test_a_fault_is_seen_in_each_of_several_shapes(bad: dict[str, str]) -> None:
    plain = {"district_id": "d", "school_id": "s", "recorded_at": "2021-09-01T08:00:00Z"}
    rows = [plain, plain | {"event_id": "e"}, plain | {"op": "upsert"}, plain]
    assert all_surely_valid(Kind.SCHOOL, rows)
    for place in range(4):
        assert not all_surely_valid(
            Kind.SCHOOL, [row | bad if at == place else row for at, row in enumerate(rows)]
        )


def test_ids_beyond_what_is_kept_pass_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.quick_check._KEPT", 10)
    plain = {"district_id": "d", "recorded_at": "2021-09-01T08:00:00Z"}
    for first in range(0, 60, 6):
        rows = [plain | {"school_id": f"s{number}"} for number in range(first, first + 6)]
        assert all_surely_valid(Kind.SCHOOL, rows)
        assert all_surely_valid(Kind.SCHOOL, rows)
        assert not all_surely_valid(Kind.SCHOOL, [*rows, plain | {"school_id": "s\n1"}])
