"""A server over chDB that can be killed and started again at its address, as a machine that is restarted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Restartable:
    """The endpoint of tests.support.clickhouse_http in a process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    @property
    def address(self) -> str:
        """`http://HOST:PORT`, the same after each start."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [sys.executable, "-m", "tests.support.clickhouse_http", str(self._folder), str(self.port)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        told = self._process.stdout.readline().strip()
        assert told, "the endpoint did not start"
        self.port = int(told)

    def kill(self) -> None:
        """End it with SIGKILL, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate(timeout=20)
            self._process = None

    def start_if_killed(self) -> None:
        """Start it where it does not run."""
        if self._process is None:
            self.start()


@contextmanager
def restartable(folder: Path) -> Iterator[Restartable]:
    """A server that is running; killed at the end."""
    server = Restartable(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
