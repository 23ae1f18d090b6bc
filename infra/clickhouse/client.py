"""A client of the analytics store that the settings name: chDB in this process, or a ClickHouse server."""

from __future__ import annotations

import fcntl
import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, Error
from urllib3.exceptions import HTTPError

from infra.clickhouse.unavailable import StoreAway, StoreUnavailable
from infra.settings import Settings

# A history comes in any order of months, and FINAL need not look across them: a fact stays in its month.
# Replicated tables would otherwise leave out a block that equals an earlier one, though a row in between
# replaced it.
SETTINGS = {
    "max_partitions_per_insert_block": 0,
    "do_not_merge_across_partitions_select_final": 1,
    "insert_deduplicate": 0,
}

# They would warn at every try of an hour; the sink says it once a minute.
for _library in ("urllib3.connectionpool", "clickhouse_connect.driver._backend.http_sync"):
    logging.getLogger(_library).setLevel(logging.ERROR)

_AUTHENTICATION_FAILED = 516
# What an administrator can mend, by the number of ClickHouse's error.
_REMEDIES = {
    164: "its user or a setting lets nothing be written; give it the role of a writer",
    241: "it has too little memory; give it more, or end what else runs there",
    242: "its tables cannot be written now; see why its log says so",
    243: "its disk is full; make room",
    497: "its user lacks a right; `rollcall migrate --roles` says which ones are needed",
    774: "a table is set to be read only; set table_readonly back",
}
# What cannot be had from the store: its own errors, and a connection that broke while an answer was read.
FAILURES = (ClickHouseError, HTTPError, OSError)


def open_client(settings: Settings) -> Client:
    """A client for one thread, without a database yet (infra.clickhouse.migrate). Raises StoreUnavailable."""
    path = settings.chdb_path
    try:
        if path is not None:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return clickhouse_connect.get_client(**client_options(settings))
    except FAILURES as error:
        # Its cause is not shown: the texts of ClickHouse and of the client may quote what they were sent.
        raise unavailable(settings, error, why_not_opened(settings, error)) from None


def client_options(settings: Settings) -> dict[str, Any]:
    """What `clickhouse_connect.get_client` is given."""
    path = settings.chdb_path
    if path is not None:
        return {"interface": "chdb", "path": str(path), "settings": SETTINGS}
    url = urlsplit(settings.clickhouse)
    password = settings.clickhouse_password
    return {
        "interface": url.scheme,
        "host": url.hostname,
        "port": url.port,
        "username": settings.clickhouse_user,
        "password": "" if password is None else password.get_secret_value(),
        "settings": SETTINGS,
        # Temporary tables live in a session.
        "autogenerate_session_id": True,
        # What a question is about may be a student's id, which may stand in no address: servers log these.
        "form_encode_query_params": True,
        "connect_timeout": 10,
        "send_receive_timeout": 300,
    }


def unavailable(settings: Settings, error: Exception, why: str = "") -> StoreUnavailable:
    """The error as one of ours, without its text."""
    code = error.code if isinstance(error, Error) and error.code else None
    # chDB has no other side that could be away.
    away = code is None and settings.chdb_path is None
    return (StoreAway if away else StoreUnavailable)(why or why_unavailable(settings, error), code)


def why_not_opened(settings: Settings, error: Exception) -> str:
    """Why the store could not be opened and what to do, without the error's own text."""
    path = settings.chdb_path
    if path is not None and _in_use(path):
        return (
            f"the analytics store {path} is in use by another process, and chDB lets in only one; end the "
            "other `rollcall run` or `rollcall sink`, or set ROLLCALL_CLICKHOUSE to a server (exports do not "
            "need the store)"
        )
    return why_unavailable(settings, error)


def why_unavailable(settings: Settings, error: Exception) -> str:
    """What is wrong with a store that was open and what to do, without the error's own text."""
    path = settings.chdb_path
    if path is None:
        return _of_server(settings, error)
    code = f" (ClickHouse's error {error.code})" if isinstance(error, Error) and error.code else ""
    return (
        f"the analytics store {path} cannot be used{code}; see that this user may write there and that "
        "the disk is not full, and if the folder is damaged, put back its backup"
    )


def _of_server(settings: Settings, error: Exception) -> str:
    if isinstance(error, Error) and error.code == _AUTHENTICATION_FAILED:
        return (
            f"the ClickHouse server at {settings.clickhouse} refuses the user {settings.clickhouse_user}; "
            "correct ROLLCALL_CLICKHOUSE_USER or ROLLCALL_CLICKHOUSE_PASSWORD_FILE"
        )
    if isinstance(error, Error) and error.code is not None:
        remedy = _REMEDIES.get(error.code, "its own log says more")
        return f"the ClickHouse server at {settings.clickhouse} answers with its error {error.code}; {remedy}"
    return (
        f"the ClickHouse server at {settings.clickhouse} does not answer; see that it runs and that "
        "ROLLCALL_CLICKHOUSE names it"
    )


def _in_use(path: Path) -> bool:
    """Whether some process, this one included, has the folder open: ClickHouse locks this file meanwhile.

    chDB itself says only BAD_ARGUMENTS.
    """
    try:
        with (path / "status").open("rb") as status:
            fcntl.flock(status, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
