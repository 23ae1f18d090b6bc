"""An answer of rows that are few enough to be worked out at once, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from fastapi import Request, Response
from pydantic import BaseModel

from models.trends.scope import Scope
from web.answering import Said, answer
from web.asking import grant_of
from web.paging import digest_of, sliced
from web.parameters import OfDays, Paged
from web.ports import Trends
from web.routes.places import check_value, find, span, told_of
from web.rows import Where as Columns
from web.rows import where as columns

R = TypeVar("R", bound=BaseModel)
T = TypeVar("T")


def over_days(
    request: Request,
    trends: Trends,
    asked: OfDays,
    row_type: type[R],
    question: Callable[[Scope, date, date], Sequence[T]],
    row_of: Callable[[Columns, T], R],
) -> Response:
    """The rows of a question about a scope and some days, a page at a time. Raises Problem, OutOfReach."""
    where = find(grant_of(request), trends, asked, asked.last)
    first, last = span(asked, where)
    with told_of("first"):
        found = question(where.scope, first, last)
    if not found:
        check_value(trends, where)
    rows = [row_of(columns(where.scope), each) for each in found]
    return page_of(request, asked, row_type, rows, Said(last, data_through=where.through))


def page_of(request: Request, asked: Paged, row_type: type[R], every: Sequence[R], said: Said) -> Response:
    """The page that is asked for, and the cursor of the next one. Raises Problem."""
    digest = digest_of(request.url.path, request.query_params.multi_items())
    rows, cursor = sliced(every, digest, asked.cursor, asked.limit)
    return answer(request, asked.format, row_type, rows, said._replace(cursor=cursor))
