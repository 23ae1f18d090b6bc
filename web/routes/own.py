"""Of the token itself: what it is for, and the districts that it reaches."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from web import paths
from web.access import Permission
from web.answering import answer
from web.asking import grant_of
from web.parameters import Asked
from web.ports import Releases
from web.routes.route import Route
from web.rows import DistrictRow


class TokenRow(BaseModel):
    """What a token is for."""

    name: str
    role: str = Field(description="analyst: released numbers; staff: true counts")
    districts: str = Field(description="by blanks; blank: all")
    schools: str = Field(description="by blanks; blank: all of the district")
    expires: date = Field(description="the last day on which it holds, by UTC")


class Own:
    """Routes about who asks. Of the store they see only of which districts anything is released."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route(paths.TOKEN, Permission.TOKEN, self.token, TokenRow, "What this token is for"),
            Route(paths.DISTRICTS, Permission.TOKEN, self.districts, DistrictRow, "The token's districts"),
        ]

    def token(self, request: Request, asked: Annotated[Asked, Query()]) -> Response:
        """One row; not the token itself, which is kept nowhere."""
        grant = grant_of(request)
        row = TokenRow(
            name=grant.name,
            role=grant.role.value,
            districts=" ".join(grant.districts),
            schools=" ".join(grant.schools),
            expires=grant.expires,
        )
        return answer(request, asked.format, TokenRow, [row])

    def districts(self, request: Request, asked: Annotated[Asked, Query()]) -> Response:
        """Those that the token names; for a token of the whole state those of which anything is released."""
        grant = grant_of(request)
        found = self._releases.districts() if grant.state else sorted(grant.districts)
        rows = [DistrictRow(district_id=district) for district in found]
        return answer(request, asked.format, DistrictRow, rows)
