"""Files of every format: nothing is raised, no neighbour is lost, each row is accounted for, no name told."""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Sequence
from random import Random

from infra.files.source import PathUnusable
from infra.intake.events import Event, Notice, Record
from infra.intake.read import plan
from infra.intake.refusing import CUT
from infra.mapping.load import parse_mapping
from models.columns import Kind
from models.refusal import Reason
from models.validate import TEXT_LIMIT, fault_of
from streams.refused import Refused
from streams.refused import pack as pack_refused
from streams.refused import unpack as unpack_refused
from tests.fuzz.folders import laid
from tests.fuzz.mutate import XML_WORDS, mutated
from tests.fuzz.seeds import ATTENDANCE, MAPPING, SYSTEMS, canonical, edfi_attendance, edfi_event
from tests.fuzz.target import VERY_LONG, Broken, Input, Target, need, need_no_canary
from tests.reference import checking
from tests.reference.reading import NOT_TEXT, read_file, split_csv
from tests.support.sis_files import api_event, listed

_MAPPING = parse_mapping(MAPPING, "mapping.toml")
_HEAD = b"district_id,school_id,student_id,date,code,recorded_at\n"
_ROW = _HEAD + b"0042,11,neighbour,2021-09-01,A,2021-09-01T08:00:00Z\n"
_NEIGHBOUR = {
    "edfi": ("zz.xml", edfi_attendance(edfi_event("neighbour", "2010-08-23", "Tardy", "99"))),
    "edfi_json": ("zz.json", listed([api_event("neighbour", "2021-09-01", "Tardy")])),
    "csv": (
        "att_zz.csv",
        b"ID,Date,Code,Minutes,Changed,Note\nneighbour,9/3/2024,A,195,9/3/2024 8:15 AM,x\n",
    ),
}
_OTHERS = ("zz.csv", _ROW)
_BREAK = re.compile(rb"\r\n|\r|\n")
# What may end a row's own cells early, and so change how the rows behind it are read.
_OPENS = re.compile(rb"[\"'\\{}\[\]<>&]")
_TOLD_WORDS = ("columns ", "codes ", "attendance that is not of a whole day: ")
_ANY_MODE, _DAILY = "att_mode", "att_modedaily"


def events_of(name: str, files: Input) -> list[Event]:
    """All of a call over a folder, with a good file beside the others. What is checked without the seeds."""
    neighbour, content = _NEIGHBOUR.get(name, _OTHERS)
    good = {**SYSTEMS.get(name, {}), neighbour: content}
    with laid(name, good, files) as folder:
        paths = sorted(folder / file for file in {*good, *files})
        try:
            events = list(plan(paths, name).events(district="0042", mapping=_MAPPING))
        except PathUnusable as unusable:
            raise Broken(f"files that lie still cannot be read: {unusable}") from unusable
    for event in events:
        _check_event(event, files)
    kept = {
        event.held.file for event in events if isinstance(event, Record) and event.kind is Kind.ATTENDANCE
    }
    need(neighbour in kept, "the good file beside it is lost")
    return events


def _check_event(event: Event, files: Input) -> None:
    if isinstance(event, Notice):
        # These tell the words of a header, of the column of codes or of modes: that is what they are for.
        if not event.text.startswith(_TOLD_WORDS):
            need_no_canary(event.text, "a notice")
    elif isinstance(event, Record):
        need(fault_of(event.kind, event.held.given) is None, "a record with a fault is taken")
    else:
        _check_refusal(event, files)


def _check_refusal(event: Refused, files: Input) -> None:
    need(event.reason in set(Reason) and event.message, "a refusal without reason or message")
    need_no_canary(f"{event.message} {event.field} {event.kind}", "the message of a refusal")
    kind = Kind(event.kind) if event.kind else None
    need(
        not event.given or (kind is not None and fault_of(kind, event.given) is not None),
        "a retry would let in what is refused",
    )
    need(len(event.record) <= TEXT_LIMIT + len(CUT), "a refusal that no message can carry")
    value = pack_refused(event).value
    assert value is not None
    need(unpack_refused(value) == event, "a refusal is listed as another one")
    content = files.get(event.file)
    if content is None or b"\\N" in content:  # of Aspen's files a \N is left out
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    cut = event.record.removesuffix(CUT)
    need(
        cut.strip("\ufeff") in text.replace("\ufeff", "") or cut in text, "a refusal does not keep what came"
    )


# Canonical files


_CANONICAL = canonical()


def _canonical(rng: Random) -> Input:
    name, content = rng.choice(_CANONICAL)
    return {name: mutated(rng, content, [each for _, each in _CANONICAL])}


def check_canonical(files: Input) -> None:
    """Record for record and refusal for refusal as the independent reading of the contract has it."""
    events = events_of("canonical", files)
    ((name, content),) = files.items()
    text = content.decode(errors="replace").removeprefix("\ufeff")
    table = split_csv(text[:200_000])[0]
    if table and table[0][1].count("") > 1:
        return  # the reference takes nameless columns for one that stands twice
    if VERY_LONG.search(text):
        return
    rows, refusals = read_file(name, content)
    expected = {(each.line, each.kind, each.reason, each.field) for each in refusals}
    accepted = set()
    for row in rows:
        if row.cells.get("recorded_at") == NOT_TEXT:
            return  # the reference leaves the range of a date out there
        found = checking.check(row)
        if isinstance(found, checking.Record):
            accepted.add((row.line, row.kind, tuple(sorted(_plain(row.cells).items()))))
        else:
            expected.add((found.line, found.kind, found.reason, found.field))
    mine = [event for event in events if not isinstance(event, Notice)]
    told = {(e.line, e.kind, e.reason, e.field) for e in mine if isinstance(e, Refused) and e.file == name}
    kept = {
        (e.held.line, e.kind.value, tuple(sorted(_plain(dict(e.held.given)).items())))
        for e in mine
        if isinstance(e, Record) and e.held.file == name
    }
    need(told == expected, f"refused are {_some(told - expected)}, not {_some(expected - told)}")
    need(kept == accepted, f"{len(kept - accepted)} records too many, {len(accepted - kept)} too few")


def _plain(cells: dict[str, str]) -> dict[str, str]:
    return {name: cell if cell[:1] != "\0" else "\0" for name, cell in cells.items()}


def _some(told: set[tuple[int, str, str, str]]) -> str:
    return ", ".join(map(str, sorted(told)[:3])) or "nothing"


# Other systems


Days = dict[int, tuple[str, str]]
"""By the line of an attendance row, its student and date."""


def _days(name: str, events: Sequence[Event]) -> Days:
    return {
        event.held.line: (event.held.given["student_id"], event.held.given["date"])
        for event in events
        if isinstance(event, Record) and event.kind is Kind.ATTENDANCE and event.held.file == ATTENDANCE[name]
    }


@functools.lru_cache(maxsize=16)
def _base(name: str) -> tuple[Days, frozenset[str]]:
    """What the good files give, and what is told of them."""
    events = events_of(name, {})
    days = _days(name, events)
    assert len(days) >= 3
    return days, _told(events)


def _told(events: Sequence[Event]) -> frozenset[str]:
    return frozenset(repr(event) for event in events if not isinstance(event, Record))


def _export(name: str, rng: Random) -> Input:
    files, attendance = SYSTEMS[name], ATTENDANCE[name]
    file = attendance if rng.random() < 0.6 else rng.choice(sorted(files))
    words = XML_WORDS if name == "edfi" and rng.random() < 0.6 else ()
    seeds = list(files.values())
    content = files[file]
    if rng.random() < 0.5:
        lines = content.split(b"\n")
        at = rng.randrange(len(lines))
        lines[at] = mutated(rng, lines[at], seeds, words)
        return {file: b"\n".join(lines)}
    return {file: mutated(rng, content, seeds, words)}


def _check_export(name: str, files: Input) -> None:
    events = events_of(name, files)
    changed = files.get(ATTENDANCE[name])
    if changed is None:
        return
    good = SYSTEMS[name][ATTENDANCE[name]]
    days, told = _base(name)
    silent = _told(events) == told
    found = set(_days(name, events).values())
    before, after, strict = _untouched(name, good, changed, sorted(days))
    lost = [line for line in before if days[line] not in found]
    need(not lost or (name == "aspen" and not silent), "a row before the fault is lost")
    lost = [line for line in after if days[line] not in found]
    need(not lost or not (strict or silent), "a row behind the fault is lost")
    if before and strict:
        _check_accounted(name, changed, events)


def _untouched(name: str, good: bytes, changed: bytes, rows: list[int]) -> tuple[list[int], list[int], bool]:
    """The rows before and behind what was changed, and whether those behind are surely read as before."""
    old, new = good.split(b"\n"), changed.split(b"\n")
    most = min(len(old), len(new))
    same = next((at for at in range(most) if old[at] != new[at]), most)
    rest = most - same
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    if same < 1 or (name != "edfi" and not _is_text(changed)):
        return [], [], False
    ends = [line - 1 for line in rows[1:]] + [len(old)]
    before = [line for line, end in zip(rows, ends, strict=True) if end <= same]
    after = [line for line in rows if line > len(old) - tail]
    middle = b"\n".join(new[same : len(new) - tail])
    instead = b"\n".join(old[same : len(old) - tail])
    plain = not _OPENS.search(middle) and not _OPENS.search(instead)
    return before, after, plain and _is_text(changed)


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_accounted(name: str, changed: bytes, events: Sequence[Event]) -> None:
    """Each row of the attendance is a record or refused, where no rule of the format leaves it out."""
    if name not in ("csv", "aspen", "powerschool"):
        return
    text = changed.decode("utf-8-sig")
    if "\\" in text:
        return
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter="\t" if name == "powerschool" else ",", strict=True
    )
    begun: dict[int, list[str]] = {}
    line = 1
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip(" \t")):
                begun[line] = [cell.strip(" \t").lower() for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        return
    first = min(begun)
    header = begun.pop(first)
    if name == "powerschool":
        mode = header.index("att_mode_code")
        begun = {
            at: cells
            for at, cells in begun.items()
            if len(cells) <= mode or not cells[mode].startswith(_ANY_MODE) or cells[mode] == _DAILY
        }
    if name == "csv":
        begun = {at: cells for at, cells in begun.items() if cells[-1] != "deleted"}
    file = ATTENDANCE[name]
    met = {event.held.line for event in events if isinstance(event, Record) and event.held.file == file}
    met |= {event.line for event in events if isinstance(event, Refused) and event.file == file}
    missing = sorted(begun.keys() - met)
    need(not missing, f"rows that are neither records nor refused: lines {missing[:5]}")


def _system(name: str, share: int) -> Target:
    return Target(name, share, functools.partial(_export, name), functools.partial(_check_export, name))


TARGETS = (
    Target("canonical", 8, _canonical, check_canonical),
    _system("edfi", 4),
    _system("edfi_json", 4),
    _system("oneroster", 3),
    _system("aspen", 3),
    _system("powerschool", 3),
    _system("infinite_campus", 3),
    _system("csv", 4),
)
