"""The application: every route with its permission, and every way in which a request may fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

from web import paths
from web.access import Permission
from web.answering import answered, answered_with_one
from web.asking import Asks, Door, Open
from web.body import described
from web.failures import fault, tell_failures
from web.middleware import Around, Done
from web.ports import Away, Releases, Trends
from web.problems import ProblemDetails, documented
from web.routes.absences import Absences
from web.routes.counts import TrueCounts
from web.routes.held import Held
from web.routes.judged import Judged
from web.routes.own import Own
from web.routes.patterns import Patterns
from web.routes.released import Released
from web.routes.route import Route
from web.routes.students import Students

DESCRIPTION = (
    "Attendance and chronic absence of Connecticut's districts, as Rollcall counts them. Every question "
    "needs a token. Answers are JSON, CSV or Parquet. See docs/api.md."
)


class Health(BaseModel):
    """That the process answers."""

    status: str


def _nobody(_: int, __: float) -> None:
    """Who is told of requests where nobody else is."""


def make_app(trends: Trends, releases: Releases, door: Door, version: str, done: Done = _nobody) -> FastAPI:
    """The application. Raises ValueError where a route has no permission."""
    app = FastAPI(
        title="Rollcall",
        version=version,
        description=DESCRIPTION,
        # No pages with scripts from other hosts; the description is docs/openapi.json.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    for route in [
        *Own(releases).routes(),
        *Held(trends).routes(),
        *TrueCounts(trends).routes(),
        *Absences(trends).routes(),
        *Patterns(trends).routes(),
        *Judged(trends).routes(),
        *Students(trends).routes(),
        *Released(releases).routes(),
    ]:
        _add(app, route, door)
    _health(app, trends)
    tell_failures(app)
    for each in api_routes(app):
        if permission_of(each) is None:
            raise ValueError(f"{each.path} says not who may ask")
    app.add_middleware(Around, fault=fault(), done=done)
    return app


def _add(app: FastAPI, route: Route, door: Door) -> None:
    problems = [400, 401, 403, 404, 406, 429, 503]
    app.add_api_route(
        route.path,
        route.endpoint,
        methods=[route.method],
        summary=route.summary,
        operation_id=route.path.removeprefix(f"{paths.API}/").replace("/", "_").replace("-", "_"),
        dependencies=[Depends(Asks(route.permission, door))],
        response_class=JSONResponse,
        response_model=None,
        responses=(answered if route.body is None else answered_with_one)(route.row, *problems),
        openapi_extra={
            "x-permission": route.permission.value,
            **({} if route.body is None else {"requestBody": described(route.body)}),
        },
    )


def _health(app: FastAPI, trends: Trends) -> None:
    def healthy() -> Health:
        """The process answers; the store is not asked."""
        return Health(status="healthy")

    def ready() -> Health:
        """The store answers, and has the tables that this version of Rollcall expects."""
        if not trends.ready():
            raise Away
        return Health(status="ready")

    for path, endpoint, problems in ((paths.HEALTHY, healthy, [400]), (paths.READY, ready, [400, 503])):
        app.add_api_route(
            path,
            endpoint,
            methods=["GET"],
            operation_id=endpoint.__name__,
            dependencies=[Depends(Open())],
            responses=documented(*problems),
            openapi_extra={"x-permission": Permission.PUBLIC.value},
        )


def api_routes(app: FastAPI) -> Iterator[APIRoute]:
    """Every route. Raises ValueError where one is of another kind, which no permission would guard."""
    for route in app.routes:
        if not isinstance(route, APIRoute):
            raise ValueError("a route that is none of ours")
        yield route


def permission_of(route: APIRoute) -> Permission | None:
    """Who may ask a route, as the dependency that guards it says; None where nothing guards it."""
    guards = [held.call for held in route.dependant.dependencies if isinstance(held.call, Asks | Open)]
    return guards[0].permission if len(guards) == 1 else None


def openapi(app: FastAPI) -> dict[str, Any]:
    """The description of the API, as docs/openapi.json has it."""
    found = app.openapi()
    schemas = found["components"]["schemas"]
    schemas |= ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}").pop("$defs")
    schemas["ProblemDetails"] = {
        name: held
        for name, held in ProblemDetails.model_json_schema(
            ref_template="#/components/schemas/{model}"
        ).items()
        if name != "$defs"
    }
    for path in found["paths"].values():
        for operation in path.values():
            # FastAPI's own answer to a parameter that cannot be used; ours is 400.
            operation["responses"].pop("422", None)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return found
