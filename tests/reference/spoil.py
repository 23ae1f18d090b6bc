"""Rows with a fault that the contract names, made out of good ones."""

from __future__ import annotations

from random import Random

# A fault by the column it sits in; which of several comes first is for the contract to say.
_FAULTS: tuple[tuple[str, str], ...] = (
    ("district_id", ""),
    ("school_id", "two words"),
    ("student_id", "é"),
    ("student_id", "x" * 65),
    ("recorded_at", "2021-09-01T08:00:60Z"),
    ("recorded_at", "2021-09-01T08:00:00"),
    ("recorded_at", "2021-09-01T24:00:00Z"),
    ("date", "2021-02-29"),
    ("date", "9/1/2021"),
    ("date", "20210901"),
    ("date", "2000-06-30"),
    ("date", "2044-01-01"),
    ("entry_date", "1999-09-01"),
    ("entry_date", "2044-01-01"),
    ("exit_date", "tomorrow"),
    ("effective_from", "2021-13-01"),
    ("grade", "13"),
    ("grade", "k"),
    ("absent_fraction", "1.01"),
    ("absent_fraction", "-0.5"),
    ("absent_fraction", "half"),
    ("permission", "yes"),
    ("kind", "Instructional"),
    ("minutes", "6.5"),
    ("state", "open"),
    ("status", "Absent"),
    ("class", ""),
    ("class", "sick"),
    ("attendance_mode", "both"),
    ("school_year", "2020-22"),
    ("absent_days", "999"),
    ("op", "remove"),
    ("event_id", "a b"),
    ("code", ""),
    ("birthdate", "2010-02-30"),
    ("meals", "none"),
)


def spoiled(rng: Random, rows: list[tuple[str, dict[str, str]]]) -> list[tuple[str, dict[str, str]]]:
    """Give up to six rows with one to three faults each; none in half of the histories."""
    found = []
    for _ in range(rng.choice((0, 0, 0, 2, 4, 6))):
        kind, cells = rng.choice(rows)
        if cells.get("op") == "delete":
            continue
        bad = dict(cells)
        fitting = [fault for fault in _FAULTS if fault[0] in cells or fault[0] in ("op", "event_id")]
        for column, cell in rng.sample(fitting, min(len(fitting), rng.choice((1, 1, 2, 3)))):
            bad[column] = cell
        found.append((kind, {column: cell for column, cell in bad.items() if cell}))
    return found
