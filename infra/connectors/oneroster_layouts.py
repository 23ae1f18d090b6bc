"""The files of OneRoster CSV (1.1 and 1.2) that are read, and what their values mean (oneroster)."""

from __future__ import annotations

from infra.files.tables import Layout

_KEPT = ("status", "dateLastModified")

ORGS = Layout(
    "orgs",
    ("sourcedId", "name", "type"),
    (*_KEPT, "parentSourcedId"),
    ("sourcedId", "name", "type", "parentSourcedId"),
)
USERS = Layout(
    "users",
    ("sourcedId", "givenName", "familyName"),
    (*_KEPT, "role", "grades", "orgSourcedIds", "primaryOrgSourcedId"),
    ("sourcedId", "username", "givenName", "familyName"),
)
ROLES = Layout("roles", ("userSourcedId", "role"), ("status",), ("userSourcedId", "roleType", "role"))
DEMOGRAPHICS = Layout(
    "demographics",
    ("sourcedId", "birthDate"),
    (
        *_KEPT, "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces",
        "hispanicOrLatinoEthnicity",
    ),
    ("sourcedId", "birthDate", "sex"),
)  # fmt: skip
SESSIONS = Layout(
    "academicSessions",
    ("sourcedId", "startDate"),
    (),
    ("sourcedId", "type", "startDate", "endDate"),
)
CLASSES = Layout(
    "classes",
    ("sourcedId", "classType"),
    ("termSourcedIds",),
    ("sourcedId", "classType", "schoolSourcedId"),
)
ENROLLMENTS = Layout(
    "enrollments",
    ("classSourcedId", "schoolSourcedId", "userSourcedId", "role"),
    (*_KEPT, "beginDate", "endDate"),
    ("classSourcedId", "userSourcedId", "role"),
)
MANIFEST = Layout("manifest", ("propertyName", "value"))

LAYOUTS = (MANIFEST, ENROLLMENTS, ROLES, DEMOGRAPHICS, CLASSES, SESSIONS, USERS, ORGS)
NOT_NEEDED = (
    "courses", "resources", "classresources", "courseresources", "categories", "lineitems", "results",
    "lineitemlearningobjectiveids", "lineitemscorescales", "resultlearningobjectiveids", "resultscorescales",
    "scorescales", "userprofiles", "userresources",
)  # fmt: skip

# Grades that are written in another way than the records'; any other is left as it is, and judged.
_GRADES = {"PR": "PK", "PS": "PK", "KG": "K"}
_GENDERS = {"female": "F", "male": "M", "f": "F", "m": "M", "unspecified": "", "other": "X", "x": "X"}
_RACES = {
    "americanIndianOrAlaskaNative": "American Indian or Alaska Native",
    "asian": "Asian",
    "blackOrAfricanAmerican": "Black or African American",
    "nativeHawaiianOrOtherPacificIslander": "Native Hawaiian or Other Pacific Islander",
    "white": "White",
}
_HISPANIC = "Hispanic/Latino of any race"
_SEVERAL = "Two or More Races"


def grade_of(text: str) -> str:
    """The grade of a user; of several (`09,10`) the text as it is, which is refused."""
    return _GRADES.get(text.upper(), text)


def gender_of(text: str) -> str:
    """The sex of demographics as a gender."""
    return _GENDERS.get(text.lower(), text)


def race_of(given: dict[str, str]) -> str:
    """One of the seven groups of Connecticut; blank where none is said."""

    def said(name: str) -> bool:
        return given.get(name, "").lower() == "true"

    if said("hispanicOrLatinoEthnicity"):
        return _HISPANIC
    named = [race for name, race in _RACES.items() if said(name)]
    if len(named) > 1 or said("demographicRaceTwoOrMoreRaces"):
        return _SEVERAL
    return named[0] if named else ""
