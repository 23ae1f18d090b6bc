"""Which rules a change of a student's year may concern: usually none, and never fewer than it does.

The usual change is a new last day, or another word on the last days. Where nothing opened, recovered or
reopened from the first changed day on, what had opened and what stood on the day before is what is known
now, and each counted day from there on is offered to the rules' gates. Every other change concerns all rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from alerts.fold import Alert
from alerts.rules import RULES, Rule, always, wakes
from alerts.step import Gate, Step, never
from models.bits import first_of, last_day
from models.ledger.known import Moved
from models.policy import Policy
from models.school_year import day_index
from models.student_year import MHW, NO_MHW, Frame, StudentYear


class Concerned(NamedTuple):
    """The rules whose findings may differ. With a `step`, one day is new, and on it each of them opens or
    recovers; without, they are to be folded.
    """

    rules: Sequence[Rule]
    step: Step | None = None


ALL = Concerned(RULES)
_NONE = Concerned(())

# More days than these are folded: a year's fold costs about as much as so many gates.
_MOST_DAYS = 30

_GIVEN = {rule.name: 1 << 2 * index for index, rule in enumerate(RULES)}
# Of rules whose alerts never recover it is no matter whether one stands.
_STANDS = {rule.name: (2 if rule.recovers else 0) << 2 * index for index, rule in enumerate(RULES)}
_SHIFT = 2 * len(RULES)
_ANY_STANDS = sum(_STANDS.values())
_RULES_FLAGS = (1 << _SHIFT) - 1
# A rule without a gate may open on any day.
_UNGATED = any(rule.gate is always for rule in RULES)
# An alert that is one a year may have recovered and reopened since; it does not say on which day.
_MAY_HAVE_REOPENED = sum(_STANDS[rule.name] for rule in RULES if not rule.per_opening)


def flags_of(alerts: Iterable[Alert]) -> int:
    """What has opened and what stands in a year (district scope), and the last day of such an event."""
    flags = 0
    last = ""
    for alert in alerts:
        last = max(last, alert.opened_on, alert.recovered_on)
        if alert.scope == "district":
            flags |= _GIVEN[alert.rule] | (0 if alert.recovered_on else _STANDS[alert.rule])
    return flags | (day_index(date.fromisoformat(last)) + 1 if last else 0) << _SHIFT


def stands(flags: int) -> bool:
    """Whether an alert stands that may recover."""
    return flags & _ANY_STANDS != 0


def look_again(now: StudentYear, flags: int, policy: Policy) -> int:
    """With how many counted days a student of whom an alert stands is to be looked at again; 0: each day.

    Until then days in attendance change nothing: nothing recovers, and what wakes (`wakes`) is no matter of
    this student alone.
    """
    frame = now.frame
    if len(frame.parts) != 1 or not frame.parts[0].k12:
        return 0
    step = Step(now, now.absent, last_day(frame.counted), frame.counted)
    rules = _standing_rules(flags & _ANY_STANDS)
    return min([rule.earliest(step, policy) if rule.earliest is not None else 0 for rule in rules])


class FrameChange:
    """What a change of frame means to all students who share both frames.

    `plain`: they are at one school, in K-12, on the same membership days as before. `changed` are the days
    that count otherwise, `first` the earliest of them. `quiet`: on no counted day from then on can a day in
    attendance open anything.
    """

    __slots__ = ("awake", "changed", "first", "plain", "quiet")

    def __init__(self, before: Frame, after: Frame, policy: Policy) -> None:
        self.plain = (
            len(after.parts) == 1
            and len(before.parts) == 1
            and after.parts[0].k12
            and before.membership == after.membership
            and before.k12_membership == after.k12_membership
            and before.parts[0].school == after.parts[0].school
        )
        self.changed = before.counted ^ after.counted
        self.first = first_of(self.changed)
        self.awake = wakes(policy)
        self.quiet = self.plain and not _UNGATED and self._is_quiet(after.counted)

    def _is_quiet(self, counted: int) -> bool:
        if not self.changed:
            return True
        todo = counted >> self.first << self.first
        last = counted.bit_count()
        return self.awake.isdisjoint(range(last - todo.bit_count() + 1, last + 1))


def may_have_changed(moved: Moved, change: FrameChange, policy: Policy) -> Concerned:
    """The rules whose findings may differ between before and after."""
    before, after = moved.before, moved.after
    if not change.plain or (
        (after.mhw is not NO_MHW or before.mhw is not NO_MHW)
        and (before.mhw != after.mhw or before.documented != after.documented)
    ):
        return ALL
    changed = change.changed
    first = change.first
    flags = moved.known.flags
    if before.classes != after.classes:
        for old, new in zip(before.classes, after.classes, strict=True):
            changed |= old ^ new
        first = first_of(changed)
    elif (
        change.quiet and not flags & _ANY_STANDS and flags >> _SHIFT <= first and not after.absent >> first
    ):  # an absence may open something where an earlier day no longer counts
        return _NONE
    if not changed:
        return _NONE
    if flags >> _SHIFT > first:
        return ALL
    if flags & _MAY_HAVE_REOPENED and before.frame.counted >> first:
        return ALL  # perhaps on a day that has changed
    counted = after.frame.counted
    todo = counted >> first << first
    if todo.bit_count() > _MOST_DAYS or after.classes[MHW] & todo:
        return ALL
    return _gates(after, policy, flags, change.awake, todo)


def _gates(after: StudentYear, policy: Policy, flags: int, awake: frozenset[int], todo: int) -> Concerned:
    absent, counted = after.absent, after.frame.counted
    rules, standing = _offered(flags & _RULES_FLAGS)
    concerned: dict[str, Rule] = {}
    one = not todo & (todo - 1)
    step = None
    while todo:
        bit = todo & -todo
        todo ^= bit
        until = counted & (bit | (bit - 1))
        offered = rules if absent & bit or until.bit_count() in awake else standing
        if not offered:
            continue
        step = Step(after, absent, bit.bit_length() - 1, until)
        for rule, gate, given, stands_now in offered:
            if gate(step, policy, given, stands_now):
                concerned[rule.name] = rule
    if not concerned:
        return _NONE
    found = tuple(concerned.values())
    exact = one and all([rule.evidence is not None for rule in found])
    return Concerned(found, step if exact else None)


_Offer = tuple[Rule, Gate, bool, bool]


@lru_cache(maxsize=4096)
def _offered(flags: int) -> tuple[tuple[_Offer, ...], tuple[_Offer, ...]]:
    """The rules that a day may concern, each with its gate, whether it has opened and whether it stands;
    and those of them that a day in attendance may concern.

    One that is once a year and never recovers is done with when it has opened.
    """
    offers = [
        (rule, rule.gate, flags & _GIVEN[rule.name] != 0, flags & _STANDS[rule.name] != 0) for rule in RULES
    ]
    open_ones = tuple(
        (rule, gate, given, standing)
        for rule, gate, given, standing in offers
        if gate is not never and not (given and not rule.recovers and not rule.per_opening)
    )
    standing_rules = _standing_rules(flags & _ANY_STANDS)
    return open_ones, tuple(offer for offer in offers if offer[0] in standing_rules)


@lru_cache(maxsize=1024)
def _standing_rules(flags: int) -> tuple[Rule, ...]:
    """The rules of which an alert stands: those that a day in attendance may concern."""
    return tuple(rule for rule in RULES if flags & _STANDS[rule.name] or rule.gate is always)
