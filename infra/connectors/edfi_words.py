"""What the words of Ed-Fi's descriptors mean in canonical records."""

from __future__ import annotations

import re

from infra.files.xml_nodes import Node

# Attendance event categories: status and class. A category that is not here has no code record, and its
# events are set aside until the district says what it means.
CATEGORIES = {
    "excusedabsence": ("absent", "excused"),
    "unexcusedabsence": ("absent", "unexcused"),
    "inattendance": ("in_attendance", ""),
    "present": ("in_attendance", ""),
    "tardy": ("in_attendance", ""),
    "earlydeparture": ("in_attendance", ""),
    "partial": ("in_attendance", ""),
}

# Of several events of one date the first in this order is taken.
CALENDAR_EVENTS = {
    "makeupday": "make_up",
    "studentlatearrivalearlydismissal": "shortened",
    "instructionalday": "instructional",
    "weatherday": "weather",
    "emergencyday": "emergency",
    "strike": "strike",
    "holiday": "holiday",
    "teacheronlyday": "teacher_only",
    "noninstructionalday": "non_instructional",
    "other": "non_instructional",
}

GRADES = {
    "prekindergarten": "PK",
    "preschoolprekindergarten": "PK",
    "earlyeducation": "PK",
    "preschool": "PK",
    "kindergarten": "K",
    "firstgrade": "1",
    "secondgrade": "2",
    "thirdgrade": "3",
    "fourthgrade": "4",
    "fifthgrade": "5",
    "sixthgrade": "6",
    "seventhgrade": "7",
    "eighthgrade": "8",
    "ninthgrade": "9",
    "tenthgrade": "10",
    "eleventhgrade": "11",
    "twelfthgrade": "12",
}

_NO_LETTER = re.compile(r"[^a-z0-9]")
_NO_ID = re.compile(r"[^!-~]+")


def word(node: Node | None) -> str:
    """A descriptor's word: the text, what stands behind # in a URI, or the CodeValue within."""
    if node is None:
        return ""
    return after_hash(node.text or node.value("CodeValue"))


def after_hash(text: str) -> str:
    """The word of a descriptor's URI; any other text as it is."""
    return text.rpartition("#")[2].strip()


def plain(text: str) -> str:
    """A word as the tables above write it: small letters and digits alone."""
    return _NO_LETTER.sub("", text.lower())


def as_id(text: str) -> str:
    """A word as an id: `Excused Absence` is `Excused-Absence`."""
    return _NO_ID.sub("-", text)[:64]


def calendar_kind(events: set[str]) -> str:
    """The kind of a day from its events; an event that is not known stays as it is, and is refused."""
    known = {plain(event) for event in events}
    return next((kind for event, kind in CALENDAR_EVENTS.items() if event in known), min(events, default=""))
