"""The values that a policy file may give, and how a wrong one is told (docs/rules.md)."""

from __future__ import annotations

import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field

from models.policy import Exempt, Share
from models.school_year import from_label

_CODE = re.compile(r"[!-~]{1,64}")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _share(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('takes an exact fraction in quotes, such as "1/10"')
    above, slash, below = value.partition("/")
    if not (slash and above.isdecimal() and below.isdecimal()):
        raise ValueError('takes an exact fraction in quotes, such as "1/10"')
    share = Share(int(above), int(below))
    if not 0 < share.numerator <= share.denominator:
        raise ValueError("takes a fraction over 0 and up to 1")
    return share


def _year(value: object) -> object:
    year = from_label(value) if isinstance(value, str) else None
    if year is None:
        raise ValueError('takes a school year in quotes, such as "2024-25"')
    return year


def _hour(value: object) -> object:
    if not isinstance(value, str) or _HOUR.fullmatch(value) is None:
        raise ValueError('takes an hour of the day in quotes, such as "10:30"')
    return value


def _zone(value: object) -> object:
    told = 'takes the name of a time zone in quotes, such as "America/New_York"'
    if not isinstance(value, str):
        raise ValueError(told)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(told) from None
    return value


def _codes(value: object) -> tuple[str, ...]:
    codes = value if isinstance(value, list) else [None]
    if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes):
        raise ValueError('takes a list of codes in quotes, such as ["ISS"]')
    return tuple(codes)


def _exempt(value: object) -> tuple[Exempt, ...]:
    reasons: list[Any] = value if isinstance(value, list) else [None]
    if not all(isinstance(held, dict) and held.keys() == {"codes", "days"} for held in reasons):
        raise ValueError('takes a list of reasons, such as [{ codes = ["MIL"], days = 10 }]')
    found = tuple(Exempt(_codes(held["codes"]), held["days"]) for held in reasons)
    if not all(held.codes and type(held.days) is int and 1 <= held.days <= 366 for held in found):
        raise ValueError("takes of each reason at least one code, and a whole number of days from 1 to 366")
    return found


ShareValue = Annotated[Share, BeforeValidator(_share)]
SchoolYear = Annotated[int | None, BeforeValidator(_year)]
Count = Annotated[int, Field(strict=True, ge=1, le=366)]
Age = Annotated[int, Field(strict=True, ge=0, le=99)]
Switch = Annotated[bool, Field(strict=True)]
Codes = Annotated[tuple[str, ...], BeforeValidator(_codes)]
ExemptReasons = Annotated[tuple[Exempt, ...], BeforeValidator(_exempt)]
Hour = Annotated[str, BeforeValidator(_hour)]
Zone = Annotated[str, BeforeValidator(_zone)]
