"""A route as it is declared: there is none without a permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fastapi import Response
from pydantic import BaseModel

from web.access import Permission


class Route(NamedTuple):
    """A GET: `endpoint` takes the request and its parameters; its docstring is the description."""

    path: str
    permission: Permission
    endpoint: Callable[..., Response]
    row: type[BaseModel]
    summary: str
