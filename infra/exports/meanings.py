"""What each column of each export and paper means, in the words of the documents.

The tables of docs/ and the dictionaries beside exports both have them; tests/contract/test_docs.py holds the
documents to them. Marks are those of Markdown.
"""

from __future__ import annotations

_DISTRICT = "the district"
_STUDENT = "the student's id in the district"
_YEAR = "such as `2021-22`"
_LAST_SCHOOL = "that of the student's last membership day"

MEANINGS: dict[str, dict[str, str]] = {
    "standings": {
        "district_id": _DISTRICT,
        "scope": "`district`: all schools of the district; `school`: the days at one school",
        "school_id": "the school; in district scope that of the last membership day by then",
        "student_id": _STUDENT,
        "grade": "that of the last membership day",
        "enrolled_days": "counted days",
        "absent_days": "counted days on which the student was absent",
        "excused_days": "excused ones of the absent days; the five classes add up to `absent_days`",
        "unexcused_days": "unexcused ones of the absent days",
        "disciplinary_days": "disciplinary ones of the absent days",
        "mhw_days": "valid mental health wellness days, which are among the absent days",
        "unknown_days": "absent days of which nobody has said why",
        "unreported_days": "membership days by then of which nothing is known yet",
        "rate_percent": "absent of counted days; two decimals, half up; blank when nothing is counted",
        "tier": "`I`, `II`, `III`; blank when nothing is counted, and for PK",
        "level": "1 or 2; blank for PK",
        "window_days": "counted days in the rolling window",
        "window_absent_days": "those of the window on which the student was absent",
        "data_through": "the last counted day",
    },
    "bounds": {
        "rate_lower_percent": "`absent_days` of `enrolled_days + unreported_days`; two decimals, half up",
        "rate_upper_percent": "`absent_days + unreported_days` of `enrolled_days + unreported_days`",
        "tier_lower": "the tier at the lower bound; blank for PK",
        "tier_upper": "the tier at the upper bound; blank for PK",
    },
    "alerts": {
        "alert_id": "the same alert has the same id wherever it is worked out",
        "district_id": _DISTRICT,
        "scope": "`district` or `school`",
        "school_id": "the school of the opening day",
        "current_school_id": f"{_LAST_SCHOOL} of that year",
        "student_id": _STUDENT,
        "school_year": _YEAR,
        "rule": "one of [rules.md](rules.md#alerts)",
        "opened_on": "the first day that qualifies",
        "recovered_on": "the last recovery; blank while it stands",
        "enrolled_days": "counted days on the opening day (of last year for `prior_year_*`)",
        "absent_days": "those of them on which the student was absent",
        "condition": "`standing`, `recovered`, or `withdrawn` (then the row shows what was last published)",
        "amendments": "how often what was published has changed",
    },
    "refused": {
        "file": "the file's name, or topic and partition",
        "line": "the line on which the row begins (the header is line 1), or the offset",
        "kind": "the kind of record, blank where it cannot be told",
        "reason": "one of [the reasons](records.md#reasons)",
        "field": "the column at fault, blank where it is the whole record",
        "message": "a sentence that says what to mend",
        "record": "the record as it came; of a file's row at most 64 KiB, then it ends in `[cut]`",
    },
    "documentation": {
        "district_id": _DISTRICT,
        "current_school_id": f"{_LAST_SCHOOL} by the date",
        "window_closes_on": "the last school day of the window; blank before a return, and where the year's"
        " calendar does not reach that far",
        "window_state": "`not_returned`; `open`; `closed`: a day after it has been reported, by the date",
        "student_id": _STUDENT,
        "school_year": _YEAR,
        "absent_on": "the day of the absence",
        "class": "`unknown`, or `unexcused` with the policy's switch",
        "level": "1, or 2 from the tenth absence of the year on; blank for PK",
        "returned_on": "the first reported day in attendance after the absence; blank before it",
        "school_id": "the school of the absence",
    },
    "truancy": {
        "district_id": _DISTRICT,
        "current_school_id": f"{_LAST_SCHOOL} of that year by the date",
        "meeting_due_on": "the last day in time for a meeting with the parents; blank while it is not known",
        "meeting_state": "`due`: that day has not passed by the date; `past_due`: it has; `not_yet_known`",
        "student_id": _STUDENT,
        "school_year": _YEAR,
        "rule": "`truancy_month` or `truancy_year`",
        "opened_on": "the day of the absence that opened the alert",
        "clock_starts_on": "the day after which the school days count: `opened_on`, or the first day on which"
        " the alert could be known, where an absence [became unexcused"
        " later](rules.md#the-time-to-explain-an-absence)",
        "school_id": "the school of `opened_on`",
        "alert_id": "that of [the alert](operate.md#alerts)",
    },
    "quality": {
        "finding": "what is doubtful: one of [the findings](operate.md#data-quality)",
        "district_id": _DISTRICT,
        "school_id": "the school",
        "detail": "which sort of the finding; null where there is one only",
        "code": "the code that it is about; null where it is about none",
        "count": "how many records, absent days or students; null where it is not shown",
        "of": "of how many; null where it is not shown",
        "counted": "what is counted: records, absent days or students",
        "suppressed": "why a count is not shown; null where it is",
        "days": "on how many days",
        "first_date": "the first of them",
        "last_date": "the last of them",
        "what": "what is doubtful, as a sentence",
        "remedy": "what to do about it",
    },
    "psis": {
        "Reporting District": "the state's number of the district: `--reporting-district`, or the"
        " district's id where that has 3 digits",
        "SASID": "from the file of `--sasid`; of students that are not in it their id, where it has 10"
        " digits",
        "Date of Birth": "MMDDYYYY, from the student record",
        "Month of Membership": "the month, two digits",
        "Year of Membership": "the calendar year",
        "Number of Days of In-Person Membership": "membership days of the month that are not remote",
        "Number of Days of In-Person Attendance": "days of in-person membership on which the student was in"
        " attendance",
        "Number of Days of Remote Membership": "days whose records have a code with `remote` `yes`",
        "Number of Days of Remote Attendance": "days of remote membership on which the student was in"
        " attendance",
    },
    "agenda": {
        "school_id": f"{_LAST_SCHOOL} by the date",
        "student_id": _STUDENT,
        "grade": "that of the last membership day",
        "reason": "`chronic`, `truant`, `chronic and truant`",
        "enrolled_days": "counted days in the district",
        "absent_days": "counted days on which the student was absent",
        "rate_percent": "absent of counted days; two decimals, half up",
        "tier": "the worse of that in the district and that at the present school",
        "unexcused_days": "unexcused ones of the absent days",
        "truant_since": "the day that opened the first such alert of the year; blank: not truant",
        "meeting_due_on": "the last day in time for [a meeting with the"
        " parents](operate.md#truancy-meetings)",
        "meeting_state": "`due`, `past_due` or `not_yet_known`, by the date",
        "first_name": "with `--names` only: from the student record",
        "last_name": "with `--names` only: from the student record",
    },
    "tables": {
        "District": "the district's name as it was given, else its id",
        "District Code": "the district's id",
        "School": "the school's name in force on the date, else its id",
        "School Code": "the school's id",
        "Grade": "that of the last counted day",
        "English Learner Status": "from the student record; ELL are English learners",
        "Special Education Status": "from the student record: whether it says a disability",
        "Free/Reduced Price Meal Eligibility": "from the student record",
        "Race/Ethnicity": "from the student record, as it is written there",
        "Gender": "from the student record",
        "High Needs Status": "English learners, students with a disability, and those with free or"
        " reduced-price meals",
        "Homeless Status": "from the student record",
        "Student Count": "how many students are chronically absent: on 10 % or more of their counted days",
        "%": "these of all students of the group; one decimal, half up",
    },
    "datt": {
        "Students": "students with a counted day in the school year by the date, each once",
        "Satisfactory (under 5 % absent)": "students absent on under 5 % of their counted days",
        "At risk (5 to under 10 %)": "students absent on 5 to under 10 % of their counted days",
        "Moderate chronic (10 to under 20 %)": "students absent on 10 to under 20 % of their counted days",
        "Severe chronic (20 % and over)": "students absent on 20 % of their counted days or more",
        "Chronically absent (10 % and over)": "the moderate and the severe together",
        "Chronic rate in %": "the chronically absent of all students of the row; one decimal, half up",
        "Student": _STUDENT,
        "Name": "the school's name in force on the date",
        "Days enrolled": "counted days in the district",
        "Days absent": "counted days on which the student was absent",
        "Absence rate in %": "absent of counted days; two decimals, half up",
        "Band": "which of the four the student's rate lies in",
        "Share in %": "of all students; one decimal, half up",
    },
}
"""By export, and by column in its order."""
