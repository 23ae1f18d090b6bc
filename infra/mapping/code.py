"""One `[[codes]]` entry of a mapping: what a code of the files means."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from infra.mapping.columns import ManyWords, Strict
from models.columns import CLASSES, Kind
from models.quick_check import first_fault

_FRACTION = re.compile(r"0?\.[0-9]{1,9}|[01]")


def _day(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _fraction(value: object) -> object:
    if not isinstance(value, str) or _FRACTION.fullmatch(value) is None:
        raise ValueError('takes a part of the day in quotes, such as "0.5"')
    return value


class Code(Strict):
    """What one code of the files means; `written` is how the files write it, where that is no id.

    `absent_fraction` is that of attendance with this code whose row says none.
    """

    code: str
    status: Literal["absent", "in_attendance"]
    class_: Literal["excused", "unexcused", "disciplinary", "mhw", "unknown"] | None = Field(
        default=None, alias="class"
    )
    written: ManyWords = ()
    label: str = ""
    remote: Literal["yes", "no"] | None = None
    effective_from: Annotated[str, BeforeValidator(_day)] = ""
    absent_fraction: Annotated[str, BeforeValidator(_fraction)] = ""

    @model_validator(mode="after")
    def _is_a_record(self) -> Code:
        fault = first_fault(Kind.CODE, self.record("d", "2000-07-01T00:00:00Z"))
        if fault is not None:
            takes = f"; {', '.join(CLASSES)}" if fault.field == "class" else ""
            raise ValueError(fault.message + takes)
        return self

    def record(self, district: str, recorded_at: str) -> dict[str, str]:
        """The `code` record of a district."""
        cells = {
            "district_id": district,
            "code": self.code,
            "status": self.status,
            "recorded_at": recorded_at,
            "effective_from": self.effective_from,
            "class": self.class_ or "",
            "remote": self.remote or "",
            "label": self.label.strip(" \t"),
        }
        return {name: cell for name, cell in cells.items() if cell}
