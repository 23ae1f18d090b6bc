"""A file that is read: its name, its digest, its bytes once for the checks and once for the rows."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from infra.files.rows import FileRefused
from models.refusal import Fault, Reason

_CHUNK = 1 << 20
OnBytes = Callable[[int], None]


class PathUnusable(Exception):
    """A path that cannot be read at all. The message names it and says what to do."""


def name_of(path: Path) -> str:
    """A file's name as text; of one that is not UTF-8 the bytes that are not are written as \\xfc."""
    return os.fsencode(path.name).decode(errors="backslashreplace")


class Source:
    """An open file. `path` is absolute; `digest` is the SHA-256 of the content once it has been scanned."""

    def __init__(self, path: Path, raw: BinaryIO, on_bytes: OnBytes | None) -> None:
        self.name = name_of(path)
        self.path = os.path.abspath(path)
        self.digest = ""
        self._raw = raw
        self._on_bytes = on_bytes

    def scan(self) -> None:
        """Take the digest."""
        self._raw.seek(0)
        digest = hashlib.sha256()
        while chunk := self._raw.read(_CHUNK):
            digest.update(chunk)
        self.digest = digest.hexdigest()

    def scan_text(self, encoding: str = "utf-8") -> str:
        """Take the digest, and give the first character that is not blank.

        Raises FileRefused (`not_utf8`) where the content is not in the encoding.
        """
        self._raw.seek(0)
        digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder(encoding)()
        first, at, wrong = "", 0, -1  # not utf-8-sig: its decoder takes a file of half a BOM for an empty one
        while True:
            chunk = self._raw.read(_CHUNK)
            digest.update(chunk)
            if wrong < 0:
                held = len(decoder.getstate()[0])
                try:
                    text = decoder.decode(chunk, final=not chunk)
                    first = first or (text if at else text.removeprefix("\ufeff")).lstrip()[:1]
                except UnicodeDecodeError as error:
                    wrong = at - held + error.start
                except UnicodeError:  # of UTF-16 without its mark
                    wrong = at
            at += len(chunk)
            if not chunk:
                break
        self.digest = digest.hexdigest()
        if wrong >= 0:
            name = encoding.upper()
            message = f"the file is not {name} at byte {wrong}; save it as {name}"
            raise FileRefused(Fault(Reason.NOT_UTF8, "", message))
        return first

    def lines(self, newline: str, errors: str = "strict", encoding: str = "utf-8") -> Iterator[str]:
        """The lines with their ends: `newline` "" splits at CR LF, CR and LF, and "\\n" at LF alone.

        Raises PathUnusable where the content has changed since it was scanned.
        """
        self._raw.seek(0)
        counted = io.BufferedReader(_Counted(self._raw, self._on_bytes), _CHUNK)
        known = "utf-8-sig" if encoding == "utf-8" else encoding
        text = io.TextIOWrapper(counted, encoding=known, errors=errors, newline=newline)
        try:
            yield from text
        except UnicodeDecodeError:
            raise PathUnusable(f"{self.path} changed while it was read; ingest it again") from None

    def chunks(self, *, counted: bool) -> Iterator[bytes]:
        """The content in pieces, from the beginning; whoever calls may read slices in between."""
        at = 0
        while True:
            self._raw.seek(at)
            chunk = self._raw.read(_CHUNK)
            if not chunk:
                return
            at += len(chunk)
            if counted and self._on_bytes is not None:
                self._on_bytes(len(chunk))
            yield chunk

    def slice(self, begin: int, end: int) -> bytes:
        """The bytes from `begin` up to `end`."""
        self._raw.seek(begin)
        return self._raw.read(end - begin)


@contextmanager
def opened(path: Path, on_bytes: OnBytes | None = None) -> Iterator[Source]:
    """Open a file. What cannot be read twice (a pipe) is taken into memory. Raises PathUnusable."""
    try:
        raw: BinaryIO = path.open("rb")
        if not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
            with raw:
                content = raw.read()
            raw = io.BytesIO(content)
    except OSError as error:
        raise PathUnusable(f"{path} cannot be read: {error.strerror}") from None
    with raw:
        yield Source(path, raw, on_bytes)


class _Counted(io.RawIOBase):
    """Tells how many bytes have been read."""

    def __init__(self, inner: BinaryIO, on_bytes: OnBytes | None) -> None:
        self._inner = inner
        self._on_bytes = on_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stub wants any buffer
        chunk = self._inner.read(len(buffer))
        buffer[: len(chunk)] = chunk
        if self._on_bytes is not None:
            self._on_bytes(len(chunk))
        return len(chunk)
