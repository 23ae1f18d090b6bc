"""Where a group's mutants are made and tried: a folder under `.cache/` that mutmut takes for the project.

The code in it is links to the repository. Verdicts stay in it, so that a run goes on where it was stopped,
and a function that has not changed is not tried again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.mutation.fewer_examples import EXAMPLES
from tests.mutation.plan import Group
from tests.mutation.tally import LEFT_OUT

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".cache" / "mutants"
# What the tests read beside the modules that are mutated.
LINKED = ("alerts", "infra", "models", "streams", "tests")
KILLED = (1, 3)
"""What pytest ends with where a test fails, and where a mutant broke pytest itself."""


# mutmut has no command that makes mutants and tries none, which a sample needs.
_MAKE = """
from pathlib import Path
from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants
Path("mutants").mkdir(exist_ok=True)
copy_src_dir()
copy_also_copy_files()
create_mutants(2)
"""


class Failed(Exception):
    """mutmut could not do its work, for instance because a test fails without any mutant."""


class Workshop:
    """The folder of one group."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.folder = PLACE / group.name
        self.mutants = self.folder / "mutants"

    def prepare(self) -> None:
        """Lay out the folder. Where tests have changed, what they let live is tried again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in LINKED:
            link = self.folder / name
            if not link.is_symlink():
                link.symlink_to(ROOT / name, target_is_directory=True)
        (self.folder / "pyproject.toml").write_text(self._configuration(), encoding="utf-8")
        if self.mutants.exists():
            # mutmut copies tests and removes none.
            shutil.rmtree(self.mutants / "tests", ignore_errors=True)
        seen, now = self.folder / "tests.sha256", _digest(ROOT / "tests")
        if not seen.exists() or seen.read_text(encoding="utf-8") != now:
            (self.mutants / "mutmut-stats.json").unlink(missing_ok=True)
            self._forget_survivors()
            seen.write_text(now, encoding="utf-8")

    def run(self, processes: int, one_in: int = 1) -> None:
        """Try every mutant that has no verdict yet, or one in so many, by its name. Raises Failed."""
        environment = {**os.environ, EXAMPLES: str(self.group.examples)}
        making = [sys.executable, "-c", _MAKE]
        if subprocess.run(making, cwd=self.folder, env=environment, check=False).returncode != 0:
            raise Failed(f"mutmut could not make the mutants of the group {self.group.name}: see above")
        self._leave_out(one_in)
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(processes)]
        if subprocess.run(command, cwd=self.folder, env=environment, check=False).returncode != 0:
            raise Failed(f"mutmut could not try the group {self.group.name}: see above")

    def verdicts(self) -> dict[str, dict[str, int | None]]:
        """How pytest ended for each mutant, by module and mutant; None: it has not been tried."""
        found = {}
        for module in self.group.modules:
            meta = self._meta(module)
            held = json.loads(meta.read_text(encoding="utf-8")) if meta.exists() else {}
            found[module] = held.get("exit_code_by_key", {})
        return found

    def _meta(self, module: str) -> Path:
        return self.mutants / f"{module}.meta"

    def _forget_survivors(self) -> None:
        self._rewrite(lambda name, code: code if code in KILLED else None)

    def _leave_out(self, one_in: int) -> None:
        def code_of(name: str, code: int | None) -> int | None:
            if code not in (None, LEFT_OUT):
                return code
            return None if in_sample(name, one_in) else LEFT_OUT

        self._rewrite(code_of)

    def _rewrite(self, code_of: Callable[[str, int | None], int | None]) -> None:
        for module, codes in self.verdicts().items():
            if codes:
                held = json.loads(self._meta(module).read_text(encoding="utf-8"))
                held["exit_code_by_key"] = {name: code_of(name, code) for name, code in codes.items()}
                self._meta(module).write_text(json.dumps(held), encoding="utf-8")

    def _configuration(self) -> str:
        own = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        settings = {
            "source_paths": ["models", "alerts"],
            "only_mutate": list(self.group.modules),
            "also_copy": ["streams", "infra"],
            "pytest_add_cli_args": ["-p", "tests.mutation.fewer_examples", "-p", "no:cacheprovider"],
            "pytest_add_cli_args_test_selection": list(self.group.tests),
            # Workers come from a process that has run no test: what a cache holds is theirs alone.
            "process_isolation": "forkserver",
            "use_git_change_detection": False,
            "on_dependency_change": "ignore",
            # Wide, because machines are busy: a mutant that is out of time is not counted as killed.
            "timeout_constant": 2.0,
            "timeout_multiplier": 3.0,
        }
        # JSON's strings, numbers, lists and booleans are TOML's too.
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        return "\n".join([own, "[tool.mutmut]", *lines, ""])


def in_sample(name: str, one_in: int) -> bool:
    """Whether a mutant is one of the sample: always the same ones, spread over all functions."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % one_in == 0


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in _python_files(folder):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _python_files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.py"))
