"""The same records told in another way: order, duplicates, files and formats differ, every text stays."""

from __future__ import annotations

from random import Random

from tests.reference.reading import read_file
from tests.reference.writing import Cells, files_of


def shuffled(files: dict[str, bytes], rng: Random) -> dict[str, bytes]:
    """Give the rows of files in other order and files, CSV or JSON Lines, some of them more than once.

    Rows that hold no cells (`not_csv`, `not_json`) fall away; a file refused as a whole stays as it is.
    Values that JSON has and CSV has not (lists, objects, true) are not meant to be in the files.
    """
    rows: list[tuple[str, Cells]] = []
    whole: dict[str, bytes] = {}
    for name, content in files.items():
        found, refused = read_file(name, content)
        rows += [(row.kind, row.cells) for row in found]
        if not found and refused:
            whole[name] = content
    rows += [row for row in rows if rng.random() < 0.1]
    return {**files_of(rng, rows), **whole}
