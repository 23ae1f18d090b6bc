"""Sets of a school year's days as integers: bit i is the day i days after 1 July."""

from __future__ import annotations

from collections.abc import Iterator


def span(first: int, last: int) -> int:
    """The days from `first` to `last`, both inclusive; empty where last lies before first."""
    return (1 << (last + 1)) - (1 << first) if last >= first else 0


def up_to(last: int) -> int:
    """The days up to `last`, inclusive; empty where it is negative."""
    return (1 << (last + 1)) - 1 if last >= 0 else 0


def days(held: int) -> Iterator[int]:
    """The days of a set, in order."""
    while held:
        low = held & -held
        yield low.bit_length() - 1
        held ^= low


def last_day(held: int) -> int:
    """The latest day of a set, -1 where it is empty."""
    return held.bit_length() - 1


def first_of(held: int) -> int:
    """The earliest day of a set, -1 where it is empty."""
    return (held & -held).bit_length() - 1


def first_days(held: int, count: int) -> int:
    """The first `count` days of a set; all of it where it has no more."""
    last = nth_day(held, count)
    return held & up_to(last) if last >= 0 else held


def nth_day(held: int, count: int) -> int:
    """The count-th day of a set, from 1; -1 where it has fewer."""
    if held.bit_count() < count:
        return -1
    for _ in range(count - 1):
        held &= held - 1
    return first_of(held)
