"""How the headers of a message stand in one column: lengths and bytes, so that any value comes back."""

from __future__ import annotations

import struct

from streams.event_log import Headers

_LENGTHS = struct.Struct(">II")


def packed(headers: Headers) -> bytes | None:
    """The headers as one blob, in order and with repeated names; None where there is none.

    Each is two big-endian 32-bit lengths (in bytes), the name in UTF-8 and the value as it is.
    """
    if not headers:
        return None
    parts: list[bytes] = []
    for name, value in headers:
        written = name.encode()
        parts += (_LENGTHS.pack(len(written), len(value)), written, value)
    return b"".join(parts)


def unpacked(blob: bytes | None) -> Headers:
    """The headers that `packed` wrote. Raises ValueError where the blob is not one of its own."""
    if blob is None:
        return ()
    found: list[tuple[str, bytes]] = []
    at = 0
    while at < len(blob):
        if at + _LENGTHS.size > len(blob):
            raise ValueError("headers end inside their lengths")
        name_length, value_length = _LENGTHS.unpack_from(blob, at)
        name_end = at + _LENGTHS.size + name_length
        at = name_end + value_length
        if at > len(blob):
            raise ValueError("headers end inside a value")
        found.append((blob[name_end - name_length : name_end].decode(), blob[name_end:at]))
    return tuple(found)
