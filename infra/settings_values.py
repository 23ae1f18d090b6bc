"""What the text of a setting may be: addresses, secret files and the names of variables (docs/operate.md)."""

from __future__ import annotations

import difflib
import re
import socket
from collections.abc import Collection, Iterable
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

PREFIX = "ROLLCALL_"
TEST_PREFIX = "ROLLCALL_TEST_"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_SERVER = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(?P<port>[0-9]{1,5})")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")


def variable(field: str) -> str:
    """`metrics_port` -> `ROLLCALL_METRICS_PORT`."""
    return PREFIX + field.upper()


def unknown_names(given: Iterable[str], fields: Collection[str]) -> list[str]:
    """A sentence for each ROLLCALL_ variable of `given` that is no setting, with the nearest that is one.

    ROLLCALL_TEST_ variables belong to the tests and are left alone.
    """
    known = sorted(field.upper() for field in fields)
    told = []
    for name in sorted({name.upper() for name in given}):
        rest = name.removeprefix(PREFIX)
        if not name.startswith(PREFIX) or name.startswith(TEST_PREFIX) or rest in known:
            continue
        near = difflib.get_close_matches(rest, known, n=1)
        told.append(
            f"{name} is no setting" + (f"; is {PREFIX}{near[0]} meant?" if near else "; take it away")
        )
    return told


def local_url(scheme: str, path: Path) -> str:
    """`sqlite:///PATH` or `chdb:///PATH` of an absolute path."""
    return f"{scheme}://{quote(str(path))}"


def local_path(url: str, scheme: str) -> Path | None:
    """The path of `local_url`; None where the URL is of another scheme."""
    parts = urlsplit(url)
    return Path("/" + unquote(parts.path).lstrip("/")) if parts.scheme == scheme else None


def servers(url: str) -> tuple[str, ...]:
    """HOST:PORT of each server that `kafka://HOST:PORT,HOST:PORT` names; empty with another scheme."""
    parts = urlsplit(url)
    return tuple(parts.netloc.split(",")) if parts.scheme == "kafka" else ()


def on_this_machine(server: str) -> bool:
    """Whether HOST:PORT is a loopback address."""
    match = _SERVER.fullmatch(server)
    return match is not None and match["host"].strip("[]").lower() in LOOPBACK


def checked_url(url: str, local: str, remote: Collection[str]) -> str:
    """The URL as given. Raises ValueError, without the value, where it names nothing or holds a password."""
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("takes no user, password or query; they have settings of their own")
    if parts.scheme == local:
        if parts.netloc or not parts.path.strip("/"):
            raise ValueError(f"takes three slashes and an absolute path, as {local}:///srv/rollcall/{local}")
    elif parts.scheme not in remote or not _names_servers(parts):
        wanted = " or ".join([f"{local}:///PATH", *(f"{scheme}://HOST:PORT" for scheme in sorted(remote))])
        raise ValueError(f"takes {wanted}")
    return url


def _names_servers(parts: SplitResult) -> bool:
    if parts.path.strip("/"):
        return False
    found = [_SERVER.fullmatch(server) for server in parts.netloc.split(",")]
    if parts.scheme != "kafka" and len(found) > 1:
        return False
    return all(match is not None and 0 < int(match["port"]) < 65536 for match in found)


def secret_in(file: Path, name: str) -> str:
    """The secret that a file holds, without its line end. Raises ValueError that names the variable only."""
    try:
        secret = file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{name} names a file that cannot be read") from None
    if not secret or "\n" in secret:
        raise ValueError(f"{name} names a file that does not hold one line")
    return secret


def machine_name() -> str:
    """The name of this machine in the characters that a worker_id takes."""
    return _NOT_IN_A_NAME.sub("-", socket.gethostname())[:64] or "worker"
