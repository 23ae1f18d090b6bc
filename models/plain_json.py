"""Flat JSON objects as records bring them: every value a string, as it is written."""

from __future__ import annotations

import json
import re
from typing import Any

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def json_object(text: str) -> dict[str, str] | None:
    """One flat JSON object as strings, trimmed, blanks left out; None where it is not one."""
    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
        if not isinstance(value, dict):
            return None
        given = {str(name): _as_text(cell) for name, cell in value.items()}
        "".join((*given, *given.values())).encode()
    except (ValueError, RecursionError):
        return None
    return {name: cell for name, cell in given.items() if cell}


def _refuse(constant: str) -> str:
    raise ValueError(f"{constant} is not JSON")


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip(" \t")
    raise ValueError("a nested value")


def list_items(text: str) -> list[str]:
    """The texts of a JSON list's items, as they stand; of anything else than a list, the text itself.

    Raises ValueError where the text is not JSON, RecursionError where it nests too deeply.
    """
    at = _after_blank(text, 0)
    if text[at : at + 1] != "[":
        _DECODER.decode(text)
        return [text.strip()]
    items: list[str] = []
    at = _after_blank(text, at + 1)
    if text[at : at + 1] == "]":
        _expect_end(text, at + 1)
        return items
    while True:
        _, end = _DECODER.raw_decode(text, at)
        items.append(text[at:end])
        at = _after_blank(text, end)
        match text[at : at + 1]:
            case ",":
                at = _after_blank(text, at + 1)
            case "]":
                _expect_end(text, at + 1)
                return items
            case _:
                raise ValueError("a list that goes on without a comma")


def _after_blank(text: str, at: int) -> int:
    return _BLANK.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too


def _expect_end(text: str, at: int) -> None:
    if _after_blank(text, at) != len(text):
        raise ValueError("more after the list")
