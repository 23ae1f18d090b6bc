"""Which rules a change of a student's year may concern: usually none, and never fewer than it does.

The usual change is a new last day, or another word on the last days. Where nothing opened or recovered from
the first changed day on, what had opened and what stood on the day before is what is known now, and each
counted day from there on is offered to the rules' gates. Every other change concerns all rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from alerts.fold import Alert
from alerts.rules import RULES, Rule, wakes
from alerts.step import Step
from models.bits import days, first_of, up_to
from models.ledger.district import Moved
from models.policy import Policy
from models.school_year import day_index
from models.student_year import MHW, StudentYear

ALL: Sequence[Rule] = RULES
_NONE: Sequence[Rule] = ()

# More days than these are folded: a year's fold costs about as much as so many gates.
_MOST_DAYS = 30

_GIVEN = {rule.name: 1 << 2 * index for index, rule in enumerate(RULES)}
_STANDS = {rule.name: 2 << 2 * index for index, rule in enumerate(RULES)}
_SHIFT = 2 * len(RULES)
_ANY_STANDS = sum(_STANDS.values())


def flags_of(alerts: Iterable[Alert]) -> int:
    """What has opened and what stands in a year (district scope), and the last day of such an event."""
    flags = 0
    last = ""
    for alert in alerts:
        last = max(last, alert.opened_on, alert.recovered_on)
        if alert.scope == "district":
            flags |= _GIVEN[alert.rule] | (0 if alert.recovered_on else _STANDS[alert.rule])
    return flags | (day_index(date.fromisoformat(last)) + 1 if last else 0) << _SHIFT


def may_have_changed(moved: Moved, policy: Policy) -> Sequence[Rule]:
    """The rules whose findings may differ between before and after."""
    before, after = moved.before, moved.after
    frame = after.frame
    if (
        len(frame.parts) != 1
        or not frame.parts[0].k12
        or before.frame.membership != frame.membership
        or before.frame.k12_membership != frame.k12_membership
        or before.frame.parts[0].school != frame.parts[0].school
        or before.mhw != after.mhw
        or before.documented != after.documented
    ):
        return ALL
    changed = before.frame.counted ^ frame.counted
    if before.classes != after.classes:
        for old, new in zip(before.classes, after.classes, strict=True):
            changed |= old ^ new
    if not changed:
        return _NONE
    first = first_of(changed)
    flags = moved.known.flags
    if flags >> _SHIFT > first:
        return ALL
    counted = frame.counted
    todo = counted >> first << first
    if todo.bit_count() > _MOST_DAYS or after.classes[MHW] & todo:
        return ALL
    return _gates(after, policy, flags, counted, todo)


def _gates(after: StudentYear, policy: Policy, flags: int, counted: int, todo: int) -> Sequence[Rule]:
    absent = after.absent
    stands = flags & _ANY_STANDS
    awake = _wakes(policy)
    concerned: dict[str, Rule] = {}
    for day in days(todo):
        until = counted & up_to(day)
        if not stands and not absent >> day & 1 and until.bit_count() not in awake:
            continue
        step = Step(after, day, until)
        for rule in RULES:
            if rule.name not in concerned and rule.gate(
                step, policy, flags & _GIVEN[rule.name] != 0, flags & _STANDS[rule.name] != 0
            ):
                concerned[rule.name] = rule
    return tuple(concerned.values())


@lru_cache(maxsize=64)
def _wakes(policy: Policy) -> frozenset[int]:
    return wakes(policy)
