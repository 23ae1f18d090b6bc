"""Names that student information systems give to the fields of a record.

Of several names that a file has, the first in this list is proposed. A name that is not here is never
printed: in a file without a header it might be a student's.
"""

from __future__ import annotations

import re

from models.columns import Kind

_NO_LETTER = re.compile(r"[^a-z0-9]")
# The tables of Aspen put their own name before that of the field.
_PREFIX = re.compile(r"(?:att|std|skl)(?=.)")

_DISTRICT = "districtid districtcode leaid localeducationagencyid"
_SCHOOL = """
    schoolid schoolnumber schoolcode schoollocalid sklschoolid schoolno schoolstateid attskloid skloid
    schooldbn buildingid buildingcode building siteid sitecode schoolreferenceschoolid
    schoolreferenceschoolidentityschoolid
    calendarreferencecalendaridentityschoolreferenceschoolidentityschoolid orgsourcedid school schoolname
"""
_STUDENT = """
    studentid studentnumber studentno localid stdidlocal studentlocalid lasid studentuniqueid
    studentreferencestudentuniqueid attstdoid stdoid permid permanentid pupilid pupilnumber stuid
    studentidnumber personid userid usersourcedid sasid stateid studentstateid stdidstate id
"""
_RECORDED = """
    recordedat lastmodified attlastmodified lastmodifieddate datelastmodified modifieddate datemodified
    lastupdated lastupdate updatedat whenmodified lastchanged changed transactiondate lastmodifiedtimestamp
"""

_SYNONYMS: dict[Kind, dict[str, str]] = {
    Kind.ATTENDANCE: {
        "district_id": _DISTRICT,
        "school_id": _SCHOOL,
        "student_id": _STUDENT,
        "date": "date attdate attendancedate absencedate eventdate dateofabsence dayabsent calendardate",
        "code": "code attcode attendancecode attcodeview codeview absencecode attendanceeventcategory "
        "attendanceeventcategorydescriptor attendancemark mark attendancetype absencetype",
        "recorded_at": _RECORDED,
        "absent_fraction": "absentfraction portionabsent attportionabsent absentdaysequivalent eventduration "
        "absencevalue dayfraction minutesabsent absentminutes minutesmissed minutespresent presentminutes",
    },
    Kind.ENROLLMENT: {
        "district_id": _DISTRICT,
        "school_id": _SCHOOL,
        "student_id": _STUDENT,
        "grade": "grade gradelevel currentgrade entrygradelevel entrygradeleveldescriptor gradelevelcode gr "
        "gradelevels stdgradelevel",
        "entry_date": "entrydate enrollmentstartdate startdate enrolldate enrollmentdate schoolentrydate "
        "registrationdate begindate dateentered entered",
        "exit_date": "exitdate exitwithdrawdate withdrawaldate withdrawdate enddate enrollmentenddate "
        "leavedate dateleft left",
        "recorded_at": _RECORDED,
        "track": "track calendartrack",
    },
    Kind.CALENDAR: {
        "district_id": _DISTRICT,
        "school_id": _SCHOOL,
        "date": "date calendardate schooldate dayid day eventdate",
        "kind": "kind calendarevent calendareventdescriptor daytype eventtype calendardaytype typeofday",
        "recorded_at": _RECORDED,
        "minutes": "minutes instructionalminutes dayminutes minutesinday lengthofday",
    },
    Kind.STUDENT: {
        "district_id": _DISTRICT,
        "student_id": _STUDENT,
        "recorded_at": _RECORDED,
        "first_name": "firstname givenname studentfirstname stufirstname",
        "last_name": "lastname lastsurname familyname surname studentlastname fullname studentname "
        "name student",
        "birthdate": "birthdate dateofbirth dob birthday studentbirthdate",
        "language": "homelanguage language primarylanguage nativelanguage",
        "counselor": "counselor guidancecounselor counselorname",
        "race_ethnicity": "raceethnicity race ethnicity federalraceethnicity ethnicityrace",
        "gender": "gender sex",
        "english_learner": "englishlearner el ell lep ml multilinguallearner",
        "disability": "disability specialeducation sped swd iep studentwithdisability",
        "meals": "meals lunchstatus freereducedlunch mealstatus frl lunchcode freereduced",
        "homeless": "homeless homelessflag mckinneyvento",
    },
    Kind.PRIOR_YEAR: {
        "district_id": _DISTRICT,
        "student_id": _STUDENT,
        "school_year": "schoolyear year academicyear",
        "enrolled_days": "enrolleddays daysenrolled membershipdays daysofmembership membership "
        "daysinmembership",
        "absent_days": "absentdays daysabsent absences totalabsences dayslost",
        "recorded_at": _RECORDED,
    },
    Kind.SCHOOL: {
        "district_id": _DISTRICT,
        "school_id": _SCHOOL,
        "name": "schoolname nameofinstitution name description",
        "recorded_at": _RECORDED,
    },
}

_KNOWN = {
    kind: {field: names.split() for field, names in fields.items()} for kind, fields in _SYNONYMS.items()
}
_ALL = frozenset(name for fields in _KNOWN.values() for names in fields.values() for name in names)


def plain(name: str) -> str:
    """A name as the lists have it: small letters and digits alone."""
    return _NO_LETTER.sub("", name.lower())


def known(name: str) -> bool:
    """Whether a name stands for some field."""
    return not _ALL.isdisjoint(_forms(name))


def fields_found(kind: Kind, header: list[str]) -> dict[str, list[str]]:
    """The columns of a header by the field of a kind that they may give, the likeliest first.

    A column is given to one field only.
    """
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for field, names in _KNOWN[kind].items():
        ranked = sorted(
            (min(names.index(form) for form in _forms(name) if form in names), place, name)
            for place, name in enumerate(header)
            if name not in taken and any(form in names for form in _forms(name))
        )
        if ranked:
            found[field] = [name for _, _, name in ranked]
            taken.add(ranked[0][2])
    return found


def _forms(name: str) -> tuple[str, ...]:
    """A name, and the name without what a table puts before it."""
    whole = plain(name)
    return (whole, _PREFIX.sub("", whole, count=1))
