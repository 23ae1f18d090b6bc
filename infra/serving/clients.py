"""Clients of the store for many threads: each is used by one at a time, and none after it failed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.clickhouse.client import open_client
from infra.clickhouse.unavailable import StoreUnavailable
from infra.settings import Settings
from web.ports import Away

MOST = 4
"""So many questions are answered at once: as many as do not take all of a small machine from the worker."""

WAIT_SECONDS = 10.0
QUESTION_SECONDS = 20
"""A question that takes longer is given up by the store; whoever asked may have gone."""

_log = structlog.get_logger()


class Clients:
    """At most `most` clients, opened when they are needed."""

    def __init__(
        self,
        settings: Settings,
        most: int = MOST,
        wait_seconds: float = WAIT_SECONDS,
        opened: Callable[[Settings], Client] = open_client,
    ) -> None:
        self._settings = settings
        self._wait_seconds = wait_seconds
        self._opened = opened
        self._free = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._idle: list[Client] = []
        self._closed = False

    @contextmanager
    def client(self) -> Iterator[Client]:
        """A client in the database, for this thread until the end of the block.

        Raises Away where the store does not answer, inside of the block too, and where all are in use for
        too long.
        """
        if not self._free.acquire(timeout=self._wait_seconds):
            _log.warning("all_clients_are_in_use")
            raise Away
        try:
            with self._one() as client:
                yield client
        except (ClickHouseError, StoreUnavailable) as error:
            # Away hides why from who asked; the log has the places, not the store's words.
            _log.warning("question_failed_at_the_store", exc_info=error)
            raise Away from None
        finally:
            self._free.release()

    @contextmanager
    def _one(self) -> Iterator[Client]:
        with self._lock:
            if self._closed:
                raise StoreUnavailable("the API is being stopped")
            client = self._idle.pop() if self._idle else None
        if client is None:
            client = self._opened(self._settings)
            client.database = self._settings.clickhouse_database
            client.set_client_setting("max_execution_time", QUESTION_SECONDS)
        try:
            yield client
        except (ClickHouseError, StoreUnavailable):
            client.close()
            raise
        except BaseException:
            self._put_back(client)
            raise
        self._put_back(client)

    def _put_back(self, client: Client) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(client)
                return
        client.close()

    def close(self) -> None:
        """Close those that are idle now, and the others once they are put back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for client in idle:
            client.close()
