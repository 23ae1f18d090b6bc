"""Commands that begin at once: a process that has imported Rollcall forks itself for each of them.

To import it takes ten times as long as what most commands do. A fork has its own memory, files, folder and
environment, is ended by signals, and ends as any process does. Only the modules are there already, and the
order of sets is that of the process that was forked: hence there are some of these, so that two runs that
must say the same mostly have different orders. What tests `start` is a new interpreter.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import SystemRandom
from typing import Any

SERVERS = 3
_START = "from tests.support.forked import main; main()"

Completed = subprocess.CompletedProcess[str]


class Forks:
    """Runs commands one at a time; it leaves alone what it would not do as a new interpreter does."""

    def __init__(self, checkout: Path) -> None:
        self._checkout = checkout
        self._one_at_a_time = threading.Lock()
        self._servers: dict[int, subprocess.Popen[bytes]] = {}
        self._started_with: dict[str, str] = {}
        atexit.register(self.stop)

    def run(
        self, words: list[str], environment: Mapping[str, str], folder: Path, timeout: float
    ) -> Completed | None:
        """As subprocess.run with text and captured output; None where it takes an interpreter of its own.

        That is beside another command, and where the environment differs in what is not Rollcall's. Raises
        subprocess.TimeoutExpired once the command is killed.
        """
        others = {name: value for name, value in environment.items() if not _is_ours(name)}
        if not self._one_at_a_time.acquire(blocking=False):
            return None
        try:
            self._started_with = self._started_with or others
            if others != self._started_with:
                return None
            return _asked(self._server(), words, environment, folder, timeout)
        except BaseException:
            self.stop()  # what they still have to say is no answer to the next command
            raise
        finally:
            self._one_at_a_time.release()

    def _server(self) -> subprocess.Popen[bytes]:
        number = SystemRandom().randrange(SERVERS)
        if number not in self._servers:
            self._servers[number] = subprocess.Popen(
                [sys.executable, "-c", _START], env=self._started_with, cwd=self._checkout,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            )  # fmt: skip
        return self._servers[number]

    def stop(self) -> None:
        """End the processes; the next command starts another one."""
        while self._servers:
            _, server = self._servers.popitem()
            server.kill()
            server.communicate()


def _is_ours(name: str) -> bool:
    return name.startswith("ROLLCALL_") or name == "PYTEST_CURRENT_TEST"


def _asked(
    server: subprocess.Popen[bytes],
    words: list[str],
    environment: Mapping[str, str],
    folder: Path,
    timeout: float,
) -> Completed:
    assert server.stdin is not None
    with tempfile.TemporaryDirectory(prefix="rollcall-output-") as outputs:
        out, err = Path(outputs, "out"), Path(outputs, "err")
        asked = {"words": words, "environment": {**environment}, "folder": str(folder)}
        server.stdin.write(json.dumps({**asked, "out": str(out), "err": str(err)}).encode() + b"\n")
        child = int(_line(server, None))
        try:
            status = int(_line(server, timeout))
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            if isinstance(error, TimeoutError):
                raise subprocess.TimeoutExpired(words, timeout, out.read_bytes(), err.read_bytes()) from None
            raise
        return subprocess.CompletedProcess(words, status, out.read_text(), err.read_text())


def _line(server: subprocess.Popen[bytes], timeout: float | None) -> bytes:
    """The next line, once it is there. Nothing is buffered, or it would be waited for what was read."""
    assert server.stdout is not None
    if not select.select([server.stdout], [], [], timeout)[0]:
        raise TimeoutError
    return server.stdout.readline()


def main() -> None:
    """Fork for each line of the standard input, and answer with the child's id, then with its exit status."""
    # Ctrl-C is for the tests, and for the command that is running.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the commands import later on; but not chDB, which starts threads, and these survive no fork.
    import infra.running.process  # noqa: F401  # only imported
    from infra.cli.app import app

    # What is there stays there: no fork looks it through, neither on its way nor at its end.
    gc.collect()
    gc.freeze()
    _become(_next_command())
    app(prog_name="rollcall")


def _next_command() -> dict[str, Any]:
    """What the child is to do; the server itself never comes back from here."""
    with os.fdopen(os.dup(0), "rb") as asked, os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        for line in asked:
            child = os.fork()
            if not child:
                found: dict[str, Any] = json.loads(line)
                return found
            answers.write(b"%d\n" % child)
            answers.write(b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    sys.exit()


def _become(command: dict[str, Any]) -> None:
    """Be the process that subprocess.run would have started."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, path in enumerate((os.devnull, command["out"], command["err"])):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT if number else os.O_RDONLY, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(command["environment"])
    os.chdir(command["folder"])
    sys.argv = ["-c", *command["words"]]
