"""The roles of people and processes at a ClickHouse server, as SQL for whoever administers it.

Rollcall makes no users and no roles itself: who may make users could make one of every right. chDB has
neither users nor roles; there whoever may read the folder may read everything.
"""

from __future__ import annotations

AUDIT_TABLE = "audit_events"
"""Where views of students are written down. The role that writes it may do nothing else."""
REPORTING_PREFIX = "reporting_"
"""Views whose names begin so hold no cell that could tell of one student; analysts read only them."""


def roles(database: str, cluster: str = "") -> str:
    """The statements, each ended by a semicolon. They may be repeated."""
    on = f" ON CLUSTER '{cluster}'" if cluster else ""
    every = {
        f"{database}_migrator": [
            f"CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, ALTER TABLE, ALTER VIEW, "
            f"SELECT, INSERT, TRUNCATE ON {database}.*",
            *(["CLUSTER ON *.*"] if cluster else []),
        ],
        # It writes into what the migrator has made.
        f"{database}_writer": [f"SELECT, INSERT ON {database}.*", "CREATE TEMPORARY TABLE ON *.*"],
        f"{database}_application": [f"SELECT ON {database}.*"],
        f"{database}_analyst": [f"SELECT ON {database}.{REPORTING_PREFIX}*"],
        f"{database}_audit_writer": [f"INSERT ON {database}.{AUDIT_TABLE}"],
    }
    lines = []
    for name, grants in every.items():
        lines.append(f"CREATE ROLE IF NOT EXISTS {name}{on}{_SETTINGS.get(name.removeprefix(database), '')};")
        lines += [f"GRANT{on} {grant} TO {name};" for grant in grants]
    # Who may read which student was looked at by whom is a question of its own.
    for name in (f"{database}_writer", f"{database}_application"):
        lines.append(f"REVOKE{on} ALL ON {database}.{AUDIT_TABLE} FROM {name};")
    return "\n".join(lines)


# What a role may not set to something else in its own session.
_SETTINGS = {
    "_application": " SETTINGS readonly = 2 READONLY",
    # Grafana's plugin says with each query how long it may take; without leave to it every panel fails.
    "_analyst": " SETTINGS readonly = 1 READONLY, max_execution_time = 60 MAX 60 CHANGEABLE_IN_READONLY",
}
