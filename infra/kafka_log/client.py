"""A client of Kafka that is made when it is needed, and made anew once it has failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from kafka import errors  # type: ignore[import-untyped]  # it comes without types
from kafka.net.compat import KafkaNetClient  # type: ignore[import-untyped]  # it comes without types

from infra.kafka_log.errors import unavailable

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0


class _Closable(Protocol):
    def close(self) -> None: ...


C = TypeVar("C", bound=_Closable)
T = TypeVar("T")


class Client(Generic[C]):
    """Holds one client; `make` is given the seconds that connecting may take.

    A client that has failed is not used again: it may remember a broker that is no longer the one to ask.
    """

    def __init__(self, make: Callable[[float], C], servers: str, timeout: float) -> None:
        self._make = make
        self._servers = servers
        self._timeout = timeout
        self._held: C | None = None

    def call(self, do: Callable[[C], T], timeout: float | None = None) -> T:
        """What `do` returns; it is tried again until the time is over. Raises LogUnavailable."""
        deadline = time.monotonic() + (self._timeout if timeout is None else timeout)
        pause = FIRST_PAUSE
        while True:
            try:
                return self._try(do, deadline)
            except errors.KafkaError as error:
                if not error.retriable or time.monotonic() + pause > deadline:
                    raise unavailable(self._servers, error) from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def close(self) -> None:
        """Give the connections back; a later call makes new ones."""
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def _try(self, do: Callable[[C], T], deadline: float) -> T:
        try:
            if self._held is None:
                self._held = self._make(max(deadline - time.monotonic(), 1.0))
            return do(self._held)
        except BaseException:
            self.close()
            raise


def connected(kind: Callable[..., T], options: dict[str, Any], seconds: float, **more: Any) -> T:
    """A client of kafka-python. Where it cannot connect, the thread that it started by then is ended."""
    started: list[KafkaNetClient] = []

    def remembered(**configs: Any) -> KafkaNetClient:
        started.append(KafkaNetClient(**configs))
        return started[0]

    try:
        return kind(**options, **more, bootstrap_timeout_ms=int(seconds * 1000), kafka_client=remembered)
    except BaseException:
        for one in started:
            one.close()
        raise
