"""A route as it is declared: there is none without a permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from fastapi import Response
from pydantic import BaseModel

from web.access import Permission


class Route(NamedTuple):
    """`endpoint` takes the request and its parameters; its docstring is the description.

    A GET answers with rows, `row` each. A question that may not stand in an address is a POST: it stands in
    the `body`, and the answer is one object, `row`.
    """

    path: str
    permission: Permission
    endpoint: Callable[..., Response]
    row: type[BaseModel]
    summary: str
    body: type[BaseModel] | None = None

    @property
    def method(self) -> Literal["GET", "POST"]:
        """How it is asked."""
        return "GET" if self.body is None else "POST"
