"""The SQL of tables as it is sent: on one node as it is written, on a cluster replicated and ON CLUSTER.

The statements are written for one node, chDB included. A cluster is one shard of replicas: each holds
everything, and what is written to one of them reaches the others.
"""

from __future__ import annotations

import re

# Of a statement that makes, changes, empties or removes a table or view: all up to and with its name. A
# temporary table lives in a session, which is one node's.
_DEFINES = re.compile(
    r"^(?P<head>(?:CREATE\s+(?:TABLE|VIEW)|DROP\s+(?:TABLE|VIEW)|(?:ALTER|TRUNCATE)\s+TABLE)"
    r"(?:\s+IF\s+(?:NOT\s+)?EXISTS)?\s+[a-z_]+)",
)
_ENGINE = re.compile(r"\bENGINE = (?=(?:\w*MergeTree)\b)")


def rendered(statement: str, cluster: str = "") -> str:
    """The statement for a cluster; as it is where there is none (blank).

    Replicas find each other by the default path of the server, so that its macros `shard` and `replica` must
    be set.
    """
    if not cluster:
        return statement
    comments, code = _split(statement)
    placed = _DEFINES.sub(rf"\g<head> ON CLUSTER '{cluster}'", code)
    return comments + _ENGINE.sub("ENGINE = Replicated", placed)


def database(name: str, cluster: str = "") -> str:
    """The statement that makes the database."""
    # The name is checked by the settings. Another engine knows neither EXCHANGE nor refreshable views.
    where = f" ON CLUSTER '{cluster}'" if cluster else ""
    return f"CREATE DATABASE IF NOT EXISTS {name}{where} ENGINE = Atomic"


def without_comments(statement: str) -> str:
    """The statement alone, without the lines of comments before it."""
    return _split(statement)[1]


def _split(statement: str) -> tuple[str, str]:
    lines = statement.splitlines(keepends=True)
    first = next(
        (n for n, line in enumerate(lines) if line.strip() and not line.startswith("--")), len(lines)
    )
    return "".join(lines[:first]), "".join(lines[first:])
