"""JSON objects as records bring them: every value a string, as it is written."""

from __future__ import annotations

import json
import re
from typing import Any

_BLANK = re.compile(r"[ \t\r\n]*")
# For the extent of an item only: `int` would refuse a number of over 4,300 digits, and all items with it.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


class NotText(str):
    """A value that no column can hold: true, false, a list or an object.

    NUL and its JSON, so that as a string it is no id, date or choice either.
    """

    __slots__ = ()


def json_cells(text: str) -> dict[str, str] | None:
    """One JSON object as strings, trimmed, blank where null; None where it is not one.

    A number is kept as it is written; what is neither string, number nor null is a NotText.
    """
    try:
        value = _CELLS.decode(text)
        if type(value) is not dict:
            return None
        if "\\u" in text:  # only an escape can make half a surrogate pair, which is no text
            json.dumps(value, ensure_ascii=False).encode()
        return {
            name: cell.strip(" \t") if type(cell) is str else _as_text(cell) for name, cell in value.items()
        }
    except (ValueError, RecursionError):
        return None


def json_object(text: str) -> dict[str, str] | None:
    """As `json_cells`, blanks left out."""
    cells = json_cells(text)
    return None if cells is None else {name: cell for name, cell in cells.items() if cell}


def _refuse(constant: str) -> str:
    raise ValueError(f"{constant} is not JSON")


_CELLS = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)


def _as_text(value: Any) -> str:
    return "" if value is None else NotText("\0" + json.dumps(value))


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
