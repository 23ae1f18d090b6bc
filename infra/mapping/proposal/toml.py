"""The little of TOML that a proposal is written in."""

from __future__ import annotations

import json
from collections.abc import Mapping


def text(value: object) -> str:
    """A value in TOML: a text, a number, a truth or a list of them."""
    # TOML takes one character less as it stands than JSON does.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def inline(source: Mapping[str, object]) -> str:
    """A source on one line."""
    return "{ " + ", ".join(f"{key} = {text(held)}" for key, held in source.items()) + " }"


def table(name: str, source: Mapping[str, object]) -> list[str]:
    """A source as a table of its own, with its values a line each."""
    values = source["values"]
    assert isinstance(values, dict)
    plain_keys = [f"{key} = {text(held)}" for key, held in source.items() if key != "values"]
    each = [f"{text(word)} = {text(meaning)}" for word, meaning in values.items()]
    place = f"files.columns.{name}"
    return [f"[{place}]", *plain_keys, f"[{place}.values]", *each]


def letter(place: int) -> str:
    """The letter that a sheet gives to a column: A of 0, AA of 26."""
    told = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        told = chr(ord("A") + rest) + told
    return told
