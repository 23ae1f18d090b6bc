"""Parts that not every machine has: a test without its part is skipped with the reason, and fails in CI."""

from __future__ import annotations

import os

import pytest


def need(condition: object, reason: str) -> None:
    """Skip the test where the condition does not hold; where CI is set, fail it."""
    if condition:
        return
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
