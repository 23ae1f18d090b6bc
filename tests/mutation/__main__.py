"""What the tests of counting and rules would miss: `python -m tests.mutation` (docs/mutants.md)."""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from tests.mutation.plan import GROUPS, LEAST_KILLED
from tests.mutation.tally import summed, survivors, table, tally
from tests.mutation.workshop import PLACE, Failed, Workshop


def main() -> int:
    """Try the mutants and print what became of them; 1 where a group's tests kill too few."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    names = [group.name for group in GROUPS]
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"{', '.join(names)}; default: all")
    parser.add_argument("--fresh", action="store_true", help="forget what is known, and try every mutant")
    parser.add_argument("--only-show", action="store_true", help="try nothing, print what is known")
    parser.add_argument("--survivors", action="store_true", help="name the mutants that live, too")
    parser.add_argument("--one-in", type=int, default=1, metavar="N", help="try a sample, one mutant in N")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    unknown = set(asked.groups) - set(names)
    if unknown:
        parser.error(f"no group {', '.join(sorted(unknown))}: there are {', '.join(names)}")
    if asked.fresh:
        shutil.rmtree(PLACE, ignore_errors=True)
    enough = True
    for group in GROUPS:
        if asked.groups and group.name not in asked.groups:
            continue
        shop = Workshop(group)
        if not asked.only_show:
            shop.prepare()
            try:
                shop.run(asked.processes, asked.one_in)
            except Failed as failed:
                print(failed, file=sys.stderr)
                return 1
        verdicts = shop.verdicts()
        tallies = [tally(module, codes.values()) for module, codes in verdicts.items()]
        total = summed(group.name, tallies)
        print(table([*tallies, total]), end="\n\n")
        if asked.survivors:
            print("\n".join(f"{fate:11} {name}" for name, fate in survivors(verdicts)), end="\n\n")
        if not total.enough:
            print(f"{group.name}: fewer than {LEAST_KILLED} of 100 mutants are killed", file=sys.stderr)
            enough = False
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
