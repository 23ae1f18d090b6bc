"""The API in a thread of its own, with its own event loop: beside the worker, or alone."""

from __future__ import annotations

import socket
import threading

import structlog
import uvicorn

from infra.metrics import Metrics
from infra.running.parts import Failed
from infra.serving.application import application
from infra.serving.clients import Clients
from infra.serving.tokens_file import TokensFile
from infra.settings import Settings

_log = structlog.get_logger()

_BACKLOG = 128
_OPEN_AT_ONCE = 200
"""Connections beyond are told 503 at once, so that whoever opens many cannot take the memory."""


class WebThread(threading.Thread):
    """Serves until `end`. `failure` is what ended it otherwise, and sets `stop`."""

    def __init__(
        self, settings: Settings, metrics: Metrics, tokens: TokensFile, stop: threading.Event
    ) -> None:
        """Takes the address at once. Raises Failed where it cannot be had, and CodesInvalid."""
        super().__init__(name="web", daemon=True)
        self.failure: Exception | None = None
        self._settings = settings
        self._stop_event = stop
        self._clients = Clients(settings)
        app = application(settings, self._clients, tokens, metrics)
        self._socket = _listening(settings)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                # What is logged of a request is the application's own line; nothing prints its own.
                log_config=None,
                access_log=False,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                server_header=False,
                proxy_headers=False,
                limit_concurrency=_OPEN_AT_ONCE,
                timeout_keep_alive=15,
                timeout_graceful_shutdown=max(1, int(settings.shutdown_seconds / 2)),
            )
        )

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._socket.getsockname()[1])

    def run(self) -> None:
        """Serve."""
        _log.info("web_started", port=self.port)
        try:
            self._server.run(sockets=[self._socket])
            if not self._server.should_exit:
                raise RuntimeError("the server has ended by itself")
        except BaseException as error:
            _log.exception("web_failed")
            self.failure = error if isinstance(error, Exception) else Failed("the API could not be served")
            self._stop_event.set()
        finally:
            self._socket.close()
            self._clients.close()

    def end(self) -> None:
        """Let what is being answered be answered, and stop; returns when that is done."""
        self._server.should_exit = True
        self.join(self._settings.shutdown_seconds)


def _listening(settings: Settings) -> socket.socket:
    host, port = settings.web_host, settings.web_port
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Failed(
            f"the API cannot be served at {host}:{port} ({error.strerror}); set ROLLCALL_WEB_HOST and "
            "ROLLCALL_WEB_PORT to a free address"
        ) from error
