"""Write the command `rollcall` into a virtual environment: python infra/launcher.py .venv/bin/rollcall

The product runs from its checkout: its top-level names (models, alerts, streams, web, infra) would collide in
a shared site-packages. So the command names the checkout, and works from any folder.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

# The first line is a shell's, because a path with a space in it, or a long one, fits no `#!` line. Python
# sees a string there. Until the command has been read an interrupt ends it without a word.
_COMMAND = """\
#!/bin/sh
'''exec' {python} "$0" "$@"
' '''
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)
sys.path.insert(0, {checkout!r})

from infra.cli.app import app

signal.signal(signal.SIGINT, signal.default_int_handler)
app(prog_name="rollcall")
"""


def command(python: Path, checkout: Path) -> str:
    """The text of the command. Both paths are absolute."""
    return _COMMAND.format(python=shlex.quote(str(python)), checkout=str(checkout))


def write(target: Path) -> None:
    """Write the command for the interpreter that runs this. Raises OSError."""
    checkout = Path(__file__).resolve().parents[1]
    target.write_text(command(Path(sys.executable).absolute(), checkout), encoding="utf-8")
    target.chmod(0o755)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
