"""Bytes changed at random: anywhere, and where formats are easily hurt. The same dice, the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

MOST = 200_000
"""So many bytes an input has at most."""

_ENDS = (b"\n", b"\r\n", b"\r", b"\x0b", b"\x0c", b"\xc2\x85", b"\xe2\x80\xa8", b"\n\n", b"\r\r\n", b"\x1c")
_MARKS = (
    b'"', b'""', b"'", b",", b";", b"\t", b"|", b"\\", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb",
    b"\xff",
    b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"{", b"}", b"[", b"]", b":", b"<", b">", b"&", b"=", b"#", b" ",
    b"\xc2\xa0", b"\xe2\x80\x8b", b"\x1f", b"\x7f",
)  # fmt: skip
_WORDS = (
    b"", b" ", b"null", b"true", b"false", b"NaN", b"Infinity", b"-Infinity", b"NULL", b"\\N", b"[]", b"{}",
    b"[[1]]",
    b'{"a":1}', b"0", b"-1", b"1", b"0.5", b".5", b"1.", b"1e5", b"1e999", b"0.0000000001", b"1_0", b"01",
    b"9" * 20, b"18446744073709551615", b"-9223372036854775808", b"9" * 4001, b"9" * 4301,
    b"1." + b"0" * 1001,
    b"2000-06-30", b"2000-07-01", b"2021-02-29", b"2024-02-29", b"0001-01-01", b"9999-12-31", b"0000-00-00",
    b"2021-W01-1", b"20210901", b"2149-06-07", b"13/13/2021", b"9/1/2021", b"9/1/0000", b"9999999999999",
    b"0001-01-01T00:00:00+23:59", b"9999-12-31T23:59:59-23:59", b"2021-09-01T08:00:60Z",
    b"2021-09-01 08:00:00z",
    b"2021-09-01T08:00:00." + b"1" * 1001 + b"Z", b"9998-99", b"9999-00", b"0000-01", b"2020-21", b"2020-22",
    "\u0662\u0660\u0662\u0661-\u0660\u0669-\u0660\u0661".encode(), "\u0661".encode(), "\uff11".encode(),
    b'"\\ud800"', b'"\\udc00\\ud800"', b"\\u0000", b'"\\u0000true"', b"\0true", b"delete", b"upsert",
    b"absent",
    b"[" * 2000, b'{"a":' * 2000, b"(" * 300, b"QzLee", b"QzS7", b"x" * 64, b"x" * 65, b"x" * 70_000,
    b"x" * 65_400, b"\x01" * 11_000, b'"a,b"', b'"a\nb"', b'"a""b"', b'"a"b', b'"open', b"=1+1", b'="0042"',
)  # fmt: skip
_CELL = re.compile(rb"[^,\t\r\n]*")
_JSON_CELL = re.compile(rb'"(?:[^"\\]|\\.)*"|[0-9.]+')
_XML_CELL = re.compile(rb">[^<]*<|\"[^\"]*\"")

XML_WORDS = (
    b'<!DOCTYPE a [<!ENTITY b "c">]>', b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">', b"&b;", b"&lol9;",
    b'<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;">]>',
    b'<!ENTITY x SYSTEM "file:///etc/passwd">', b"&#0;", b"&#x110000;", b"&#65;", b"<![CDATA[", b"]]>",
    b"<!--",
    b"-->", b"<?pi x?>", b'<?xml version="1.0" encoding="utf-16"?>', b'<?xml version="1.0" encoding="gbk"?>',
    b'<?xml version="1.0" encoding="none"?>', b'<?xml version="1.0" encoding="iso-8859-1"?>', b"<a>" * 70,
    b'<?xml version="1.1"?>', b'<a b="c" b="d"/>', b"<x:y/>", b"</", b"/>", b"<StudentSchoolAttendanceEvent>",
    b"</StudentSchoolAttendanceEvent>", b"<EventDate>9999-12-31</EventDate>", b"<Student/>", b'xmlns=""',
)  # fmt: skip
TOML_WORDS = (
    b"[[policy]]", b"[[files]]", b"[[codes]]", b"[files.columns]", b"[files.days]", b"[policy]", b"x = 1",
    b"x.y = 1",
    b"[" * 700, b"x = " + b"[" * 700, b"x = " + b"{a=" * 400, b"x = " + b"9" * 4301, b"1979-05-27T07:32:00Z",
    b"inf",
    b"nan", b"0x" + b"f" * 5000, b'"""', b"'''", b"\\u0000", b'"\\ud800"', b"\\UFFFFFFFF", b'"%Y%"', b'"%"',
    b'"%Q"',
    b'"%z%Z%j%U"', b'"("', b'"[a-"', b'"../../etc/passwd"', b'"America"', b'"-25:00"', b'"1/0"', b'"0/1"',
    b'"2/1"',
    b'"' + b"9" * 4301 + b'/1"', '"\u0661/\u0661\u0660"'.encode(), b'{ constant = "" }',
    b'{ column = ["a", "b"] }',
    b'"utf-7"', b'"undefined"', b'delimiter = "\\n"', b'delimiter = "ab"',
    b"skip_lines = 9999999999999999999",
)  # fmt: skip

Way = Callable[[Random, bytes, Sequence[bytes], Sequence[bytes]], bytes]


def mutated(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes] = ()) -> bytes:
    """The content after some changes. `seeds` may be crossed with it; `words` are the format's own."""
    for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 3, 5, 8))):
        content = rng.choice(_WAYS)(rng, content, seeds, words)
    return content[:MOST]


def _span(rng: Random, content: bytes, longest: int = 40) -> tuple[int, int]:
    begin = rng.randint(0, len(content))
    return begin, min(len(content), begin + rng.randint(0, longest))


def _flip(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    if not content:
        return content
    at = rng.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :]


def _bytes(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    begin, end = _span(rng, content, 8)
    return content[:begin] + rng.randbytes(rng.randint(1, 6)) + content[end:]


def _mark(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    begin, end = _span(rng, content, rng.choice((0, 0, 1, 3)))
    return content[:begin] + rng.choice(_MARKS) + content[end:]


def _end(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    places = [at for at, held in enumerate(content) if held == 10]
    at = rng.choice(places) if places and rng.random() < 0.7 else rng.randint(0, len(content))
    return content[:at] + rng.choice(_ENDS) + content[at + (rng.random() < 0.7) :]


def _all_ends(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    return content.replace(b"\n", rng.choice(_ENDS[:3]))


def _delete(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    begin, end = _span(rng, content)
    return content[:begin] + content[end:]


def _twice(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    begin, end = _span(rng, content, 300)
    return content[:end] + content[begin:]


def _cut(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    begin, end = _span(rng, content, len(content))
    return content[:begin] if rng.random() < 0.5 else content[begin:end]


def _swap(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    (a, b), (c, d) = sorted((_span(rng, content), _span(rng, content)))
    b = min(b, c)
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def _lines(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    lines = content.split(b"\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(3):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            lines.insert(other, lines[one])
        case _:
            del lines[one]
    return b"\n".join(lines)


def _cross(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    other = rng.choice(seeds) if seeds else content
    begin, end = _span(rng, other, len(other))
    at = rng.randint(0, len(content))
    return content[:at] + other[begin:end] + content[at + (end - begin if rng.random() < 0.5 else 0) :]


def _cell(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """One cell, JSON value or text of XML becomes a word that is at some edge."""
    kind = rng.choice((_CELL, _JSON_CELL, _XML_CELL))
    found = kind.search(content, rng.randint(0, len(content)))
    if found is None:
        return _word(rng, content, seeds, words)
    word = rng.choice(_WORDS)
    if kind is _XML_CELL:
        word = b">" + word + b"<"
    elif kind is _JSON_CELL and rng.random() < 0.5:
        word = b'"' + word + b'"'
    begin, end = found.span()
    if kind is _CELL and begin:
        begin = max(content.rfind(mark, 0, begin) for mark in (b",", b"\t", b"\n", b"\r")) + 1
    return content[:begin] + word + content[end:]


def _word(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    begin, end = _span(rng, content, rng.choice((0, 0, 10)))
    return content[:begin] + rng.choice(words or _WORDS) + content[end:]


def _front(rng: Random, content: bytes, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    front = rng.choice(
        (b"\xef\xbb\xbf", b"\xff\xfe", b"\n", b"\r\n \t\n", b"{", b"[", b"\xef\xbb", b"PK\x03\x04")
    )
    return front + content


# Those that are named twice find most.
_WAYS: tuple[Way, ...] = (
    _flip, _bytes, _mark, _mark, _end, _all_ends, _delete, _twice, _cut, _swap, _lines, _cross, _cell, _cell,
    _cell,
    _word, _word, _front,
)  # fmt: skip
