"""Percentages for people: exact integers, rounded half up. No decision is made by one."""

from __future__ import annotations


def rounded(part: int, whole: int, places: int) -> int:
    """`part` of `whole` (not 0) in percent times 10 ** `places`, half up."""
    scale: int = 10**places
    return (200 * scale * part + whole) // (2 * whole)


def written(part: int, whole: int, places: int) -> str:
    """The same with its decimals: `10.20`."""
    scale: int = 10**places
    units, decimals = divmod(rounded(part, whole, places), scale)
    return f"{units}.{decimals:0{places}d}" if places else str(units)
