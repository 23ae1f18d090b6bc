"""What an Ed-Fi API answers: attendance events, calendar dates, enrollments, students, schools and deletes.

Lists as they are answered (.json), or an object a line (.jsonl). The files of a call belong together, in any
order and in as many pages as there are: they are read twice, once for what they say of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from infra.connectors import edfi_derived
from infra.connectors.edfi_gather import DEFAULT_DISTRICT, Made, Place
from infra.connectors.edfi_json_deletes import Deletes
from infra.connectors.edfi_json_gather import ApiGathered
from infra.connectors.edfi_json_notices import notices
from infra.connectors.edfi_json_shapes import (
    DATES,
    DELETES,
    EVENTS,
    NAMES,
    SCHOOLS,
    SECTIONS,
    STAYS,
    STUDENTS,
    Odd,
    as_node,
    resource_named,
    resource_of,
)
from infra.connectors.judging import judged, refused
from infra.files.json_items import Item, items
from infra.files.rows import FileRefused
from infra.files.source import PathUnusable, Source, opened
from infra.files.xml_nodes import Node
from infra.intake.connector import Options
from infra.intake.events import Event, Notice, Record
from infra.intake.refusing import refuse_file
from models.refusal import Fault, Reason
from streams.refused import Refused

# In the order of the first reading: what tells districts first, deletes last because they need a time.
_ORDER = (SCHOOLS, STAYS, DATES, STUDENTS, EVENTS, SECTIONS, DELETES)
_ONCE = (SCHOOLS, DATES, SECTIONS, DELETES)

File = tuple[Path, str]
"""A file, and the resource that is in it."""


class EdFiJson:
    """Files (.json, .jsonl, .ndjson) of one download."""

    def takes(self, path: Path) -> bool:
        """By the ending of its name."""
        return path.suffix.lower() in (".json", ".jsonl", ".ndjson")

    def read(self, files: Sequence[Path], options: Options) -> Iterator[Event]:
        """Records in the order in which they are best judged: calendars first, attendance late."""
        known: list[File] = []
        for path in files:
            found = _recognised(path, options)
            if isinstance(found, str):
                known.append((path, found))
            else:
                yield found
        known.sort(key=lambda file: _ORDER.index(file[1]))
        gathered = ApiGathered(options.district or DEFAULT_DISTRICT)
        gathered.has_stays = any(resource == STAYS for _, resource in known)
        deletes = Deletes(gathered)
        for file in known:
            yield from _gather(file, gathered, deletes)
        elsewhere = gathered.leave_to_earlier_calls()
        for event in self._records(known, gathered):
            if isinstance(event, Record):
                deletes.see(event)
            yield event
        yield from deletes.rest()
        yield from notices(gathered, deletes, elsewhere)

    def _records(self, known: list[File], gathered: ApiGathered) -> Iterator[Event]:
        yield from edfi_derived.settings(gathered)
        yield from gathered.calendar_records()
        yield from _each(known, STUDENTS, gathered.student)
        yield from _each(known, STAYS, gathered.association)
        yield from edfi_derived.enrollments(gathered)
        yield from _each(known, EVENTS, gathered.attendance)
        yield from edfi_derived.submissions(gathered)


def _recognised(path: Path, options: Options) -> str | Event:
    if path.exists() and not path.is_file():
        raise PathUnusable(f"{path} is no plain file, and is read more than once; save it as a file")
    with opened(path) as source:
        if options.on_bytes is not None:
            options.on_bytes(path.stat().st_size)
        try:
            broken: Item | None = None
            for item in items(source):
                resource = resource_of(item.value)
                if resource:
                    return resource
                broken = broken or (item if item.fault else None)
        except FileRefused as wrong:
            return refuse_file(source, wrong)
        named = resource_named(path.name)
        if named:
            return named
        if broken is not None and broken.fault is not None:
            return refused(source, broken.line, None, broken.fault, broken.text)
        message = "the file holds no resource that is read; name it after its resource, or leave it out"
        return refuse_file(source, FileRefused(Fault(Reason.UNKNOWN_KIND, "", message)))


def _gather(file: File, gathered: ApiGathered, deletes: Deletes) -> Iterator[Event]:
    """The first reading. Gives the refusals of what is not read a second time."""
    path, resource = file
    met = 0
    with opened(path) as source:
        for item in _again(source):
            met += 1
            if item.fault is not None:
                if resource in _ONCE:
                    yield refused(source, item.line, None, item.fault, item.text)
            elif resource == DELETES:
                yield from deletes.take(source, item)
            elif resource == SECTIONS:
                gathered.counts["sections"] += 1
            else:
                yield from _see(source, resource, item, gathered)
        if not met:
            yield Notice(source.name, f"it is empty; taken as {resource} by its name")


def _again(source: Source) -> Iterator[Item]:
    """The items of a file that could be read before. Raises PathUnusable."""
    try:
        yield from items(source)
    except FileRefused:
        raise PathUnusable(f"{source.path} changed while it was read; ingest it again") from None


def _see(source: Source, resource: str, item: Item, gathered: ApiGathered) -> Iterator[Refused]:
    """Take an object into what is known; schools and dates that are not valid are refused here."""
    try:
        node = as_node(resource, item)
    except Odd as odd:
        if resource in _ONCE:
            yield refused(source, item.line, None, odd.fault, item.text)
        return
    place = Place(source.name, item.line)
    if resource == EVENTS:
        gathered.see_event(node, place)
        gathered.see_time(node)
        return
    kind, given = _maker(resource, gathered)(node)
    made = judged(source, item.line, kind, given, item.text, NAMES[resource])
    if not isinstance(made, Record):
        if resource in _ONCE:
            yield made
        return
    gathered.see_time(node)
    if resource == SCHOOLS:
        gathered.see_school(node, place)
    elif resource == DATES:
        gathered.see_date(node, place)
    elif resource == STAYS:
        gathered.see_association(node, place)
    else:
        gathered.see_student(node)


def _maker(resource: str, gathered: ApiGathered) -> Callable[[Node], Made]:
    return {
        SCHOOLS: gathered.school,
        DATES: gathered.date,
        STAYS: gathered.association,
        STUDENTS: gathered.student,
    }[resource]


def _each(files: list[File], wanted: str, make: Callable[[Node], Made]) -> Iterator[Event]:
    """The second reading: each object of a resource as a record or a refusal."""
    for path, resource in files:
        if resource != wanted:
            continue
        with opened(path) as source:
            for item in _again(source):
                if item.fault is not None:
                    yield refused(source, item.line, None, item.fault, item.text)
                    continue
                try:
                    kind, given = make(as_node(resource, item))
                except Odd as odd:
                    yield refused(source, item.line, None, odd.fault, item.text)
                    continue
                yield judged(source, item.line, kind, given, item.text, NAMES[resource])
