"""TOML as people write it: what is wrong with it, in words for them."""

from __future__ import annotations

import tomllib
from typing import Any


class TomlBroken(Exception):
    """A text that is no TOML, or none that can be read. The message follows "the file NAME"."""


def table_of(text: str) -> dict[str, Any]:
    """The table that a text is. Raises TomlBroken."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlBroken(f"is not TOML: {error}") from None
    except (ValueError, RecursionError):  # what tomllib lets through from Python itself
        raise TomlBroken(
            "is not TOML that can be read: a number is too long, or lists stand in lists too deeply"
        ) from None
