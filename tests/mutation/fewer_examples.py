"""A plugin of pytest for mutation runs: quick tests first, and of a property few examples, always the same.

So a mutant costs little, its verdict repeats, and none counts as killed for being slow. A property's own
`@settings` win over a profile of hypothesis, therefore they are changed one by one.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

EXAMPLES = "ROLLCALL_MUTATION_EXAMPLES"
"""The variable of the environment with the most examples that a property gets."""

# Most mutants are killed by the first of these folders, in milliseconds.
_ORDER = ("unit", "story", "property")


def fewer(given: settings, most: int) -> settings:
    """The same, but few, the same ones each time, without a deadline, a database or shrinking."""
    return settings(
        given,
        max_examples=min(given.max_examples, most),
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each property fewer examples; hypothesis keeps its settings at the test function."""
    most = int(os.environ[EXAMPLES])
    items.sort(key=lambda item: _ORDER.index(item.path.parent.name))
    for item in items:
        test = getattr(item, "obj", None)
        test = getattr(test, "__func__", test)
        given = getattr(test, "_hypothesis_internal_use_settings", None)
        if given is not None:
            test._hypothesis_internal_use_settings = fewer(given, most)
