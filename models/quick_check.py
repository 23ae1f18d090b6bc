"""A quick way to the fault of a record that has none, which nearly all have not (models/validate.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from models.columns import COLUMNS, COMMON, Column, Form, Kind
from models.instant import over_two_years_after, read_date, read_time
from models.not_text import with_not_text
from models.plain_json import NotText
from models.refusal import Fault
from models.school_year import from_label
from models.validate import EARLIEST, fault_of

# The values of a column repeat: what was good once is kept, up to so many values a column.
_KEPT = 50_000
# Up to so many shapes of records in a message it is quicker to look at columns.
_FEW_SHAPES = 8
_LONGEST = 200  # 16 columns of 200 characters, at most 6 bytes each as JSON, stay far below 64 KiB

_ID = re.compile(r"[!-~]{1,64}")
_IDS = re.compile(r"[!-~]{1,64}(?:\n[!-~]{1,64})*")
_FRACTION = re.compile(r"0?\.[0-9]{1,9}|[01](?:\.0{1,9})?")
_COUNT = re.compile(r"[0-9]{1,9}")
_CLOCK = re.compile(
    r"[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_NOT_FIRST = "\0 \t"  # a NotText equals a string that begins with NUL
_GRADES = frozenset(("PK", "K", "KG", *(f"{n}" for n in range(1, 13)), *(f"0{n}" for n in range(1, 10))))


def first_fault(kind: Kind, given: Mapping[str, str]) -> Fault | None:
    """The fault of a record as it came: `fault_of`, where values may also be NotText (`bad_value`)."""
    if surely_valid(kind, given):
        return None
    if NotText not in map(type, given.values()):
        return fault_of(kind, given)
    return with_not_text(kind, given)


def surely_valid(kind: Kind, given: Mapping[str, str]) -> bool:
    """Whether a record is valid at first sight. False says nothing; `fault_of` decides then.

    `given` is as for `fault_of`; what has not been trimmed does not pass. Deletes, rare forms of a value and
    long texts are left to `fault_of`.
    """
    plan = _PLANS[kind]
    if not plan.required <= given.keys():
        return False
    for name, value in given.items():
        known = plan.columns.get(name)
        if known is None or (value not in known.good and not known.learn(value)):
            return False
    if plan.date and (given[plan.date], given["recorded_at"][:10]) not in plan.in_range:
        return plan.learn_range(given[plan.date], given["recorded_at"][:10])
    return kind not in _BETWEEN or _BETWEEN[kind](given)


def all_surely_valid(kind: Kind, rows: Sequence[Mapping[str, str]]) -> bool:
    """Whether every record is valid at first sight; those of one shape are checked by columns."""
    shapes: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for row in rows:
        shapes.setdefault(tuple(row), []).append(row)
    if len(shapes) > _FEW_SHAPES:
        return all([surely_valid(kind, row) for row in rows])
    return all([_surely_valid_alike(kind, names, alike) for names, alike in shapes.items()])


def _surely_valid_alike(kind: Kind, names: tuple[str, ...], rows: Sequence[Mapping[str, str]]) -> bool:
    """The same of records that give the same columns in the same order."""
    plan = _PLANS[kind]
    if not plan.required.issubset(names):
        return False
    columns = dict(zip(names, zip(*[row.values() for row in rows], strict=True), strict=True))
    for name, column in columns.items():
        known = plan.columns.get(name)
        if known is None or not known.holds(column):
            return False
    if plan.date:
        written = [time[:10] for time in columns["recorded_at"]]
        ranges = set(zip(columns[plan.date], written, strict=True))
        if not all([pair in plan.in_range or plan.learn_range(*pair) for pair in ranges]):
            return False
    return kind not in _BETWEEN or all([_BETWEEN[kind](row) for row in rows])


class _Known:
    """The good values of one column that have been seen."""

    __slots__ = ("_is_good", "_is_id", "_repeats", "good")

    def __init__(self, column: Column) -> None:
        self.good: set[str] = set()
        self._is_good = _check_of(column)
        self._is_id = column.form is Form.ID
        # Each event_id is another one, and to keep them would only cost.
        self._repeats = column.name != "event_id"

    def holds(self, column: Sequence[str]) -> bool:
        """Whether all values of a column are good. Raises TypeError for a list or an object."""
        if self._repeats and self.good.issuperset(column):
            return True
        if not self._is_id:
            return all([self.learn(value) for value in set(column)])
        # A good id holds no line end, so that a column can be looked at in one go; a bad one may hold some.
        together = "\n".join(column)
        if _IDS.fullmatch(together) is None or together.count("\n") != len(column) - 1:
            return False
        if self._repeats:
            self._keep(column)
        return True

    def learn(self, value: str) -> bool:
        """Whether a value that is not kept is good."""
        if type(value) is not str or not value or len(value) > _LONGEST or not self._is_good(value):
            return False
        if self._repeats:
            self._keep((value,))
        return True

    def _keep(self, values: Sequence[str]) -> None:
        if len(self.good) + len(values) > _KEPT:
            self.good.clear()
        self.good.update(values)


# What two columns must say together.
_BETWEEN: dict[Kind, Callable[[Mapping[str, str]], bool]] = {
    Kind.CODE: lambda given: given["status"] != "absent" or "class" in given,
    Kind.PRIOR_YEAR: lambda given: int(given["absent_days"]) <= int(given["enrolled_days"]),
}


class _Plan:
    """What the quick look at one kind of record needs."""

    __slots__ = ("columns", "date", "in_range", "required")

    def __init__(self, kind: Kind) -> None:
        columns = COLUMNS[kind]
        self.columns = {column.name: _Known(column) for column in (*columns, *COMMON)}
        self.required = frozenset(column.name for column in columns if column.required)
        self.date = next((column.name for column in columns if column.form is Form.SCHOOL_DATE), "")
        self.in_range: set[tuple[str, str]] = set()

    def learn_range(self, day: str, written: str) -> bool:
        """Whether a date is in range for the date written in recorded_at; both are good dates."""
        date, recorded = read_date(day), read_date(written)
        if date is None or recorded is None or date < EARLIEST or over_two_years_after(date, recorded):
            return False
        if len(self.in_range) >= _KEPT:
            self.in_range.clear()
        self.in_range.add((day, written))
        return True


def _is_time(value: str) -> bool:
    return _CLOCK.fullmatch(value, 10) is not None and read_time(value) is not None


def _check_of(column: Column) -> Callable[[str], bool]:
    match column.form:
        case Form.ID:
            return lambda value: _ID.fullmatch(value) is not None
        case Form.TIME:
            return _is_time
        case Form.DATE | Form.SCHOOL_DATE:
            return lambda value: read_date(value) is not None
        case Form.FRACTION:
            return lambda value: _FRACTION.fullmatch(value) is not None
        case Form.COUNT:
            return lambda value: _COUNT.fullmatch(value) is not None
        case Form.GRADE:
            return _GRADES.__contains__
        case Form.YES_NO:
            return ("yes", "no").__contains__
        case Form.SCHOOL_YEAR:
            return lambda value: from_label(value) is not None
        case Form.TEXT:
            return lambda value: value[0] not in _NOT_FIRST and value[-1] not in " \t"
        case Form.CHOICE:
            return [choice for choice in column.choices if choice != "delete"].__contains__


_PLANS = {kind: _Plan(kind) for kind in Kind}
