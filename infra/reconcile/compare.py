"""Their file beside our ledger: what is compared with what, and the rows that come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from infra.edsight.codes import Codes
from infra.exports.writing import Row
from infra.reconcile.output import UNEXPLAINED, group_rows, student_rows
from infra.reconcile.theirs import TheirStudent
from models.bits import last_day
from models.ledger.district import Ledger
from models.policy import Policy
from models.published import Published, same_value
from models.reconcile.causes import Explained
from models.reconcile.evidence import evidence_of, in_state_order
from models.reconcile.groups import DISTRICT, Group, Person, TheirGroup, count_groups, explain_groups
from models.reconcile.reading import Reading
from models.reconcile.recount import Evidence
from models.reconcile.students import Key, TheirCount, count_students, explain_students
from models.student_groups import groups_of, student_record

NOT_KNOWN, NO_DAYS = "not_known_here", "no_membership_day_here"


class Ours(NamedTuple):
    """What we have of a district's school year by a day."""

    ledger: Ledger
    policy: Policy
    evidence: Mapping[str, Evidence]
    people: Mapping[str, Person]


class Compared(NamedTuple):
    """The rows, and how many of what was compared agree, and differ by which cause."""

    students: list[Row]
    groups: list[Row]
    of: int
    agreeing: int
    causes: Counter[str]


def ours_of(ledger: Ledger, as_of: date, policy: Policy, taken_at: str | None) -> Ours:
    """Count a district once."""
    evidence = evidence_of(ledger, as_of, policy, taken_at)
    people = {}
    for student in in_state_order(ledger, iter(evidence)):
        year = evidence[student].year
        owner = year.owner(last_day(year.membership))
        groups = {name: value for name, value in groups_of(student_record(ledger, student)).items() if value}
        people[student] = Person(owner.school, owner.grade, groups)
    return Ours(ledger, policy, evidence, people)


def compare_students(ours: Ours, rows: Sequence[TheirStudent], school_scope: bool) -> Compared:
    """A file of students. Where it names schools, only our students of these are missed in it."""
    base = Reading(school_scope=school_scope)
    theirs = {(row.student, row.school if school_scope else ""): row.says for row in rows}
    schools = {row.school for row in rows if row.school}
    mine = count_students(ours.evidence, _our_keys(ours, schools, school_scope), base)
    keys = sorted({*theirs, *mine})
    explained = explain_students(theirs, ours.evidence, keys, base, ours.policy)
    counted = count_students(ours.evidence, keys, base)
    places = {(row.student, row.school if school_scope else ""): row.school for row in rows if row.school}
    for student, at in keys:
        if (student, at) not in places and student in ours.people:
            places[student, at] = at or ours.people[student].school
    fallback = {key: _fallback(ours, key[0]) for key in explained.causes if key not in counted}
    students = list(student_rows(ours.ledger.district, places, theirs, counted, explained, fallback, keys))
    groups = _groups_of_students(ours, theirs, places, schools)
    of_groups = explain_groups(groups, ours.evidence, ours.people, base, ours.policy)
    tables = count_groups(ours.evidence, ours.people, list(groups), base)
    shown = list(group_rows(ours.ledger.district, groups, tables, of_groups))
    return Compared(students, shown, explained.of, explained.agreeing, _tally(explained, fallback))


def compare_groups(ours: Ours, groups: Mapping[Group, TheirGroup]) -> Compared:
    """A file of counts. PK is left out on our side, as in the published rates."""
    base = Reading(pk="out")
    spelled = _spelling(ours.people.values())
    theirs = {
        key._replace(
            value=spelled.get((key.dimension, same_value(key.dimension, key.value)), key.value)
        ): held
        for key, held in groups.items()
    }
    explained = explain_groups(theirs, ours.evidence, ours.people, base, ours.policy)
    tables = count_groups(ours.evidence, ours.people, list(theirs), base)
    shown = list(group_rows(ours.ledger.district, theirs, tables, explained))
    return Compared([], shown, explained.of, explained.agreeing, _tally(explained, {}))


def published_groups(district: str, rows: Iterable[Published], codes: Codes) -> dict[Group, TheirGroup]:
    """The rows of an EdSight export that are a district's, or its schools', as groups of ours."""
    code = codes.of_district(district)
    schools = {held: school for (of, school), held in codes.schools.items() if of == district}
    found = {}
    for row in rows:
        if row.level == "state" or code not in (row.district_code, row.district_name):
            continue
        school = schools.get(row.school_code, row.school_code or row.school_name)
        # One decimal is what EdSight prints.
        places = 1 if row.rate is not None and row.rate % 10 == 0 else 2
        rate = row.rate // 10 if row.rate is not None and places == 1 else row.rate
        found[Group(school, row.dimension, row.value)] = TheirGroup(None, row.chronic, rate, places)
    return found


def _our_keys(ours: Ours, schools: set[str], school_scope: bool) -> list[Key]:
    if school_scope:
        return [
            (student, school)
            for student, held in ours.evidence.items()
            for school in dict.fromkeys(part.school for part in held.year.parts)
            if not schools or school in schools
        ]
    return [
        (student, "") for student, person in ours.people.items() if not schools or person.school in schools
    ]


def _fallback(ours: Ours, student: str) -> str:
    """What is said of a student of theirs whom no reading brings into ours."""
    held = ours.ledger.students.get(student)
    return NOT_KNOWN if held is None or not held.enrolled else NO_DAYS


def _groups_of_students(
    ours: Ours, theirs: Mapping[Key, TheirCount], places: Mapping[Key, str], schools: set[str]
) -> dict[Group, TheirGroup]:
    """Their students added up by school and group: the groups are those that our student records give.

    A file of some schools says nothing of the whole district.
    """
    cells: dict[Group, list[int]] = {}
    unsaid: set[Group] = set()
    known = {person.school for person in ours.people.values()}
    whole = not schools or known <= schools
    seen: set[str] = set()
    for key, said in theirs.items():
        if said.enrolled == 0:
            continue
        person = ours.people.get(key[0])
        where = [places[key]] if key in places else []
        if whole and key[0] not in seen:
            where.append(DISTRICT)
            seen.add(key[0])
        belongs = [("all", "")]
        if person is not None:
            belongs += [("grade", person.grade), *person.groups.items()]
        for school in where:
            for dimension, value in belongs:
                group = Group(school, dimension, value)
                cell = cells.setdefault(group, [0, 0])
                cell[0] += 1
                cell[1] += said.is_chronic is True
                if said.is_chronic is None or (school == DISTRICT and key[1]):
                    unsaid.add(group)  # their chronic students of a school are not those of the district
    for person in ours.people.values():
        for school in (person.school, *([DISTRICT] if whole else [])):
            if not schools or school in schools or school == DISTRICT:
                for dimension, value in (("all", ""), ("grade", person.grade), *person.groups.items()):
                    cells.setdefault(Group(school, dimension, value), [0, 0])
    return {
        group: TheirGroup(cell[0], None if group in unsaid else cell[1])
        for group, cell in sorted(cells.items())
    }


def _spelling(people: Iterable[Person]) -> dict[tuple[str, str], str]:
    """How the district writes each value of a group."""
    return {
        (dimension, same_value(dimension, value)): value
        for person in people
        for dimension, value in person.groups.items()
    }


def _tally(explained: Explained[Key] | Explained[Group], fallback: Mapping[Key, str]) -> Counter[str]:
    """How often each cause comes first."""
    found: Counter[str] = Counter()
    for key, named in explained.causes.items():
        otherwise = fallback.get(key, UNEXPLAINED) if not isinstance(key, Group) else UNEXPLAINED
        found[named[0].label if named else otherwise] += 1
    return found
