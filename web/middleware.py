"""Around every request: headers that keep an answer to who asked, one log line, and no traceback."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.paths import NO_ROUTE
from web.problems import Problem

_log = structlog.get_logger()

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Done = Callable[[int, float], None]
"""Is told the status and the seconds of each request."""


class Around:
    """Logs a request by its route's template, status, time and token, never by what was asked."""

    def __init__(
        self, app: ASGIApp, fault: Problem, done: Done, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._fault = fault
        self._done = done
        self._monotonic = monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = self._monotonic(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            # Its text may hold what was asked, so only places in the code are logged.
            _log.exception("request_failed", route=_route(scope))
            if not status:
                await self._fault.response()(scope, receive, sending)
        grant = scope.get("state", {}).get("grant")
        token = {} if grant is None else {"token": f"token:{grant.name}"}
        seconds = self._monotonic() - began
        self._done(status, seconds)
        ms = round(seconds * 1000)
        _log.info("request_done", route=_route(scope), status=status, ms=ms, **token)


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", NO_ROUTE)
