"""Small made-up exports of student information systems, after the public layouts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Files = dict[str, bytes]

CATEGORY = "uri://ed-fi.org/AttendanceEventCategoryDescriptor#"
CALENDAR_EVENT = "uri://ed-fi.org/CalendarEventDescriptor#"
GRADE = "uri://ed-fi.org/GradeLevelDescriptor#"


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def listed(objects: Iterable[Any]) -> bytes:
    """What an API answers: one list, an object a line."""
    return ("[\n" + ",\n".join(json.dumps(each) for each in objects) + "\n]").encode()


def api_event(student: str, day: str, category: str, modified: str = "", **more: Any) -> dict[str, Any]:
    """A studentSchoolAttendanceEvent of school 11."""
    made: dict[str, Any] = {
        "id": "0f8f",
        "schoolReference": {"schoolId": 11, "link": {"rel": "School", "href": "/ed-fi/schools/1"}},
        "sessionReference": {"schoolId": 11, "schoolYear": 2022, "sessionName": "Fall"},
        "studentReference": {"studentUniqueId": student},
        "eventDate": day,
        "attendanceEventCategoryDescriptor": CATEGORY + category,
        "_etag": "52",
        **more,
    }
    return made | ({"_lastModifiedDate": modified} if modified else {})


def api_date(day: str, event: str, code: str = "M", modified: str = "") -> dict[str, Any]:
    """A calendarDate of school 11."""
    made: dict[str, Any] = {
        "calendarReference": {"calendarCode": code, "schoolId": 11, "schoolYear": 2022},
        "date": day,
        "calendarEvents": [{"calendarEventDescriptor": CALENDAR_EVENT + event}],
    }
    return made | ({"_lastModifiedDate": modified} if modified else {})


def api_stay(student: str, entry: str, grade: str, modified: str = "", **more: Any) -> dict[str, Any]:
    """A studentSchoolAssociation of school 11."""
    made: dict[str, Any] = {
        "schoolReference": {"schoolId": 11},
        "studentReference": {"studentUniqueId": student},
        "entryDate": entry,
        "entryGradeLevelDescriptor": GRADE + grade,
        **more,
    }
    return made | ({"_lastModifiedDate": modified} if modified else {})


DAYS = ("2021-09-01", "2021-09-02", "2021-09-03", "2021-09-07", "2021-09-08")
SUMMER = "2021-08-01T08:00:00Z"


def edfi_json() -> Files:
    """School 11 of district 0042, five school days, students 0007 and 0008."""
    return {
        "schools.json": listed(
            [
                {
                    "schoolId": 11,
                    "nameOfInstitution": "North",
                    "localEducationAgencyReference": {"localEducationAgencyId": "0042"},
                }
            ]
        ),
        "calendarDates.json": listed(
            [
                *(api_date(day, "Instructional day", modified=SUMMER) for day in DAYS),
                api_date("2021-09-06", "Holiday", modified=SUMMER),
            ]
        ),
        "students.json": listed(
            [
                {
                    "studentUniqueId": "0007",
                    "firstName": "Ann",
                    "lastSurname": "Lee",
                    "birthDate": "2012-03-04",
                },
                {
                    "studentUniqueId": "0008",
                    "firstName": "Bo",
                    "lastSurname": "Day",
                    "birthDate": "2015-03-04",
                },
            ]
        ),
        "studentSchoolAssociations.json": listed(
            [
                api_stay("0007", "2021-09-01", "Fourth grade", SUMMER),
                api_stay("0008", "2021-09-02", "First grade", SUMMER),
            ]
        ),
        "studentSchoolAttendanceEvents.json": listed(
            [
                api_event("0007", "2021-09-01", "Excused Absence", "2021-09-01T14:00:00Z"),
                api_event(
                    "0007", "2021-09-02", "Unexcused Absence", "2021-09-02T14:00:00Z", eventDuration=1.0
                ),
                api_event("0007", "2021-09-03", "Tardy", "2021-09-03T14:00:00Z"),
                api_event("0008", "2021-09-07", "Unexcused Absence", "2021-09-07T14:00:00Z"),
                api_event("0008", "2021-09-08", "Excused Absence", "2021-09-08T14:00:00Z", eventDuration=0.5),
            ]
        ),
    }


def table(*rows: str, end: str = "\n") -> bytes:
    """A table of rows as they stand."""
    return "".join(row + end for row in rows).encode()


def canonical_calendar(*schools: str, district: str = "0042") -> bytes:
    """A calendar in the canonical form, which stands beside what has none."""
    head = "district_id,school_id,date,kind,recorded_at"
    return table(
        head, *(f"{district},{school},{day},instructional,{SUMMER}" for school in schools for day in DAYS)
    )


def oneroster() -> Files:
    """Bulk: student 0007 with a homeroom, 0008 with classes only; attendance and calendar beside them."""
    return {
        "manifest.csv": table("propertyName,value", "manifest.version,1.0", "file.enrollments,bulk"),
        "orgs.csv": table(
            "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
            "0042,,,The District,district,,",
            '11,,,"North, Upper",school,,0042',
        ),
        "academicSessions.csv": table(
            "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
            "y,,,Year,schoolYear,2021-09-01,2022-06-15,,2022",
        ),
        "classes.csv": table(
            "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
            "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
            "hr,,,Room 4,,c,,homeroom,,11,y,,,",
            "math,,,Mathematics,,c,,scheduled,,11,y,,,",
            "art,,,Art,,c,,scheduled,,11,y,,,",
        ),
        "users.csv": table(
            "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
            "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
            "0007,,,true,11,student,ann,,Ann,Lee,,,,,,,04,",
            "0008,,,true,11,student,bo,,Bo,Day,,,,,,,KG,",
            "t1,,,true,11,teacher,tea,,Tea,Cher,,,,,,,,",
        ),
        "demographics.csv": table(
            "sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,asian,"
            "blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,"
            "hispanicOrLatinoEthnicity",
            "0007,,,2012-03-04,female,false,true,false,false,false,false,false",
            "0008,,,2016-03-04,male,false,false,false,false,true,false,true",
        ),
        "enrollments.csv": table(
            "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
            "beginDate,endDate",
            "e1,,,hr,11,0007,student,,,",
            "e2,,,math,11,0007,student,,2021-09-01,2021-09-03",
            "e3,,,math,11,0008,student,,2021-09-02,2021-09-05",
            "e4,,,art,11,0008,student,,2021-09-06,",
            "e5,,,art,11,t1,teacher,,,",
        ),
        "calendar.csv": canonical_calendar("11"),
        "codes.csv": table(
            "district_id,code,status,class,recorded_at",
            f"0042,U,absent,unexcused,{SUMMER}",
            f"0042,E,absent,excused,{SUMMER}",
            f"0042,P,in_attendance,,{SUMMER}",
        ),
        "daily.csv": table(
            "district_id,school_id,student_id,date,code,recorded_at",
            "0042,11,0007,2021-09-01,U,2021-09-01T14:00:00Z",
            "0042,11,0007,2021-09-02,E,2021-09-02T14:00:00Z",
            "0042,11,0008,2021-09-03,U,2021-09-03T14:00:00Z",
            "0042,11,0008,2021-09-08,P,2021-09-08T14:00:00Z",
        ),
    }


def aspen() -> Files:
    """The table of attendance with its OIDs, the students of the published export, and a calendar."""
    return {
        "STUDENT_ATTENDANCE.csv": table(
            "'ATT_OID','ATT_STD_OID','ATT_SKL_OID','ATT_DATE','ATT_CODE_VIEW','ATT_TARDY_IND','ATT_REASON_CODE',"
            "'ATT_EXCUSED_IND','ATT_COMMENT','ATT_ABSENT_IND','ATT_LAST_MODIFIED','ATT_PORTION_ABSENT',"
            "'ATT_ABSENT_IND_02'",
            '"ATT1","STD7","SKL1","2021-09-01","A","0","","0","NULL","1","1630526400000","1.0000","0"',
            r'"ATT2","STD7","SKL1","2021-09-02","A-E","0","ILL","1","\"ill, again\"","1","NULL","0.0000","0"',
            '"ATT3","STD7","SKL1","2021-09-03","T","1","","0","NULL","0","NULL","0.0000","0"',
            '"ATT4","STD8","SKL1","2021-09-03","A","0","","0","NULL","1","NULL","0.5000","0"',
            '"ATT5","STD8","SKL1","2021-09-07","D","0","","0","NULL","0","NULL","0.7500","0"',
            '"ATT6","STD8","SKL1","2021-09-08","T-E","1","","1","NULL","0","NULL","0.0000","0"',
        ),
        "STUDENT.csv": table("STD_OID,STD_ID_LOCAL", "STD7,0007", "STD8,0008"),
        "SCHOOL.csv": table("SKL_OID,SKL_SCHOOL_ID", "SKL1,HEA"),
        "students.csv": table(
            '"state_id","local_id","full_name","home_language","grade","registration_date","school_local_id",'
            '"enrollment_status","date_of_birth","gender","race","hispanic_latino","counselor",'
            '"free_reduced_lunch"',
            '"1","0007","Lee, Ann","English","07","2018-02-20","HEA","Active","2009-07-15","F","Asian","0",'
            '"NULL","Free Lunch"',
            '"2","0008","Day, Bo","NULL","07","2021-09-02","HEA","Active","2009-07-15","M","White","1",'
            '"COX, J","Not Eligible"',
            '"3","0009","Old, Abe","NULL","08","2016-09-02","HEA","Withdrawn","2008-07-15","M","White","0",'
            '"NULL","Not Eligible"',
        ),
        "calendar.csv": canonical_calendar("HEA"),
    }


def powerschool() -> Files:
    """Tables with tabs and commas; students 7 and 8 at school 100, and 9 at school 200 on track A."""
    return {
        "attendance.text": table(
            "ID\tAtt_Date\tStudentID\tSchoolID\tYearID\tAttendance_CodeID\tAtt_Mode_Code\tAtt_Comment",
            "1\t09/01/2021\t7\t100\t31\t501\tATT_ModeDaily\t",
            "2\t09/02/2021\t7\t100\t31\t502\tATT_ModeDaily\tcalled, ill",
            "3\t09/03/2021\t7\t100\t31\t503\tATT_ModeDaily\t",
            "4\t09/03/2021\t8\t100\t31\t501\tATT_ModeMeeting\t",
            "5\t9/7/2021\t8\t100\t31\t504\tATT_ModeDaily\t",
            "6\t9/8/2021\t8\t100\t31\t501\tATT_ModeDaily\t",
            "7\t9/8/2021\t9\t200\t31\t601\tATT_ModeDaily\t",
        ),
        "attendance_code.csv": table(
            "Attendance_Code.ID,Attendance_Code.SchoolID,Attendance_Code.YearID,Attendance_Code.Att_Code,"
            "Attendance_Code.Description,Attendance_Code.Presence_Status_CD",
            "501,100,31,A,Absent,Absent",
            "502,100,31,E,Excused,Absent",
            "503,100,31,T,Tardy,Present",
            "504,100,31,,Present,Present",
            '601,200,31,A,"Absent, all day",Absent',
        ),
        "calendar_day.csv": table(
            "SchoolID,Date_Value,InSession,A,B",
            *(f"100,{day},1,1,1" for day in DAYS),
            "100,2021-09-06,0,0,0",
            *(f"200,{day},1,{int(day > '2021-09-02')},1" for day in DAYS),
        ),
        "students.csv": table(
            "ID,Student_Number,First_Name,Last_Name,DOB,Gender,SchoolID,Grade_Level,EntryDate,ExitDate,Enroll_Status",
            "7,0007,Ann,Lee,3/4/2012,F,100,4,8/30/2021,6/15/2022,0",
            "8,0008,Bo,Day,3/4/2016,M,100,0,9/2/2021,6/15/2022,0",
            "9,0009,Cy,Fox,3/4/2008,M,200,8,9/7/2021,6/15/2022,0",
            "10,0010,Di,Old,3/4/2001,F,999999,99,8/30/2019,6/15/2020,3",
        ),
        "reenrollments.csv": table(
            "StudentID,SchoolID,Grade_Level,EntryDate,ExitDate,Track", "9,100,8,8/30/2021,9/2/2021,A"
        ),
        "cc.csv": table("StudentID,SchoolID,DateEnrolled,DateLeft,TermID", "7,100,8/30/2021,6/15/2022,3100"),
    }


def infinite_campus() -> Files:
    """Students 7, 8 and 9 of calendar 31 (school 4); attendance of periods, and the minutes of the days."""
    return {
        "attendance.csv": table(
            "personID,calendarID,structureID,date,periodID,periodName,status,excuse,code,description",
            *(f"7,31,1,2021-09-01 00:00:00,{period},P{period},A,U,UA,Cut" for period in (1, 2, 3)),
            *(f"7,31,1,2021-09-02 00:00:00,{period},P{period},A,E,EA,Ill" for period in (1, 2)),
            "7,31,1,2021-09-02 00:00:00,3,P3,A,K,AB,Absent",
            "7,31,1,2021-09-03 00:00:00,1,P1,T,U,TU,Late",
            "8,31,1,2021-09-03 00:00:00,1,P1,A,K,AB,Absent",
            "8,31,1,2021-09-07 00:00:00,1,P1,T,,TU,Late",
            "8,31,1,2021-09-08 00:00:00,1,P1,A,X,EX,Exempt",
            "9,31,1,2021-09-08 00:00:00,1,P1,A,U,UA,Cut",
        ),
        "AttDayAggregation.csv": table(
            "personID,calendarID,date,scheduledMinutes,absentMinutes,unexcusedAbsentMinutes",
            "7,31,2021-09-01 00:00:00,360,360,360",
            "7,31,2021-09-02 00:00:00,360,360,0",
            "7,31,2021-09-03 00:00:00,360,20,20",
            "8,31,2021-09-03 00:00:00,,180,0",
            "8,31,2021-09-07 00:00:00,360,181,0",
            "8,31,2021-09-08 00:00:00,360,360,0",
            "9,31,2021-09-03 00:00:00,360,0,0",
            "9,31,2021-09-07 00:00:00,360,360,0",
        ),
        "Calendar.csv": table(
            "calendarID,districtID,schoolID,endYear,name,studentDay,wholeDayAbsence,halfDayAbsence",
            "31,1,4,2022,Middle,360,240,120",
        ),
        "Day.csv": table(
            "dayID,calendarID,date,schoolDay,instruction",
            *(f"{number},31,{day},1,1" for number, day in enumerate(DAYS)),
            "9,31,2021-09-06,0,0",
        ),
        "Enrollment.csv": table(
            "enrollmentID,personID,calendarID,structureID,grade,serviceType,noShow,stateExclude,startDate,"
            "endDate",
            "1,7,31,1,06,P,0,0,2021-09-01,NULL",
            "2,8,31,1,07,P,0,0,2021-09-02,NULL",
            "3,9,31,1,07,P,0,0,2021-09-01,2021-09-07",
            "4,9,31,1,07,S,0,0,2021-09-08,NULL",
            "5,10,31,1,07,P,1,0,2021-09-01,NULL",
        ),
        "Identity.csv": table(
            "identityID,personID,lastName,firstName,birthdate,gender",
            "1,7,Lee,Ann,2010-03-04 00:00:00,F",
            "2,8,Day,Bo,2009-03-04 00:00:00,M",
        ),
    }


FORMATS = {
    "edfi_json": edfi_json,
    "oneroster": oneroster,
    "aspen": aspen,
    "powerschool": powerschool,
    "infinite_campus": infinite_campus,
}
"""By format, its files."""

ATTENDANCE = {
    "edfi_json": "studentSchoolAttendanceEvents.json",
    "oneroster": "daily.csv",
    "aspen": "STUDENT_ATTENDANCE.csv",
    "powerschool": "attendance.text",
    "infinite_campus": "attendance.csv",
}
"""By format, the file of the attendance."""
