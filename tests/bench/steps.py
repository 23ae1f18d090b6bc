"""Where a worker's computing time goes: its functions wrapped, each counted without those within it."""

from __future__ import annotations

import inspect
import time
import types
from collections.abc import Callable, Coroutine, Generator
from functools import wraps
from typing import Any

import alerts.engine
import models.ledger.district
import streams.effects
import streams.processor
import streams.table

TAKE = "read and check the message"
LEDGER = "put the records into the ledger"
RULES = "gates and folds of the rules"
ENCODE = "encode the state"
MESSAGES = "make facts and alerts messages"
PUBLISH = "hand facts, alerts and state to the producer"
REST = "fetch, send, acknowledge (Faust, client, event loop, metrics)"

_PLACES: tuple[tuple[str, Any, str], ...] = (
    (TAKE, streams.processor, "judge"),
    (LEDGER, models.ledger.district.Ledger, "put"),
    (RULES, alerts.engine.Engine, "apply"),
    (ENCODE, alerts.engine.Engine, "writes"),
    (MESSAGES, streams.processor, "facts_of"),
    (MESSAGES, streams.processor, "facts_messages"),
    (MESSAGES, streams.processor, "events_of"),
    (MESSAGES, streams.processor, "events_messages"),
    (PUBLISH, streams.effects.Effects, "publish"),
    (PUBLISH, streams.table.StateStore, "put"),
)


class Steps:
    """The seconds of computing of each step, of the thread that it runs in."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._kept: dict[str, float] = {}
        self._inner: list[float] = []

    def install(self) -> None:
        """Wrap the worker's functions."""
        for step, place, name in _PLACES:
            function = getattr(place, name)
            if inspect.iscoroutinefunction(function):
                wrapped = self._of_coroutine(step, function)
            elif inspect.isgeneratorfunction(function):
                wrapped = self._of_generator(step, function)
            else:
                wrapped = self._of_function(step, function)
            setattr(place, name, wrapped)

    def settle(self, counts: bool) -> None:
        """Keep what has been added since the last call, or forget it."""
        if counts:
            self._kept = dict(self.seconds)
        else:
            self.seconds = dict(self._kept)

    def _timed(self, step: str, do: Callable[[], Any]) -> Any:
        self._inner.append(0.0)
        began = time.thread_time()
        try:
            return do()
        finally:
            took = time.thread_time() - began
            self.seconds[step] = self.seconds.get(step, 0.0) + took - self._inner.pop()
            if self._inner:
                self._inner[-1] += took

    def _of_function(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return self._timed(step, lambda: function(*args, **kwargs))

        return wrapped

    def _of_generator(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return self._timed(step, lambda: list(function(*args, **kwargs)))

        return wrapped

    def _of_coroutine(
        self, step: str, function: Callable[..., Coroutine[Any, Any, Any]]
    ) -> Callable[..., Any]:
        @types.coroutine
        def run(inner: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
            resume: Callable[[], Any] = lambda: inner.send(None)  # noqa: E731  # it is put in place of another
            while True:
                try:
                    waited_for = self._timed(step, resume)
                except StopIteration as done:
                    return done.value
                try:
                    yield waited_for
                except BaseException as error:
                    resume = _throwing(inner, error)
                else:
                    resume = lambda: inner.send(None)  # noqa: E731  # as above

        @wraps(function)
        async def wrapped(*args: Any, **kwargs: Any) -> Any:
            return await run(function(*args, **kwargs))

        return wrapped


def _throwing(inner: Coroutine[Any, Any, Any], error: BaseException) -> Callable[[], Any]:
    return lambda: inner.throw(error)
