"""The items of a JSON file: a list's, one a line, or one object; with the line on which each begins."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from infra.files.rows import FileRefused, json_lines
from infra.files.source import Source
from models.refusal import Fault, Reason

# Files that were put together have a byte order mark between them.
_BLANK = re.compile(r"[ \t\r\n\ufeff]*")
# What matters for the extent of an item: texts are passed over whole, brackets are counted.
_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|"', re.DOTALL)
_NO_OBJECT = "it is no JSON object; mend it"
_BREAK = re.compile(r"[,\]{]")
_REST = "the JSON cannot be read from here on; export the file again"


class Item(NamedTuple):
    """One item: its line, its text, and its object, or why it has none.

    Numbers are kept as they are written, as strings, so that `1.0` stays `1.0`.
    """

    line: int
    text: str
    value: dict[str, Any]
    fault: Fault | None = None


def items(source: Source) -> Iterator[Item]:
    """The items of a file, in order. Takes the digest.

    A file that begins with [ is one list; of any other each line is an object, or the whole file is one.
    An item that is broken is refused alone where its end can be told, else with all that follows it. Raises
    FileRefused (`not_utf8`; `unknown_kind` where nothing is in the file).
    """
    first = source.scan_text()
    if not first:
        message = "the file is empty; export it again (an empty answer of the API is [])"
        raise FileRefused(Fault(Reason.UNKNOWN_KIND, "", message))
    if first == "[":
        yield from _listed("".join(source.lines("\n")))
        return
    lines = list(json_lines(source.lines("\n")))
    whole = "".join(text for _, text in lines)
    value = _decoded(whole)
    if value is not None:
        yield Item(lines[0][0], whole, value)
        return
    for line, text in lines:
        yield _item(line, text)


def _item(line: int, text: str) -> Item:
    value = _decoded(text)
    if value is None:
        return Item(line, text, {}, Fault(Reason.NOT_JSON, "", _NO_OBJECT))
    return Item(line, text, value)


def _listed(text: str) -> Iterator[Item]:
    at = _after_blank(text, 0) + 1
    line = 1 + text.count("\n", 0, at)
    begin = _after_blank(text, at)
    if text[begin : begin + 1] == "]":
        yield from _end_of_list(text, begin, line + text.count("\n", at, begin))
        return
    while True:
        line += text.count("\n", at, begin)
        value, end = _decoded_at(text, begin)
        if value is None:
            end = _end_of_item(text, begin)
            # What stands right before an object does not cost it.
            if end >= 0 and text[end : end + 1] == "{":
                yield Item(line, text[begin:end], {}, Fault(Reason.NOT_JSON, "", _NO_OBJECT))
                at, begin = begin, end
                continue
        after = -1 if end < 0 else _after_blank(text, end)
        mark = "" if after < 0 else text[after : after + 1]
        if mark not in (",", "]") or not mark:
            yield Item(line, text[begin:], {}, Fault(Reason.NOT_JSON, "", _REST))
            return
        if value is None:
            yield _item(line, text[begin:end])
        else:
            yield Item(line, text[begin:end], value)
        line += text.count("\n", begin, after)
        if mark == "]":
            yield from _end_of_list(text, after, line)
            return
        at, begin = after, _after_blank(text, after + 1)


def _end_of_list(text: str, at: int, line: int) -> Iterator[Item]:
    """What stands behind the list is refused."""
    after = _after_blank(text, at + 1)
    if after < len(text):
        line += text.count("\n", at, after)
        yield Item(line, text[after:], {}, Fault(Reason.NOT_JSON, "", _REST))


def _end_of_item(text: str, begin: int) -> int:
    """Where the item ends that begins here, by its brackets alone; -1 where that cannot be told."""
    if text[begin : begin + 1] not in ("{", "["):
        found = _BREAK.search(text, begin)
        return -1 if found is None else found.start()
    depth = 0
    for mark in _MARK.finditer(text, begin):
        match mark.group():
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
                if not depth:
                    return mark.end()
            case '"':
                return -1
    return -1


def _after_blank(text: str, at: int) -> int:
    return _BLANK.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too


def _refuse(constant: str) -> str:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)


def _decoded_at(text: str, begin: int) -> tuple[dict[str, Any] | None, int]:
    """The object that begins here, and where it ends; None where that has to be looked at more closely."""
    try:
        value, end = _DECODER.raw_decode(text, begin)
    except (ValueError, RecursionError):
        return None, -1
    if type(value) is not dict or text.find("\\u", begin, end) >= 0:
        return None, -1
    return value, end


def _decoded(text: str) -> dict[str, Any] | None:
    """One JSON object; None where it is not one, or holds half a surrogate pair, which is no text."""
    try:
        value = _DECODER.decode(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value if type(value) is dict else None
