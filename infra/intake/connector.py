"""What a format brings: which files it takes, and how they become records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from infra.files.source import OnBytes
from infra.intake.events import Event
from infra.mapping.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Options:
    """What a call says beside its files.

    `district` is the district of records whose files name none; `on_bytes` is told how many bytes were read.
    `mapping` says how the files of format csv are read, and `exported_at` when they were written, where their
    records do not say it.
    """

    district: str = ""
    on_bytes: OnBytes | None = None
    mapping: Mapping | None = None
    exported_at: str = ""


class Connector(Protocol):
    """One format. It never looks at the clock: the same files give the same records."""

    def takes(self, path: Path) -> bool:
        """Whether a file found in a folder may be of this format, by its name."""

    def read(self, files: Sequence[Path], options: Options) -> Iterator[Event]:
        """The records, refusals and notices of all files of a call. Raises PathUnusable."""
