"""Only one worker consumes a log: a second one would process every message a second time."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from streams.event_log import LogUnavailable


class WorkerAlreadyRuns(Exception):
    """Another worker consumes this log. The message names the file, the process and the remedy."""


class WorkerLock:
    """The lock, held until `release` or any end of the process; also a context manager."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.consumed = False
        self._path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let another worker have the log; to do it twice changes nothing."""
        with _guard:
            if self._descriptor is not None:
                _held.pop(self._path, None)
                # Closing releases the lock. The file stays: deleting it could part two who wait for it.
                os.close(self._descriptor)
                self._descriptor = None

    def __enter__(self) -> WorkerLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


# The locks of this process, by the path of the log: the system knows a lock by its open file, not by its
# process, so that the transport could not take again what the start of the process has taken.
_held: dict[Path, WorkerLock] = {}
_guard = threading.Lock()


def lock_for_worker(path: Path) -> WorkerLock:
    """Take the lock of the log at `path` (`<log>.worker.lock` beside it), before the application starts.

    Raises WorkerAlreadyRuns at once where it is taken, LogUnavailable where the file cannot be made.
    """
    path = path.resolve()
    with _guard:
        if path in _held:
            raise _already_runs(path, os.getpid())
        lock = _held[path] = WorkerLock(path, _locked(path))
    return lock


@contextmanager
def consuming(path: Path) -> Iterator[None]:
    """For the transport's consumer: use the lock that this process holds, or take it; raises the same."""
    path = path.resolve()
    with _guard:
        lock = _held.get(path)
        if lock is not None:
            if lock.consumed:
                raise _already_runs(path, os.getpid())
            lock.consumed = True
    if lock is not None:
        try:
            yield
        finally:
            lock.consumed = False
        return
    with lock_for_worker(path) as lock:
        lock.consumed = True
        yield


def _locked(path: Path) -> int:
    beside = path.with_name(path.name + ".worker.lock")
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise LogUnavailable(
            f"the lock file {beside} cannot be opened ({error.strerror}); see that its folder is there, and "
            "that this user may write to it"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).strip()
        os.close(descriptor)
        raise _already_runs(path, int(holder) if holder.isdigit() else None) from None
    except OSError as error:
        os.close(descriptor)
        raise LogUnavailable(
            f"the lock file {beside} cannot be locked ({error.strerror}); keep the log on a local disk"
        ) from error
    return descriptor


def _already_runs(path: Path, process: int | None) -> WorkerAlreadyRuns:
    who = "another process" if process is None else f"process {process}"
    return WorkerAlreadyRuns(
        f"a worker ({who}) already reads the event log {path}, and a second one would process everything "
        "twice; stop that one first, or give this one another log"
    )
