"""The fault of a record with values that no column can hold: true, false, a list or an object of JSON."""

from __future__ import annotations

from collections.abc import Mapping

from models.columns import COLUMNS, COMMON, Column, Form, Kind
from models.plain_json import NotText
from models.refusal import RANK, Fault, Reason
from models.validate import fault_of

# A value of each form that is valid whatever stands beside it.
_STAND_IN = {
    Form.ID: "x",
    Form.TIME: "9999-12-31T00:00:00Z",
    Form.DATE: "2000-07-01",
    Form.SCHOOL_DATE: "2000-07-01",
    Form.FRACTION: "0",
    Form.COUNT: "0",
    Form.YES_NO: "no",
    Form.GRADE: "1",
    Form.SCHOOL_YEAR: "2000-01",
    Form.TEXT: "x",
}


def with_not_text(kind: Kind, given: Mapping[str, str]) -> Fault | None:
    """The first fault, where a NotText is a `bad_value` in a column that is looked at."""
    deleted = given.get("op") == "delete"
    columns = [
        column
        for column in (*COLUMNS[kind], *COMMON)
        if not deleted or column.identity or column.name == "recorded_at" or column in COMMON
    ]
    place = {column.name: at for at, column in enumerate(columns)}
    odd = [column for column in columns if isinstance(given.get(column.name), NotText)]
    stand_ins = {column.name: _stand_in(column) for column in odd}
    fault = fault_of(kind, {**given, **stand_ins})
    if not odd:
        return fault
    message = f"{odd[0].name} takes a string or a number, not true, false, a list or an object"
    mine = Fault(Reason.BAD_VALUE, odd[0].name, message)
    if fault is None or RANK[fault.reason] > RANK[Reason.BAD_VALUE]:
        return mine
    earlier = fault.reason is not Reason.BAD_VALUE or place[fault.field] < place[mine.field]
    return fault if earlier else mine


def _stand_in(column: Column) -> str:
    if column.name == "status":  # the other one asks for a class
        return "in_attendance"
    return column.choices[0] if column.choices else _STAND_IN[column.form]
