"""Rows to files: the same cells as CSV or JSON Lines, in any order of rows and columns."""

from __future__ import annotations

import csv
import io
import json
import re
from random import Random

from tests.reference.reading import known_columns

Cells = dict[str, str]

_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")


def files_of(rng: Random, rows: list[tuple[str, Cells]]) -> dict[str, bytes]:
    """Shuffle rows of any kinds into files, one to three a kind."""
    by_kind: dict[str, list[Cells]] = {}
    for kind, cells in rows:
        by_kind.setdefault(kind, []).append(cells)
    files: dict[str, bytes] = {}
    for kind, mine in by_kind.items():
        rng.shuffle(mine)
        cuts = sorted(rng.randrange(len(mine) + 1) for _ in range(rng.choice((0, 0, 1, 2))))
        for begin, end in zip([0, *cuts], [*cuts, len(mine)], strict=True):
            if begin == end:
                continue
            suffix, write = rng.choice(((".csv", _csv), (".jsonl", _json_lines)))
            files[f"{kind}-{rng.randrange(10**9)}{suffix}"] = write(rng, kind, mine[begin:end])
    names = list(files)
    rng.shuffle(names)
    return {name: files[name] for name in names}


def _csv(rng: Random, kind: str, rows: list[Cells]) -> bytes:
    """Write CSV: a BOM, CR LF, padding, blank lines, short rows and an unknown column now and then."""
    columns = known_columns(kind)
    rng.shuffle(columns)
    if rng.random() < 0.2:
        columns.insert(rng.randrange(len(columns)), "remark")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=rng.choice(("\n", "\r\n")))
    writer.writerow(columns)
    for cells in rows:
        row = [cells.get(column, "") for column in columns]
        if rng.random() < 0.1:
            row = [f"{cell} \t" if cell else "" for cell in row]
        if rng.random() < 0.1:
            while len(row) > 2 and not row[-1]:
                row.pop()
        writer.writerow(row)
        if rng.random() < 0.01:
            out.write("\n")
    return out.getvalue().encode("utf-8-sig" if rng.random() < 0.3 else "utf-8")


def _json_lines(rng: Random, kind: str, rows: list[Cells]) -> bytes:
    """Write JSON Lines: blanks as null, "" or left out; numbers where the text is one; escapes or not."""
    lines = []
    for number, cells in enumerate(rows):
        line: list[str] = []
        for column in known_columns(kind):
            cell = cells.get(column, "")
            if cell == "":
                # the names of the first line tell the kind: there all of them stand
                value = rng.choice(("null", '""') if number == 0 else ("null", '""', "", "", ""))
            elif _NUMBER.fullmatch(cell) and rng.random() < 0.5:
                value = cell
            else:
                value = json.dumps(cell, ensure_ascii=rng.random() < 0.5)
            if value:
                line.append(f'"{column}": {value}')
        rng.shuffle(line)
        lines.append("{" + ", ".join(line) + "}")
    return ("\n".join(lines) + rng.choice(("", "\n"))).encode()
