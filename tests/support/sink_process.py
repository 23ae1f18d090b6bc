"""A sink in a process of its own: python -m tests.support.sink_process FOLDER [EFFECT TIMES]

It stores what the log in FOLDER holds and prints, as JSON, its effects in order, what the store holds then,
and what was refused.
With EFFECT it ends itself with SIGKILL just before the effect of that name comes the TIMES-th time.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra import logging
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import open_store
from infra.metrics import Metrics
from infra.settings import load
from streams.refused import unpack
from streams.topics import DEAD_LETTERS
from tests.support.chdb_store import dump, log_in


class Fuse:
    """Sees every effect of the sink before it happens."""

    def __init__(self, fatal: str, times: int) -> None:
        self._fatal = fatal
        self._times = times
        self.effects: list[str] = []

    def before(self, effect: Callable[..., Any], name: str = "") -> Callable[..., Any]:
        """The same effect behind the fuse; a statement is named by its first words."""

        def guarded(*given: Any, **options: Any) -> Any:
            self.effects.append(name or " ".join(given[0].split()[:3]))
            if self.effects[-1] == self._fatal and self.effects.count(self._fatal) == self._times:
                os.kill(os.getpid(), signal.SIGKILL)
            return effect(*given, **options)

        return guarded


def main(folder: Path, fatal: str = "", times: str = "0") -> None:
    """Store, and say what came of it."""
    logging.configure()  # to standard error
    fuse = Fuse(fatal, int(times))
    with log_in(folder) as log, open_store(load(home=folder)) as store:
        port: Any = log
        for each in (store.client, *store.lanes):
            client: Any = each
            client.command = fuse.before(client.command)
        port.commit = fuse.before(port.commit, "commit")
        port.append = fuse.before(port.append, "append")
        sink = Sink(log, store, Metrics("0"), messages_a_read=3, rows_a_commit=300)
        while sink.step():
            pass
        refused = [
            unpack(letter.value).refusal_id
            for letter in log.read(DEAD_LETTERS.name, 0, 0)
            if letter.value is not None
        ]
        print(json.dumps([fuse.effects, dump(store.client), sorted(set(refused))]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
