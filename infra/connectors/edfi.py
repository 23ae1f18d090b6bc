"""Ed-Fi XML as it is exported: calendars, attendance events, students, schools and enrollments.

The namespaces of all versions are read. The files of a call belong together, in any order: they are read
twice, once for what they say of each other. Not taken: events of sections (classes), and other interchanges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.connectors import edfi_derived
from infra.connectors.edfi_gather import DEFAULT_DISTRICT, Gathered, Place
from infra.connectors.edfi_notices import notices
from infra.files.rows import FileRefused
from infra.files.source import Source, opened
from infra.files.xml_nodes import Node, XmlBroken, nodes, root_name, text_of
from infra.intake.connector import Options
from infra.intake.events import Event, Notice, Record
from infra.intake.refusing import refuse_file, refuse_row
from models.columns import Kind
from models.ledger.chain import Stored
from models.quick_check import first_fault
from models.refusal import Fault, Reason
from streams.refused import Refused

# The interchanges that are read, in the order of the first reading, and the elements that count in them.
_READ = {
    "InterchangeEducationOrganization": "School",
    "InterchangeStudentEnrollment": "StudentSchoolAssociation",
    "InterchangeEducationOrgCalendar": "CalendarDate",
    "InterchangeStudent": "Student",
    "InterchangeStudentParent": "Student",
    "InterchangeStudentAttendance": "StudentSchoolAttendanceEvent",
}

# Those of Ed-Fi's other interchanges that an export may hold. A name that is none of them is not repeated.
_OTHERS = """AssessmentMetadata Contact Descriptors Finance MasterSchedule Parent PostSecondaryEvent Staff
StaffAssociation Standards StudentAssessment StudentCohort StudentContact StudentDiscipline StudentGrade
StudentGradebook StudentHealth StudentIntervention StudentProgram StudentTranscript Survey"""
_NOT_NEEDED = frozenset(f"Interchange{name}" for name in _OTHERS.split())


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    element: str


class EdFi:
    """Interchange files (.xml) of one export."""

    def takes(self, path: Path) -> bool:
        """By the ending of its name."""
        return path.suffix.lower() == ".xml"

    def read(self, files: Sequence[Path], options: Options) -> Iterator[Event]:
        """Records in the order in which they are best judged: calendars first, attendance late."""
        known: list[_File] = []
        for path in files:
            found = _recognised(path, options)
            if isinstance(found, _File):
                known.append(found)
            else:
                yield found
        known.sort(key=lambda file: list(_READ.values()).index(file.element))
        gathered = Gathered(options.district or DEFAULT_DISTRICT)
        for file in known:
            yield from _gather(file, gathered, options)
        yield from edfi_derived.settings(gathered)
        yield from edfi_derived.calendar(gathered)
        yield from _each(known, "Student", options, gathered.student)
        yield from _each(known, "StudentSchoolAssociation", options, gathered.association)
        yield from edfi_derived.enrollments(gathered)
        yield from _each(known, "StudentSchoolAttendanceEvent", options, gathered.attendance)
        yield from edfi_derived.submissions(gathered)
        yield from notices(gathered)


def _recognised(path: Path, options: Options) -> _File | Event:
    with opened(path) as source:
        try:
            root = root_name(source)
        except XmlBroken as broken:
            source.scan()
            return refuse_row(source, broken.line, None, broken.fault, "", {})
        if root in _READ:
            return _File(path, _READ[root])
        if options.on_bytes is not None:
            options.on_bytes(path.stat().st_size)
        if root.startswith("Interchange"):
            told = root if root in _NOT_NEEDED else "an interchange of another name"
            return Notice(source.name, f"{told} is not needed, and not read")
        source.scan()
        message = "the file is no Ed-Fi interchange; give its format, or leave it out"
        return refuse_file(source, FileRefused(Fault(Reason.UNKNOWN_KIND, "", message)))


def _gather(file: _File, gathered: Gathered, options: Options) -> Iterator[Event]:
    """The first reading. Gives the refusals of what is not read a second time."""
    with opened(file.path, options.on_bytes) as source:
        source.scan()
        once = file.element in ("School", "CalendarDate")
        met = 0
        try:
            for node in nodes(source, counted=once):
                if node.name == file.element:
                    met += 1
                    yield from _see(source, node, gathered)
                else:
                    gathered.counts["sections"] += node.name == "StudentSectionAttendanceEvent"
        except XmlBroken as broken:
            if once:
                yield refuse_row(source, broken.line, None, broken.fault, "", {})
        if not met:
            yield Notice(source.name, f"there is no {file.element} in it")


def _see(source: Source, node: Node, gathered: Gathered) -> Iterator[Refused]:
    """Take an element into what is known; schools and dates that are not valid are refused here."""
    place = Place(source.name, node.line)
    match node.name:
        case "School":
            judged = _judged(source, node, *gathered.school(node))
            if isinstance(judged, Record):
                gathered.see_school(node, place)
            else:
                yield judged
        case "CalendarDate":
            judged = _judged(source, node, *gathered.date(node))
            if isinstance(judged, Record):
                gathered.see_date(node, place)
            else:
                yield judged
        case "StudentSchoolAssociation":
            gathered.see_association(node, place)
        case "Student":
            gathered.see_student(node)
        case _:
            gathered.see_event(node, place)


def _judged(source: Source, node: Node, kind: Kind, given: dict[str, str]) -> Record | Refused:
    fault = first_fault(kind, given)
    if fault is None:
        return Record(kind, Stored(given, source.name, node.line))
    return refuse_row(source, node.line, kind, fault, text_of(source, node), given)


Make = Callable[[Node], tuple[Kind, dict[str, str]]]


def _each(files: list[_File], element: str, options: Options, make: Make) -> Iterator[Event]:
    """The second reading: each element of a name as a record or a refusal."""
    for file in files:
        if file.element != element:
            continue
        with opened(file.path, options.on_bytes) as source:
            source.scan()
            try:
                for node in nodes(source, counted=True):
                    if node.name == element:
                        yield _judged(source, node, *make(node))
            except XmlBroken as broken:
                yield refuse_row(source, broken.line, None, broken.fault, "", {})
