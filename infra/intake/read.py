"""From paths to checked records: which files a call reads, and through which connector."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.connectors import CONNECTORS
from infra.files.source import OnBytes, PathUnusable, name_of
from infra.intake.connector import Connector, Options
from infra.intake.events import Event, Notice
from infra.intake.tally import Tally
from infra.mapping.mapping import Mapping

_NAMED = 5


class UnknownFormat(Exception):
    """A `--format` that nothing reads. The message lists those that are known."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of a call, each once; `size` is their bytes, for a progress bar."""

    format: str
    connector: Connector
    files: tuple[Path, ...]
    notices: tuple[Notice, ...]

    @property
    def size(self) -> int:
        """Bytes of all files; what is no plain file counts nothing."""
        return sum(path.stat().st_size for path in self.files if path.is_file())

    def events(
        self,
        *,
        district: str = "",
        tally: Tally | None = None,
        on_bytes: OnBytes | None = None,
        mapping: Mapping | None = None,
        exported_at: str = "",
    ) -> Iterator[Event]:
        """Read the files. `on_bytes` is told of pieces that add up to `size`. Raises PathUnusable."""
        events = self._events(Options(district, on_bytes, mapping, exported_at))
        return events if tally is None else tally.counted(events)

    def _events(self, options: Options) -> Iterator[Event]:
        yield from self.notices
        yield from self.connector.read(self.files, options)


def plan(paths: Sequence[str | Path], format: str = "canonical") -> Plan:
    """Find the files of a call: those named, and below folders those that the format takes.

    Files keep the order of `paths`, within a folder that of their names; hidden ones are passed over, and one
    that is met twice is read once. Raises PathUnusable where a path does not exist or a folder holds nothing
    that can be read, and UnknownFormat.
    """
    connector = CONNECTORS.get(format)
    if connector is None:
        raise UnknownFormat(f"there is no format {format}; it is one of {', '.join(CONNECTORS)}")
    files: dict[str, Path] = {}
    notices: list[Notice] = []
    for path in map(Path, paths):
        if _is_folder(path):
            found, others = _walk(path, connector)
            if not found:
                raise PathUnusable(
                    f"the folder {path} holds no file that the format {format} reads; "
                    "name the files, or give --format"
                )
            if others:
                notices.append(Notice(name_of(path), _not_read(others)))
        else:
            found = [path]
        for each in found:
            files.setdefault(os.path.realpath(each), each)
    return Plan(format, connector, tuple(files.values()), tuple(notices))


def read_paths(
    paths: Sequence[str | Path],
    format: str = "canonical",
    *,
    district: str = "",
    tally: Tally | None = None,
    on_bytes: OnBytes | None = None,
) -> Iterator[Event]:
    """`plan`, which raises at once, and its events."""
    return plan(paths, format).events(district=district, tally=tally, on_bytes=on_bytes)


def _is_folder(path: Path) -> bool:
    """Raises PathUnusable where the path leads nowhere, or may not be followed."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        raise PathUnusable(f"there is no file or folder {path}; check the path") from None
    except OSError as error:
        raise PathUnusable(f"{path} cannot be read: {error.strerror}") from None


def _walk(folder: Path, connector: Connector) -> tuple[list[Path], list[str]]:
    """The files below a folder that a connector takes, and the names of those that it does not."""
    found: list[Path] = []
    others: list[str] = []
    for parent, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".")):
            path = Path(parent, name)
            if connector.takes(path):
                found.append(path)
            else:
                others.append(name_of(path))
    return found, others


def _unreadable(error: OSError) -> None:
    raise PathUnusable(f"the folder {error.filename} cannot be read: {error.strerror}")


def _not_read(names: list[str]) -> str:
    shown = ", ".join(name for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"not of this format by their names, and not read: {shown}{more}"
