"""Before a route answers: who asks, whether they may, how often, and whether each parameter is given once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from web.access import Grant, Permission, allowed, holder
from web.problems import Problem, of_parameter
from web.rate import Rate

BEARER = HTTPBearer(
    auto_error=False, scheme_name="token", description="a token made by `rollcall token` (docs/api.md)"
)


class TokensAway(Exception):
    """The list of tokens cannot be read now, so nobody is let in."""


@dataclass(frozen=True, slots=True)
class Door:
    """What decides who comes in. `grants` are those of now, and may raise TokensAway."""

    grants: Callable[[], Sequence[Grant]]
    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    rate: Rate


class Asks:
    """A dependency that lets in whom a permission allows, and leaves the grant in `request.state.grant`."""

    def __init__(self, permission: Permission, door: Door) -> None:
        self.permission = permission
        self._door = door

    # In the event loop's thread, where the buckets are.
    async def __call__(
        self, request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
    ) -> None:
        """Raises Problem."""
        door = self._door
        token = "" if given is None else given.credentials
        grant = holder(door.grants(), token, door.now().astimezone(UTC).date())
        if grant is None:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "no_token",
                "send a token that holds, as `Authorization: Bearer rollcall_...`; whoever runs "
                "Rollcall makes one",
                headers={"WWW-Authenticate": "Bearer"},
            )
        request.state.grant = grant
        wait = door.rate.wait(grant.name, door.monotonic())
        if wait:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too_many_requests",
                f"this token asks too often; go on in {wait} s",
                headers={"Retry-After": str(wait)},
            )
        if not allowed(grant, self.permission):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "not_allowed",
                f"a token of the role {grant.role} may not ask this; analysts ask /api/v1/released/...",
            )
        once(request)


class Open:
    """A dependency that says of a route that everybody may use it."""

    permission = Permission.PUBLIC

    async def __call__(self, request: Request) -> None:
        """Raises Problem where a parameter is given: there is none."""
        for name in request.query_params:
            raise of_parameter(shown(name), "is no parameter of this; leave it out")


def once(request: Request) -> None:
    """Raises Problem where a parameter is given twice, of which only one would count."""
    seen = set()
    for name, _ in request.query_params.multi_items():
        if name in seen:
            raise of_parameter(shown(name), "is given twice; give it once")
        seen.add(name)


def shown(name: str) -> str:
    """The name of a parameter; blank where it is more than a name, because it is not repeated then."""
    return name if name.isascii() and name.replace("_", "").isalpha() and len(name) <= 20 else ""


def grant_of(request: Request) -> Grant:
    """Who asks."""
    grant: Grant = request.state.grant
    return grant
