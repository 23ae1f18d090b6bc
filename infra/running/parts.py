"""What of the system a process runs, and that it could not go on."""

from __future__ import annotations

from dataclasses import dataclass


class Failed(Exception):
    """The process cannot go on. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What of the system runs in this process."""

    worker: bool = True
    sink: bool = True
    web: bool = True
    until_caught_up: bool = False
