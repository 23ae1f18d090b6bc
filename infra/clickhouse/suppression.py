"""What is hidden for itself, as SQL (docs/suppression.md, In the store).

The limits are written here once, from the same `Limits` as `models/suppression/limits.py`; a test holds the
two together. Nothing is decided by it: it is a net behind a release, which is not kept where a number that is
shown would be hidden for itself (infra/releases/keeping.py).
"""

from __future__ import annotations

from models.suppression.limits import CONNECTICUT, Limits, Why


def why_hidden_sql(count: str, size: str, limits: Limits = CONNECTICUT) -> str:
    """An expression that is why a count of a group is hidden for itself, blank where it is not.

    `count` and `size` are expressions of whole numbers. NULL in either of them is a hidden number.
    """
    few, small = limits.least_count, limits.least_size
    count, size = f"toInt64({count})", f"toInt64({size})"
    return (
        f"multiIf(isNull({count}) OR isNull({size}), '{Why.COMPLEMENTARY}',"
        f" {size} < {small}, '{Why.SMALL_GROUP}',"
        f" {count} = 0 OR {count} = {size}, '{Why.EXTREME}',"
        f" {count} < {few}, '{Why.SMALL_COUNT}',"
        f" {size} - {count} < {few}, '{Why.EXTREME}', '')"
    )


def why_size_hidden_sql(size: str, limits: Limits = CONNECTICUT) -> str:
    """An expression that is why the size of a group is hidden for itself, blank where it is not."""
    size = f"toInt64({size})"
    few = limits.least_count
    return f"multiIf(isNull({size}), '{Why.COMPLEMENTARY}', {size} < {few}, '{Why.SMALL_COUNT}', '')"
