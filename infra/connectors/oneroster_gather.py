"""The first look at a OneRoster export: students, and the classes that tell of a school (oneroster)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from infra.connectors.oneroster_layouts import (
    CLASSES,
    DEMOGRAPHICS,
    ENROLLMENTS,
    MANIFEST,
    ORGS,
    ROLES,
    SESSIONS,
    USERS,
    grade_of,
)
from infra.connectors.table_call import Call
from infra.connectors.table_values import day_of
from models.instant import read_date

DEFAULT_DISTRICT = "oneroster"
DELETED = "tobedeleted"


@dataclass(slots=True)
class Roster:
    """What is known of a call after its first reading. Dates are YYYY-MM-DD, and may be wrong."""

    call: Call
    named_district: str
    types: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    starts: dict[str, str] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)
    homerooms: set[str] = field(default_factory=set)
    students: set[str] = field(default_factory=set)
    in_homeroom: set[str] = field(default_factory=set)
    grades: dict[str, str] = field(default_factory=dict)
    demographics: dict[str, dict[str, str]] = field(default_factory=dict)
    is_delta: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def district(self, org: str) -> str:
        """The district that is named; else the one above a school, else the only one, else `oneroster`."""
        if self.named_district:
            return self.named_district
        met: set[str] = set()
        while org and org not in met:
            if self.types.get(org) == "district":
                return org
            met.add(org)
            org = self.parents.get(org, "")
        every = [each for each, kind in self.types.items() if kind == "district"]
        return every[0] if len(every) == 1 else DEFAULT_DISTRICT

    def begin_of(self, given: dict[str, str]) -> str:
        """The first day of an enrollment in a class: its own, else that of the class's first term."""
        if given.get("beginDate"):
            return day_of(given["beginDate"])
        starts = [
            self.starts[term] for term in self.terms.get(given["classSourcedId"], ()) if term in self.starts
        ]
        return min(starts, default="")

    def counts_as_stay(self, given: dict[str, str]) -> bool:
        """Whether an enrollment in a class tells when a student attends the school.

        That of a homeroom does. A student without one is taken to attend while in any class, where the file
        is whole; of changes alone no such thing can be told.
        """
        if given["classSourcedId"] in self.homerooms:
            return True
        return not self.is_delta and given["userSourcedId"] not in self.in_homeroom


def gathered(call: Call, named_district: str) -> Roster:
    """Read what the records need to know of each other."""
    roster = Roster(call, named_district)
    for _, row in call.rows(ORGS.name):
        given = row.given
        if "sourcedId" in given:
            roster.types[given["sourcedId"]] = given.get("type", "").lower()
            roster.parents[given["sourcedId"]] = given.get("parentSourcedId", "")
    for _, row in call.rows(SESSIONS.name):
        start = day_of(row.given.get("startDate", ""))
        if "sourcedId" in row.given and read_date(start) is not None:
            roster.starts[row.given["sourcedId"]] = start
    for _, row in call.rows(CLASSES.name):
        given = row.given
        if given.get("classType", "").lower() == "homeroom":
            roster.homerooms.add(given.get("sourcedId", ""))
        terms = [term.strip() for term in given.get("termSourcedIds", "").split(",")]
        roster.terms[given.get("sourcedId", "")] = terms
    _people(call, roster)
    _mode(call, roster)
    return roster


def _people(call: Call, roster: Roster) -> None:
    for _, row in call.rows(ROLES.name):
        if row.given.get("role", "").lower() == "student" and row.given.get("status") != DELETED:
            roster.students.add(row.given.get("userSourcedId", ""))
    for _, row in call.rows(ENROLLMENTS.name):
        given = row.given
        if is_student(given):
            user = given.get("userSourcedId", "")
            roster.students.add(user)
            if given.get("classSourcedId") in roster.homerooms:
                roster.in_homeroom.add(user)
    for _, row in call.rows(USERS.name):
        given = row.given
        user = given.get("sourcedId", "")
        if given.get("role", "").lower() == "student":
            roster.students.add(user)
        roster.grades[user] = grade_of(given.get("grades", ""))
    for _, row in call.rows(DEMOGRAPHICS.name):
        roster.demographics[row.given.get("sourcedId", "")] = row.given


def _mode(call: Call, roster: Roster) -> None:
    """Whether the enrollments are changes: as the manifest says, else where any has a status."""
    said = {
        row.given.get("propertyName", "").lower(): row.given.get("value", "").lower()
        for _, row in call.rows(MANIFEST.name)
    }
    mode = said.get("file.enrollments", "")
    if mode in ("bulk", "delta"):
        roster.is_delta = mode == "delta"
    else:
        roster.is_delta = any("status" in row.given for _, row in call.rows(ENROLLMENTS.name))


def is_student(given: dict[str, str]) -> bool:
    """Whether an enrollment in a class is a student's."""
    return given.get("role", "").lower() == "student"
