"""Logs: a canary that stands for a student's record passes through every way to a log, and is in none."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
import structlog
from pydantic import BaseModel, ValidationError

from infra.log_fields import FIELDS
from infra.log_libraries import LibraryHandler
from infra.logging import configure
from streams.event_log import LogUnavailable

ROOT = Path(__file__).parents[2]

# Put together at run time: a constant of the code is what a library's line is known by.
CANARY = "-".join(["CANARY", "NAME", "7f3a"])
RECORD = {"student_id": CANARY, "first_name": CANARY, "date": "2021-09-01", CANARY: CANARY}


@pytest.fixture
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


class Output(io.StringIO):
    def last(self) -> dict[str, Any]:
        line = json.loads(self.getvalue().splitlines()[-1])
        assert isinstance(line, dict)
        return line


@pytest.fixture(params=["json", "console"])
def output(request: pytest.FixtureRequest, _logging_as_it_was: None) -> Output:
    """Logs of either form from DEBUG on."""
    stream = Output()
    configure("DEBUG", request.param, stream=stream)
    return stream


@pytest.fixture
def lines(_logging_as_it_was: None) -> Output:
    """Logs as JSON from INFO on."""
    stream = Output()
    configure("INFO", "json", worker_id="one", stream=stream)
    return stream


class Model(BaseModel):
    absent_fraction: float
    grade: Literal["PK", "K"]


def _invalid() -> ValidationError:
    try:
        Model.model_validate({"absent_fraction": CANARY, "grade": CANARY})
    except ValidationError as error:
        return error
    raise AssertionError


def _in_fields() -> None:
    structlog.get_logger().info("record_refused", **RECORD, record=RECORD, value=CANARY, reason="bad_date")


def _in_fields_that_are_allowed() -> None:
    structlog.get_logger().info("record_refused", **dict.fromkeys(FIELDS, CANARY))
    structlog.get_logger().info("record_refused", **dict.fromkeys(FIELDS, RECORD))


def _in_the_event() -> None:
    structlog.get_logger().info(f"refused {CANARY}")
    structlog.get_logger().info("refused %s", CANARY)
    structlog.get_logger().info(CANARY)


def _bound_and_in_the_context() -> None:
    with structlog.contextvars.bound_contextvars(name=CANARY):
        structlog.get_logger().bind(student=CANARY).warning("record_refused", records=1)


def _in_an_exception() -> None:
    value = CANARY
    try:
        try:
            raise KeyError(value)
        except KeyError as error:
            error.add_note(CANARY)
            raise ValueError(f"no such student: {value}") from error
    except ValueError as error:
        structlog.get_logger().exception("message_failed")
        structlog.get_logger().error("message_failed", exc_info=error)
        structlog.get_logger().error("message_failed", exc_info=sys.exc_info(), stack_info=True)
        logging.getLogger("faust").exception("Agent %r raised: %s", value, error)


def _in_a_validation_error() -> None:
    structlog.get_logger().error("message_failed", exc_info=_invalid())
    structlog.get_logger().error("message_failed", exc_info=ExceptionGroup(CANARY, [_invalid()]))
    logging.getLogger("faust").error("failed", exc_info=_invalid())


def _in_arguments_of_a_library() -> None:
    for name in ("faust", "mode", "aiokafka.consumer", "kafka.producer", CANARY):
        logging.getLogger(name).warning("got %r", RECORD)
        logging.getLogger(name).warning("got %(student_id)s", RECORD)


def _in_a_line_of_a_library_put_together_first() -> None:
    logging.getLogger("faust").error(f"cannot decode {RECORD!r}")
    logging.getLogger("faust").error(CANARY)
    logging.getLogger("faust").error(RECORD)
    logging.getLogger("mode").error(f"[^---Agent {CANARY}]: Starting...")
    logging.getLogger("faust").error("extra", extra={"record": CANARY})


def _in_a_template_that_does_not_fit() -> None:
    root = logging.getLogger()
    root.handlers = [
        handler for handler in root.handlers if isinstance(handler, LibraryHandler)
    ]  # not pytest's
    logging.getLogger("faust").error("two %s %s", CANARY)


def _uncaught() -> None:
    error = ValueError(CANARY)
    sys.excepthook(ValueError, error, None)


def _uncaught_in_a_thread() -> None:
    def fail() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=fail, name=CANARY)
    thread.start()
    thread.join()


def _not_to_be_raised() -> None:
    raised = types.SimpleNamespace(
        exc_type=ValueError, exc_value=ValueError(CANARY), exc_traceback=None, err_msg=CANARY, object=RECORD
    )
    sys.unraisablehook(raised)


PATHS: list[Callable[[], None]] = [
    _in_fields,
    _in_fields_that_are_allowed,
    _in_the_event,
    _bound_and_in_the_context,
    _in_an_exception,
    _in_a_validation_error,
    _in_arguments_of_a_library,
    _in_a_line_of_a_library_put_together_first,
    _in_a_template_that_does_not_fit,
    _uncaught,
    _uncaught_in_a_thread,
    _not_to_be_raised,
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__.strip("_"))
def test_a_record_is_in_no_log(
    output: Output, capfd: pytest.CaptureFixture[str], path: Callable[[], None]
) -> None:
    path()
    written = output.getvalue()
    elsewhere = capfd.readouterr()
    assert written, "the path wrote nothing, so it shows nothing"
    assert "CANARY" not in written
    assert "CANARY" not in elsewhere.out + elsewhere.err


def test_what_may_be_said_is_said(lines: Output) -> None:
    structlog.get_logger().info("message_done", topic="alerts.v1", offset=7, rule="tier_2", seconds=0.5)
    line = lines.last()
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "worker_id": "one",
        "level": "info",
        "event": "message_done",
        "topic": "alerts.v1",
        "offset": 7,
        "rule": "tier_2",
        "seconds": 0.5,
    }


def test_what_is_withheld_is_counted(lines: Output) -> None:
    structlog.get_logger().info(
        "record_refused", student_id=CANARY, offset="7", reason="bad_date", lag=float("nan")
    )
    line = lines.last()
    assert (line["event"], line["reason"], line["withheld"]) == ("record_refused", "bad_date", 3)
    structlog.get_logger().info("Record refused")
    assert (lines.last()["event"], lines.last()["withheld"]) == ("event_withheld", 1)


def test_an_exception_tells_types_places_and_kinds_of_fault(lines: Output) -> None:
    try:
        try:
            Model.model_validate({"absent_fraction": CANARY})
        except ValidationError as error:
            raise RuntimeError(CANARY) from error
    except RuntimeError:
        structlog.get_logger().exception("message_failed")
    outer, inner = lines.last()["exception"]
    assert outer["type"] == "RuntimeError"
    assert outer["at"][-1].startswith("unit/test_logging.py:")
    assert outer["at"][-1].endswith(" test_an_exception_tells_types_places_and_kinds_of_fault")
    assert "detail" not in outer
    assert (inner["type"], inner["detail"]) == (
        "pydantic_core._pydantic_core.ValidationError",
        "float_parsing, missing",
    )


def test_a_fault_of_the_machine_says_which(lines: Output) -> None:
    structlog.get_logger().error("log_failed", exc_info=OSError(28, CANARY, CANARY))
    assert lines.last()["exception"][0]["detail"] == "ENOSPC"
    structlog.get_logger().error("log_failed", exc_info=LogUnavailable("the disk is full; free some"))
    assert lines.last()["exception"][0]["detail"] == "the disk is full; free some"


def test_a_chain_of_exceptions_without_end_ends(lines: Output) -> None:
    one, other = ValueError(), TypeError()
    one.__cause__, other.__cause__ = other, one
    structlog.get_logger().error("message_failed", exc_info=one)
    assert [error["type"] for error in lines.last()["exception"]] == ["ValueError", "TypeError"]


def test_a_library_tells_its_template_and_name_only(lines: Output) -> None:
    logging.getLogger("aiokafka.consumer").warning("Fetch of %s failed: %r", CANARY, ValueError(CANARY))
    line = lines.last()
    assert (line["event"], line["logger"], line["level"]) == ("library_line", "aiokafka.consumer", "warning")
    assert line["text"] == "Fetch of %s failed: %r"
    label = "[^---Fetcher]: "
    logging.getLogger("mode").warning(label + "Starting...")
    assert lines.last()["text"] == "Starting..."


def test_a_handler_that_a_library_brought_is_taken_away(_logging_as_it_was: None) -> None:
    own = io.StringIO()
    logger = logging.getLogger("a.library.of.its.own")
    logger.addHandler(logging.StreamHandler(own))
    logger.propagate = False
    stream = Output()
    configure(stream=stream)
    logger.warning("got %s", CANARY)
    assert own.getvalue() == ""
    assert stream.last()["text"] == "got %s"


def test_the_level_holds_for_ours_and_for_libraries(_logging_as_it_was: None) -> None:
    stream = Output()
    configure("WARNING", stream=stream)
    structlog.get_logger().info("message_done")
    logging.getLogger("faust").info("started")
    assert stream.getvalue() == ""
    configure("DEBUG", stream=stream)
    structlog.get_logger().debug("message_done")
    logging.getLogger("faust").debug("fetched")
    assert len(stream.getvalue().splitlines()) == 1


def test_a_person_reads_one_line_and_the_exception_below_it(_logging_as_it_was: None) -> None:
    stream = Output()
    configure("INFO", "console", stream=stream)
    structlog.get_logger().error("log_failed", attempt=2, exc_info=OSError(28, CANARY))
    first, second = stream.getvalue().splitlines()
    assert first.endswith("error    log_failed attempt=2")
    assert second == "  OSError ENOSPC"


def test_a_line_that_cannot_be_written_is_not_printed_elsewhere(capfd: pytest.CaptureFixture[str]) -> None:
    def broken(line: object) -> None:
        raise BrokenPipeError

    logger = logging.Logger("alone")
    logger.addHandler(LibraryHandler(broken))
    logger.error("got %s", CANARY)
    assert capfd.readouterr() == ("", "")


PROCESS = """
import asyncio, gc, sys, threading, warnings
from infra.logging import configure
configure()
canary = sys.stdin.read()

class Unraisable:
    def __del__(self):
        raise ValueError(canary)

async def never_awaited():
    task = asyncio.get_running_loop().create_task(fail())
    await asyncio.sleep(0)

async def fail():
    raise ValueError(canary)

warnings.warn("unexpected value " + canary)
Unraisable()
thread = threading.Thread(target=asyncio.run, args=(fail(),), name=canary)
thread.start()
thread.join()
asyncio.run(never_awaited())
gc.collect()
raise KeyError(canary)
"""


def test_a_process_that_fails_in_every_way_shows_no_record() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROCESS],
        input=CANARY,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "CANARY" not in ended.stderr
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [(line["event"], line.get("logger")) for line in lines] == [
        ("library_line", "py.warnings"),
        ("exception_that_could_not_be_raised", None),
        ("uncaught_exception_in_thread", None),
        ("library_line", "asyncio"),
        ("uncaught_exception", None),
    ]
