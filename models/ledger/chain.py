"""The versions that are kept of one identity (contract 1, Version and In force)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from models.columns import Kind
from models.in_force import CodeMap
from models.version import Version


class Stored(NamedTuple):
    """A valid record as written, and where it came from (a file's name and line, for its refusal)."""

    given: Mapping[str, str]
    file: str
    line: int

    @property
    def deleted(self) -> bool:
        """Whether it says that there is no such record."""
        return self.given.get("op") == "delete"


# Newest first. Attendance keeps the newest version of each code, because a code may be mapped or unmapped
# later, and nothing older than the newest delete; other kinds keep the newest version alone.
Chain = tuple[Stored, ...]


def put(kind: Kind, chain: Chain, new: Stored) -> Chain:
    """The chain with a record more; the same object where the record changes nothing."""
    if not chain:
        return (new,)
    version = Version(new.given)
    place = 0
    for held in chain:
        there = Version(held.given)
        if there == version:
            return _placed(chain, place, new) if kind is Kind.ATTENDANCE else chain
        if there < version:
            break
        if kind is not Kind.ATTENDANCE or held.deleted:
            return chain
        # A delete may carry the code of what it deletes, and still ends what is older.
        if not new.deleted and held.given["code"] == new.given["code"]:
            return chain
        place += 1
    older: Chain = ()
    if kind is Kind.ATTENDANCE and not new.deleted:
        older = tuple(
            held for held in chain[place:] if held.deleted or held.given["code"] != new.given["code"]
        )
    return (*chain[:place], new, *older)


def _placed(chain: Chain, place: int, again: Stored) -> Chain:
    """Of a record that came twice the first of its places is told, whichever came first."""
    if (again.file, again.line) >= (chain[place].file, chain[place].line):
        return chain
    return (*chain[:place], again, *chain[place + 1 :])


def live(chain: Chain) -> Stored | None:
    """The live record of any kind but attendance; None where it was deleted."""
    return None if chain[0].deleted else chain[0]


def live_attendance(chain: Chain, codes: CodeMap, day: int) -> Stored | None:
    """The newest version whose code has a meaning; None where a delete comes first, or none has one."""
    for held in chain:
        if held.deleted:
            return None
        if codes.meaning(held.given["code"], day) is not None:
            return held
    return None


def set_aside(chain: Chain, codes: CodeMap, day: int) -> Stored | None:
    """The record that would be live but for its unmapped code; None where there is none."""
    newest = chain[0]
    if newest.deleted or codes.meaning(newest.given["code"], day) is not None:
        return None
    return newest
