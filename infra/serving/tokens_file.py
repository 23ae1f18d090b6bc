"""The file of tokens (docs/api.md): who may ask, known by the digest of a token, which is kept nowhere."""

from __future__ import annotations

import difflib
import re
import stat
import threading
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import structlog

from infra.files.toml_text import TomlBroken, table_of
from infra.serving.tokens_invalid import TokensInvalid
from web.access import Grant, Role
from web.asking import TokensAway

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
"""Names stand in the log, so they are no one's text but the operator's."""

_ID = re.compile(r"[!-~]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
KEYS = ("name", "sha256", "role", "districts", "state", "schools", "expires")
_LOOK_SECONDS = 1.0

_log = structlog.get_logger()


def read_tokens(path: Path) -> tuple[Grant, ...]:
    """The grants of a file; whether they still hold is decided when they are used. Raises TokensInvalid."""
    try:
        if path.stat().st_mode & stat.S_IWOTH:
            raise TokensInvalid(
                f"the file {path} may be written by everybody on this machine, so anybody could make a "
                "token; take that right away (chmod o-w)"
            )
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise TokensInvalid(f"the file {path} cannot be read; ROLLCALL_API_TOKENS_FILE names it") from None
    try:
        return grants_in(text)
    except (TomlBroken, TokensInvalid) as error:
        raise TokensInvalid(f"the file {path} {error}") from None


def grants_in(text: str) -> tuple[Grant, ...]:
    """The grants of a text. Raises TomlBroken, TokensInvalid; both messages follow "the file NAME"."""
    table = table_of(text)
    if unknown := sorted(table.keys() - {"token"}):
        raise TokensInvalid(f"has {unknown[0]!r}, which it does not take; it has a [[token]] for each token")
    entries = table.get("token", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise TokensInvalid("writes token otherwise than as [[token]]")
    grants: list[Grant] = []
    for number, entry in enumerate(entries, start=1):
        grant = _grant(entry, number)
        for other in grants:
            if grant.name == other.name or grant.sha256 == other.sha256:
                raise TokensInvalid(f"has two tokens of one name or digest, {grant.name}; take one away")
        grants.append(grant)
    return tuple(grants)


def _grant(entry: dict[str, Any], number: int) -> Grant:
    name = entry.get("name")
    where = f"token {name}" if isinstance(name, str) and NAME.fullmatch(name) else f"token number {number}"

    def fault(key: str, what: str) -> TokensInvalid:
        return TokensInvalid(f"has at {where} {key}: {what}")

    for key in entry:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            raise fault("a key that it does not take", f"is {near[0]} meant?" if near else "take it away")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise fault("name", "takes up to 40 small letters, digits and -, the first one a letter")
    digest, role, expires = entry.get("sha256"), entry.get("role"), entry.get("expires")
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise fault("sha256", "takes the 64 digits that `rollcall token` has printed")
    if role not in tuple(Role):
        raise fault("role", "takes analyst or staff")
    if not isinstance(expires, date) or isinstance(expires, datetime):
        raise fault("expires", "takes the last day on which it holds, such as 2027-06-30, without quotes")
    state = entry.get("state", False)
    if not isinstance(state, bool):
        raise fault("state", "takes true or false")
    districts, schools = _ids(entry, "districts", fault), _ids(entry, "schools", fault)
    if state == bool(districts):
        raise fault("districts", "name at least one, or write state = true; not both, and not neither")
    if schools and (role != Role.STAFF or len(districts) != 1):
        raise fault("schools", "are for staff of one district; analysts see released numbers of all schools")
    return Grant(name, digest, Role(role), expires, districts, state, schools)


def _ids(entry: dict[str, Any], key: str, fault: Callable[[str, str], TokensInvalid]) -> tuple[str, ...]:
    given = entry.get(key, [])
    if not isinstance(given, list) or not all(
        isinstance(each, str) and _ID.fullmatch(each) for each in given
    ):
        raise fault(key, 'takes a list of ids as the records write them, such as ["0042"]')
    return tuple(given)


class TokensFile:
    """The grants of a file as it is now: a token that is taken out of it holds no more a second later."""

    def __init__(self, path: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Raises TokensInvalid, so that nothing starts with a file that cannot be used."""
        self._path = path
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked = monotonic()
        self._mark = self._mark_now()
        self._grants: tuple[Grant, ...] | None = read_tokens(path)

    def __call__(self) -> tuple[Grant, ...]:
        """The grants. Raises TokensAway where the file cannot be used any more: then nobody comes in."""
        with self._lock:
            now = self._monotonic()
            if now - self._looked >= _LOOK_SECONDS:
                self._looked = now
                mark = self._mark_now()
                # One that cannot be used is tried again each time.
                if mark != self._mark or self._grants is None:
                    self._mark = mark
                    self._read()
            if self._grants is None:
                raise TokensAway
            return self._grants

    def _read(self) -> None:
        try:
            self._grants = read_tokens(self._path)
            _log.info("tokens_read")
        except TokensInvalid:
            if self._grants is not None:
                _log.error("tokens_cannot_be_used", setting="ROLLCALL_API_TOKENS_FILE")
            self._grants = None

    def _mark_now(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except OSError:
            return ()
        return (found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode)
