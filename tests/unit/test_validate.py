import pytest

from models.columns import COLUMNS, Kind, kind_of
from models.refusal import Reason
from models.validate import fault_of

ATTENDANCE = {
    "district_id": "135",
    "school_id": "0042",
    "student_id": "S1",
    "date": "2021-09-01",
    "code": "A",
    "recorded_at": "2021-09-01T08:00:00-04:00",
}


def told(kind: Kind = Kind.ATTENDANCE, **changes: str) -> tuple[str, str] | None:
    given = {name: value for name, value in (ATTENDANCE | changes).items() if value}
    fault = fault_of(kind, given)
    return None if fault is None else (fault.reason.value, fault.field)


def test_a_valid_record_has_no_fault() -> None:
    assert told() is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"student_id": ""}, ("missing_value", "student_id")),
        ({"student_id": "S 1"}, ("bad_id", "student_id")),
        ({"student_id": "S\x001"}, ("bad_id", "student_id")),
        ({"student_id": "S" * 65}, ("bad_id", "student_id")),
        ({"recorded_at": "2021-09-01T08:00:00"}, ("bad_time", "recorded_at")),
        ({"recorded_at": "2021-09-01T08:00:60Z"}, ("bad_time", "recorded_at")),
        ({"date": "2021-02-29"}, ("bad_date", "date")),
        ({"date": "2000-06-30"}, ("date_out_of_range", "date")),
        ({"date": "2321-09-01"}, ("date_out_of_range", "date")),
        ({"date": "2023-09-02"}, ("date_out_of_range", "date")),
        ({"absent_fraction": "1.01"}, ("bad_value", "absent_fraction")),
        ({"permission": "Documented"}, ("bad_value", "permission")),
        ({"op": "remove"}, ("bad_value", "op")),
        ({"event_id": "\u00e9"}, ("bad_id", "event_id")),
        ({"absent_fraction": "2", "student_id": "S 1"}, ("bad_id", "student_id")),
        ({"date": "soon", "recorded_at": "now"}, ("bad_time", "recorded_at")),
        ({"event_id": "a b", "record_id": "a b"}, ("bad_id", "record_id")),
    ],
)
def test_the_first_fault_is_told(changes: dict[str, str], expected: tuple[str, str]) -> None:
    assert told(**changes) == expected


@pytest.mark.parametrize("fraction", ["0", "1", "0.5", ".5", "1.0", "0.0"])
def test_fractions_from_0_to_1_are_read(fraction: str) -> None:
    assert told(absent_fraction=fraction) is None


def test_the_last_day_of_two_calendar_years_is_in_range() -> None:
    assert told(date="2023-09-01") is None


def test_of_a_delete_only_identity_and_time_are_looked_at() -> None:
    assert told(op="delete", code="", absent_fraction="two") is None
    assert told(op="delete", record_id="a b") == ("bad_id", "record_id")


def test_a_record_over_64_kib_is_too_large() -> None:
    school = {
        "district_id": "135",
        "school_id": "1",
        "recorded_at": "2021-09-01T08:00:00Z",
        "name": "x" * 65536,
    }
    fault = fault_of(Kind.SCHOOL, school)
    assert fault is not None and fault.reason is Reason.TOO_LARGE


def test_an_absent_code_needs_a_class() -> None:
    code = {"district_id": "135", "code": "A", "status": "absent", "recorded_at": "2021-09-01T08:00:00Z"}
    fault = fault_of(Kind.CODE, code)
    assert fault is not None and (fault.reason, fault.field) == (Reason.MISSING_VALUE, "class")


@pytest.mark.parametrize(
    ("enrolled", "absent", "valid"), [("9", "10", False), ("10", "010", True), ("180", "18", True)]
)
def test_absent_days_are_at_most_enrolled_days(enrolled: str, absent: str, valid: bool) -> None:
    prior = {
        "district_id": "135",
        "student_id": "S1",
        "school_year": "2020-21",
        "enrolled_days": enrolled,
        "absent_days": absent,
        "recorded_at": "2021-09-01T08:00:00Z",
    }
    fault = fault_of(Kind.PRIOR_YEAR, prior)
    assert (fault is None) == valid
    assert fault is None or (fault.reason, fault.field) == (Reason.BAD_VALUE, "absent_days")


def test_a_fault_never_repeats_the_value() -> None:
    fault = fault_of(Kind.ATTENDANCE, ATTENDANCE | {"student_id": "Ann Example"})
    assert fault is not None and "Ann" not in fault.message


@pytest.mark.parametrize("kind", list(Kind))
def test_the_columns_of_a_kind_tell_it(kind: Kind) -> None:
    assert kind_of([column.name for column in COLUMNS[kind]]) is kind


def test_names_that_fit_nothing_tell_no_kind() -> None:
    assert kind_of(["name", "when"]) is None
