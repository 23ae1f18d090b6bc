"""Logs: one line an event on standard error, as JSON or for a person to read, with no record in it.

Everything that a process says goes through here: our own lines (structlog), those of the libraries and the
warnings (the standard library's logging), and exceptions that nobody caught. What may be in a line is decided
in `log_fields`, `log_exceptions` and `log_libraries`.

For the composition root: give Faust's worker `override_logging=False` and `redirect_stdouts=False`, and typer
`pretty_exceptions_enable=False`; each would put handlers of its own in the place of these.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

import structlog

from infra.log_exceptions import told
from infra.log_fields import allowed
from infra.log_libraries import LibraryHandler

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
Format = Literal["json", "console"]


def configure(
    level: Level = "INFO", fmt: Format = "json", *, worker_id: str = "", stream: TextIO | None = None
) -> None:
    """Send all logs of this process to `stream` (standard error), from `level` on.

    `worker_id`, a setting, is put into each line. May be called again; the last call holds. The libraries'
    lines begin at WARNING, with DEBUG at INFO: each start and stop is some dozen of them.
    """
    target = sys.stderr if stream is None else stream
    render = _json if fmt == "json" else _console

    def finish(line: dict[str, Any]) -> str:
        head = {"timestamp": datetime.now(UTC).isoformat(timespec="milliseconds")}
        return render({**head, **({"worker_id": worker_id} if worker_id else {}), **line})

    def ours(_: object, method: str, event: MutableMapping[str, Any]) -> str:
        error = _raised(event.pop("exc_info", None))
        line = {"level": "error" if method == "exception" else method, **allowed(event)}
        return finish(line if error is None else {**line, "exception": told(error)})

    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, ours],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(file=target),
        cache_logger_on_first_use=False,
    )
    write = structlog.WriteLogger(file=target).info
    _route_libraries(LibraryHandler(lambda line: write(finish(line))), getattr(logging, level))
    _route_uncaught()


def _route_libraries(handler: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO if level <= logging.DEBUG else max(level, logging.WARNING))
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers = []
            logger.propagate = True
    logging.captureWarnings(True)


def _route_uncaught() -> None:
    log = structlog.get_logger()

    def of_process(kind: type[BaseException], error: BaseException, *_: object) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("uncaught_exception", exc_info=error)

    def of_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            log.critical("uncaught_exception_in_thread", exc_info=args.exc_value)

    def of_nobody(args: Any) -> None:
        log.error("exception_that_could_not_be_raised", exc_info=args.exc_value)

    sys.excepthook = of_process
    threading.excepthook = of_thread
    sys.unraisablehook = of_nobody


def _raised(exc_info: object) -> BaseException | None:
    """The exception that `exc_info=` means: itself, a triple, or True for the one in hand."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return next((part for part in exc_info if isinstance(part, BaseException)), None)
    return sys.exception() if exc_info else None


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line, separators=(",", ":"))


def _console(line: dict[str, Any]) -> str:
    rest = dict(line)
    head = f"{rest.pop('timestamp')} {rest.pop('level'):<8} {rest.pop('event')}"
    errors = rest.pop("exception", [])
    fields = [f"{key}={json.dumps(value) if key == 'text' else value}" for key, value in rest.items()]
    below = [
        part
        for error in errors
        for part in (
            f"  {error['type']} {error.get('detail', '')}".rstrip(),
            *(f"    {at}" for at in error["at"]),
        )
    ]
    return "\n".join([" ".join([head, *fields]), *below])
