"""What may change at once of a student: from Tier I to Tier II, and thereby chronically absent."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

Outcomes = Sequence[tuple[str, tuple[str, ...]]]


def kinds_of(measures: Sequence[str], outcomes: Outcomes) -> list[dict[str, int]]:
    """The smallest changes of a student's measures (+1 or -1 each) after which all outcomes still hold.

    An outcome is a whole and the measures of which exactly one is true where it is; blank is everybody.
    """
    return [kind for names in _linked(measures, outcomes) for kind in _kinds(names, outcomes)]


def _linked(measures: Sequence[str], outcomes: Outcomes) -> list[tuple[str, ...]]:
    """The measures in groups, so that no outcome is about two of them."""
    groups = [{name} for name in measures]
    for whole, classes in outcomes:
        touched = [group for group in groups if group & {whole, *classes}]
        groups = [group for group in groups if group not in touched] + [set[str]().union(*touched)]
    return sorted(tuple(sorted(group)) for group in groups)


def _kinds(names: tuple[str, ...], outcomes: Outcomes) -> list[dict[str, int]]:
    here = [each for each in outcomes if set(each[1]) <= set(names)]
    students = []
    for many in product((0, 1), repeat=len(names)):
        true = dict(zip(names, many, strict=True))
        if all(true.get(whole, 1) == sum(true[part] for part in classes) for whole, classes in here):
            students.append(true)
    changes: list[dict[str, int]] = []
    for before, after in combinations(students, 2):
        change = {name: after[name] - before[name] for name in names if after[name] != before[name]}
        turned = {name: -by for name, by in change.items()}
        if change not in changes and turned not in changes:
            changes.append(change)
    return [each for each in changes if not any(other.keys() < each.keys() for other in changes)]
