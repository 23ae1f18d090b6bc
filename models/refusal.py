"""Why a record is refused, in the order in which the contract ranks the faults (contract 1, Refused)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Reasons, the first that applies wins: a whole file's, then a row's, then a topic's."""

    NOT_UTF8 = "not_utf8"
    UNKNOWN_KIND = "unknown_kind"
    MISSING_COLUMN = "missing_column"
    NOT_CSV = "not_csv"
    NOT_JSON = "not_json"
    MISSING_VALUE = "missing_value"
    BAD_ID = "bad_id"
    BAD_TIME = "bad_time"
    BAD_DATE = "bad_date"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    BAD_VALUE = "bad_value"
    TOO_LARGE = "too_large"
    UNMAPPED_CODE = "unmapped_code"
    NEWER_SCHEMA = "newer_schema"


RANK = {reason: rank for rank, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one record: the column it is in (blank for the whole record) and how to mend it.

    `message` says what the column takes and never repeats the value, which may be a student's.
    """

    reason: Reason
    field: str
    message: str
