"""All that is held about one student, in sections, for a parent who asks (FERPA, 34 CFR 99.10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from alerts.changes import Published
from infra.exports.refused import Scope
from infra.exports.refused import rows as refused_rows
from infra.papers.history import HistoryRow
from infra.snapshot import Snapshot
from models.bits import days
from models.columns import Kind
from models.in_force import effective
from models.ledger.chain import Chain, live_attendance, set_aside
from models.ledger.district import Ledger
from models.mhw import VALID
from models.policy import PolicyOf
from models.school_year import day_index, label, school_year_of, written_dates
from models.standing import rate_percent, standings
from models.student_year import CLASS_NAMES, StudentYear, class_of, cut
from streams.event_log import EventLog

Row = dict[str, str]


class Section(NamedTuple):
    """A table of the record: its key in JSON, its heading, what a reader has to know, and its rows."""

    key: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: list[Row]


class NotKnown(LookupError):
    """Nothing is held about the student."""


_VERSIONS = (
    "Every version that the system still keeps: of one record the newest of each code, and nothing older than"
    " the newest deletion. Earlier versions with the same code are not kept here."
)


def sections(
    log: EventLog,
    snapshot: Snapshot,
    district: str,
    student: str,
    as_of: date,
    policy_of: PolicyOf,
    history: Iterable[HistoryRow],
) -> list[Section]:
    """The record as of now; days and standings up to a date. Raises NotKnown."""
    ledger = snapshot.ledger(district)
    chains = sorted(chains_of(ledger, student), key=lambda held: held[:3])
    labels = Labels(ledger.live_codes())
    years = {
        year: students[student].now
        for year, students in sorted(ledger.known.items())
        if student in students and year <= school_year_of(as_of)
    }
    years = {
        year: cut(now, day_index(as_of)) if year == school_year_of(as_of) else now
        for year, now in years.items()
    }
    published = dict(snapshot.engine(district).published()).get(student, {})
    made = [
        Section(
            "student_record", "What is held about the student",
            "As the student information system sent it: name, birth date and the groups that reports count.",
            ("field", "value"), _student(ledger, student),
        ),
        Section(
            "enrollments", "Enrollments", "An exit date is the last day enrolled; blank: still enrolled.",
            ("school_id", "grade", "entry_date", "exit_date", "track", "recorded_at"),
            _enrollments(ledger, student),
        ),
        Section(
            "standings", f"Days enrolled and absent, up to {as_of}",
            "Chronically absent is 10 % or more (Tier II), 20 % or more is Tier III. Days of which nothing is"
            " known yet are not counted.",
            _STANDING, list(_standings(years, policy_of, district)),
        ),
        Section(
            "prior_years", "Earlier years, as they were sent", "",
            ("school_year", "enrolled_days", "absent_days", "recorded_at"), _prior(ledger, student),
        ),
        Section(
            "days", f"Every school day, up to {as_of}",
            "What the day was, and the records that say so. An absence is more than half of the day.",
            ("date", "school_id", "grade", "day", "class", "codes", "recorded_at", "remark"),
            list(day_rows(years, chains, ledger, labels)),
        ),
        Section(
            "records", "Attendance records", _VERSIONS,
            ("date", "school_id", "record_id", "state", "code", "meaning", "absent_fraction", "permission",
             "recorded_at", "file"),
            list(record_rows(chains, ledger, labels)),
        ),
        Section(
            "alerts", "Alerts",
            "What the rules found, and the days that they counted. An alert is no finding about a child.",
            _ALERT, [_alert(held) for held in published.values()],
        ),
        Section(
            "alert_history", "What became of the alerts", "Each change as it was published.",
            ("published_at", "rule", "change", "opened_on", "recovered_on", "enrolled_days", "absent_days",
             "data_through", "alert_id"),
            [dict(row) for row in history],
        ),
        Section(
            "refused", "Records that could not be used", "Refused or set aside, and why; they count nowhere.",
            ("file", "line", "kind", "reason", "field", "message", "record"),
            [dict(row) for row in refused_rows(log, snapshot, Scope(district, None, student))],
        ),
    ]  # fmt: skip
    if not any(each.rows for each in made):
        raise NotKnown
    return made


def _newest(ledger: Ledger, kind: Kind, **given: str) -> Mapping[str, str]:
    held = ledger.newest(kind, {"district_id": ledger.district, **given})
    return {} if held is None or held.deleted else held.given


def _student(ledger: Ledger, student: str) -> list[Row]:
    given = _newest(ledger, Kind.STUDENT, student_id=student)
    return [
        {"field": name, "value": value} for name, value in given.items() if name not in ("op", "event_id")
    ]


def _enrollments(ledger: Ledger, student: str) -> list[Row]:
    known = ledger.students.get(student)
    found = []
    for held in known.enrolled if known is not None else ():
        school, entry = held.place
        given = _newest(ledger, Kind.ENROLLMENT, school_id=school, student_id=student, entry_date=entry)
        names = ("school_id", "grade", "entry_date", "exit_date", "track", "recorded_at")
        found.append({name: given.get(name, "") for name in names})
    return sorted(found, key=lambda row: (row["entry_date"], row["recorded_at"]))


def _prior(ledger: Ledger, student: str) -> list[Row]:
    known = ledger.students.get(student)
    found = []
    for year in sorted((known.prior if known is not None else None) or ()):
        given = _newest(ledger, Kind.PRIOR_YEAR, student_id=student, school_year=label(year))
        names = ("school_year", "enrolled_days", "absent_days", "recorded_at")
        found.append({name: given.get(name, "") for name in names})
    return found


_STANDING = (
    "school_year", "scope", "school_id", "grade", "enrolled_days", "absent_days",
    *(f"{name}_days" for name in CLASS_NAMES), "unreported_days", "rate_percent", "tier", "level",
)  # fmt: skip


def _standings(years: Mapping[int, StudentYear], policy_of: PolicyOf, district: str) -> Iterator[Row]:
    for year, now in years.items():
        for held in standings(now, policy_of(district, year)):
            values = (
                label(year), held.scope, held.school, held.grade, str(held.enrolled), str(held.absent),
                *map(str, held.classes), str(held.unreported), rate_percent(held.absent, held.enrolled),
                held.tier, "" if held.level is None else str(held.level),
            )  # fmt: skip
            yield dict(zip(_STANDING, values, strict=True))


class Held(NamedTuple):
    """The versions of one attendance record; `ordinal` is that of its date."""

    date: str
    school: str
    record_id: str
    ordinal: int
    chain: Chain


def chains_of(ledger: Ledger, student: str) -> Iterator[Held]:
    """All attendance records that are held of a student, in no order."""
    for school, day in ledger.school_days():
        for (name, record_id), chain in day.chains.items():
            if name == student:
                yield Held(day.day.isoformat(), school, record_id, day.day.toordinal(), chain)


class Labels:
    """What codes are called, by the code record in force."""

    def __init__(self, live: Iterable[Mapping[str, str]]) -> None:
        self._held = sorted(
            (effective(given.get("effective_from", "")), given["code"], given.get("label", ""))
            for given in live
        )

    def code(self, code: str, day: int) -> str:
        """The code, with its label where it has one."""
        said = [text for since, name, text in self._held if name == code and since <= day]
        return f"{code} ({said[-1]})" if said and said[-1] else code


def _meaning(ledger: Ledger, code: str, day: int) -> str:
    meaning = ledger.codes.meaning(code, day)
    return (
        "not mapped"
        if meaning is None
        else f"absent, {meaning.class_}"
        if meaning.absent
        else "in attendance"
    )


def day_rows(
    years: Mapping[int, StudentYear], chains: Iterable[Held], ledger: Ledger, labels: Labels
) -> Iterator[Row]:
    """A row a membership day of these years: what it was, and the live records that say so."""
    live: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for held in chains:
        found = live_attendance(held.chain, ledger.codes, held.ordinal)
        if found is not None:
            live.setdefault((held.date, held.school), []).append(found.given)
    for year, now in years.items():
        written = written_dates(year)
        for day in days(now.membership):
            owner, on = now.owner(day), written[day]
            said = live.get((on, owner.school), [])
            counted, class_ = now.counted >> day & 1, class_of(now, day)
            yield {
                "date": on,
                "school_id": owner.school,
                "grade": owner.grade,
                "day": "absent" if class_ else "in attendance" if counted else "not reported yet",
                "class": class_,
                "codes": ", ".join(
                    labels.code(given["code"], date.fromisoformat(on).toordinal()) for given in said
                ),
                "recorded_at": ", ".join(given["recorded_at"] for given in said),
                "remark": _remark(now, day),
            }


def _remark(now: StudentYear, day: int) -> str:
    if day in now.lapsed:
        return "was unknown, and became unexcused when the time to explain it was over"
    what = now.mhw.get(day, "")
    return f"no valid mental health wellness day: {what}" if what not in ("", VALID) else ""


def record_rows(chains: Iterable[Held], ledger: Ledger, labels: Labels) -> Iterator[Row]:
    """A row a version, the newest of each record first."""
    for held in chains:
        live = live_attendance(held.chain, ledger.codes, held.ordinal)
        waits = set_aside(held.chain, ledger.codes, held.ordinal)
        for version in held.chain:
            given = version.given
            state = "live" if version is live else "set aside" if version is waits else "superseded"
            code = given.get("code", "")
            yield {
                "date": held.date,
                "school_id": held.school,
                "record_id": held.record_id,
                "state": "deletion" if version.deleted else state,
                "code": labels.code(code, held.ordinal) if code else "",
                "meaning": _meaning(ledger, code, held.ordinal) if code and not version.deleted else "",
                "absent_fraction": given.get("absent_fraction", ""),
                "permission": given.get("permission", ""),
                "recorded_at": given["recorded_at"],
                "file": version.file,
            }


_ALERT = (
    "rule", "school_year", "scope", "school_id", "opened_on", "recovered_on", "condition", "enrolled_days",
    "absent_days", "dates", "amendments", "alert_id",
)  # fmt: skip


def _alert(held: Published) -> Row:
    alert = held.alert
    values = (
        alert.rule, label(alert.school_year), alert.scope, alert.owner, alert.opened_on, alert.recovered_on,
        held.condition, str(alert.n), str(alert.a), " ".join(alert.dates), str(held.amendments),
        alert.alert_id,
    )  # fmt: skip
    return dict(zip(_ALERT, values, strict=True))
