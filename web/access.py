"""Who may ask what. One place decides, and whoever is not allowed by name is not allowed (ADR 25)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

PREFIX = "rollcall_"
"""What every token begins with, so that a scanner of repositories or mails can find one that got lost."""

TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
"""256 random bits."""


class Role(StrEnum):
    """What the holder of a token may see."""

    ANALYST = "analyst"
    STAFF = "staff"


class Permission(StrEnum):
    """What a route shows: nothing of students, who asks, released numbers, true counts, one student."""

    PUBLIC = "public"
    TOKEN = "token"
    RELEASED = "released"
    COUNTS = "counts"
    STUDENT = "student"


_ROLES = {
    Permission.TOKEN: frozenset({Role.ANALYST, Role.STAFF}),
    Permission.RELEASED: frozenset({Role.ANALYST, Role.STAFF}),
    Permission.COUNTS: frozenset({Role.STAFF}),
    Permission.STUDENT: frozenset({Role.STAFF}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows: to a role, of some districts or of all (`state`), of these only some schools.

    `sha256` is the lower-case hex digest of the token, which is kept nowhere. `expires` is the last day on
    which it holds, by UTC.
    """

    name: str
    sha256: str
    role: Role
    expires: date
    districts: tuple[str, ...] = ()
    state: bool = False
    schools: tuple[str, ...] = ()


class OutOfReach(Exception):
    """A token that does not reach what was asked; told as if there were no such thing."""


def fingerprint(token: str) -> str:
    """The digest by which a token is known. No salt and no slow hash: a token is 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def holder(grants: Iterable[Grant], token: str, today: date) -> Grant | None:
    """The grant of a token that holds today; None of an unknown, an expired or a malformed one.

    Every grant is compared, each in constant time, so that the time tells nothing of which one was near.
    """
    formed = TOKEN.fullmatch(token) is not None
    digest = fingerprint(token if formed else "")
    found = None
    for grant in grants:
        if hmac.compare_digest(grant.sha256, digest):
            found = grant
    return found if formed and found is not None and today <= found.expires else None


def allowed(grant: Grant, permission: Permission) -> bool:
    """Whether a role may use a route at all; of a permission that nobody is named for, nobody."""
    return grant.role in _ROLES.get(permission, frozenset())


def reach_district(grant: Grant, district: str) -> None:
    """Raises OutOfReach where a token is not for a district, whether there is such a district or not."""
    if not grant.state and district not in grant.districts:
        raise OutOfReach


def reach(grant: Grant, district: str, school: str, breakdown: str = "") -> tuple[str, ...]:
    """The schools to which an answer about a place is to be narrowed; none: it is not to be narrowed.

    A blank district is the state. A token of some schools reaches these one by one, or broken down by
    school. Raises OutOfReach.
    """
    if not district and not grant.state:
        raise OutOfReach
    if district:
        reach_district(grant, district)
    if not grant.schools:
        return ()
    if school in grant.schools:
        return ()
    if not school and breakdown == "school":
        return grant.schools
    raise OutOfReach
