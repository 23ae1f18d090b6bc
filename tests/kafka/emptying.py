"""Emptying a broker between tests. Rollcall's topics have fixed names, so a test begins with none of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from kafka import KafkaAdminClient  # type: ignore[import-untyped]  # it comes without types
from kafka.admin import MemberToRemove  # type: ignore[import-untyped]  # it comes without types

# A broker with this topic is one of tests: everything on it may be deleted, at any time.
MARK = "rollcall-tests-may-delete-everything"
GONE_SECONDS = 30.0


def claim(address: str) -> None:
    """Mark a broker that was there before as one of tests. Raises RuntimeError where it holds anything."""
    with _administrator(address) as admin:
        topics = set(_topics(admin))
        if MARK in topics:
            return
        if topics:
            raise RuntimeError(
                f"ROLLCALL_TEST_KAFKA={address} names a broker that is in use, and the tests delete what is "
                f"on it; name an empty one, or create the topic {MARK} there"
            )
        admin.create_topics({MARK: {"num_partitions": 1, "replication_factor": 1}})


def empty(address: str) -> None:
    """Delete all topics and groups; groups with members too, for a worker that was killed never left."""
    with _administrator(address) as admin:
        _delete_topics(admin, [name for name in _topics(admin) if name != MARK])
        _delete_groups(admin, [group["group_id"] for group in admin.list_groups()])


@contextmanager
def _administrator(address: str) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(bootstrap_servers=address)
    try:
        yield admin
    finally:
        admin.close()


def _topics(admin: KafkaAdminClient) -> list[str]:
    return [name for name in admin.list_topics() if not name.startswith("__")]


def _delete_topics(admin: KafkaAdminClient, names: list[str]) -> None:
    if not names:
        return
    admin.delete_topics(names)
    deadline = time.monotonic() + GONE_SECONDS
    while left := set(names) & set(_topics(admin)):
        if time.monotonic() > deadline:
            raise RuntimeError(f"topics that do not go away: {sorted(left)}")
        time.sleep(0.01)


def _delete_groups(admin: KafkaAdminClient, names: list[str]) -> None:
    if not names:
        return
    for name, group in admin.describe_groups(names).items():
        members = [MemberToRemove(member_id=member["member_id"]) for member in group["members"]]
        if members:
            admin.remove_group_members(name, members)
    kept = {name: told for name, told in admin.delete_groups(names).items() if told != "OK"}
    if kept:
        raise RuntimeError(f"groups that cannot be deleted: {kept}")
