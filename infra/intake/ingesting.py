"""`rollcall ingest`: read, check, publish, and say what was refused or set aside (contract 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from infra.exports.refused import listed
from infra.files.source import OnBytes
from infra.intake.batches import Batcher
from infra.intake.closed_through import closed_through
from infra.intake.events import Event, Notice, Record
from infra.intake.read import Plan
from infra.intake.set_aside import KINDS, CodesUsed, set_aside_of
from infra.intake.survey import Survey
from infra.intake.tally import Tally
from infra.mapping.mapping import Mapping
from infra.snapshot import Snapshot
from models.bits import days
from models.columns import Kind
from models.ledger.chain import Stored
from models.policy import PolicyOf
from models.school_year import first_day
from models.version import identity_of
from streams import refused as refused_message
from streams.event_log import EventLog, Outgoing
from streams.records_message import pack
from streams.refused import Refused
from streams.topics import DEAD_LETTERS, RECORDS

# What a dry run keeps of a call, to see what would be known after it.
_PLACES = (Kind.CALENDAR, Kind.ENROLLMENT)
_KEPT = (*KINDS, *_PLACES)
# So many messages go to the log in one append: one flush of the disk for about 25,000 records.
_APPEND = 50


@dataclass(slots=True)
class Report:
    """What a call did. `set_aside` counts records that wait for their code; only a dry run has a survey."""

    tally: Tally = field(default_factory=Tally)
    submissions: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    resolved: int = 0
    survey: Survey | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing of the call was refused or set aside."""
        return not self.tally.refused and not self.set_aside


class Outlet:
    """Publishes in batches; with no log it only counts."""

    def __init__(self, log: EventLog | None, size: int) -> None:
        self._log = log
        self._batcher = Batcher(size)
        self._records: list[Outgoing] = []
        self._refused: list[Outgoing] = []

    def record(self, record: Record) -> None:
        """One valid record."""
        self._pack(self._batcher.add(record))

    def refuse(self, message: Outgoing) -> None:
        """A refusal, or the tombstone of one."""
        self._refused.append(message)
        if len(self._refused) >= 500:
            self._append(DEAD_LETTERS.name, self._refused)
            self._refused = []

    def flush(self) -> None:
        """Publish what is left."""
        self._pack(self._batcher.rest())
        self._append(RECORDS.name, self._records)
        self._append(DEAD_LETTERS.name, self._refused)
        self._records, self._refused = [], []

    def _pack(self, batches: Iterable[tuple[Kind, list[Stored]]]) -> None:
        self._records += [pack(kind, records) for kind, records in batches]
        if len(self._records) >= _APPEND:
            self._append(RECORDS.name, self._records)
            self._records = []

    def _append(self, topic: str, messages: list[Outgoing]) -> None:
        if messages and self._log is not None:
            self._log.append(topic, messages)


class Ingest:
    """One call. `log` is read also where nothing is to be published (`dry_run`)."""

    def __init__(self, log: EventLog, policy_of: PolicyOf, batch_records: int, dry_run: bool = False) -> None:
        self._log = log
        self._policy_of = policy_of
        self._dry_run = dry_run
        self._batch_records = batch_records
        self._outlet = Outlet(None if dry_run else log, batch_records)
        self._codes = CodesUsed()
        self._files: set[str] = set()
        self._kept: list[Record] = []
        self._format = ""
        self.report = Report(survey=Survey() if dry_run else None)

    def read(
        self,
        plan: Plan,
        *,
        district: str = "",
        closed: date | None = None,
        mapping: Mapping | None = None,
        exported_at: str = "",
        on_bytes: OnBytes | None = None,
        on_notice: Callable[[Notice], None] = lambda notice: None,
    ) -> Report:
        """Read the files of a plan. Raises PathUnusable and LogUnavailable."""
        self._format = plan.format
        earlier = _by_place(listed(self._log).items())
        events = plan.events(
            district=district, tally=self.report.tally, on_bytes=on_bytes,
            mapping=mapping, exported_at=exported_at,
        )  # fmt: skip
        survey = self.report.survey
        if survey is not None:
            events = survey.watched(events)
        for event in events:
            self._take(event, earlier, on_notice)
        self._outlet.flush()
        if closed is not None:
            self._close(closed)
        self._judge_codes()
        if survey is not None:
            self._look_around(survey)
        return self.report

    def _take(
        self,
        event: Event,
        earlier: dict[tuple[str, int], list[tuple[str, Refused]]],
        on_notice: Callable[[Notice], None],
    ) -> None:
        if isinstance(event, Record):
            kind, held = event
            if kind is Kind.ATTENDANCE:
                self._codes.see(held.given)
                self._files.add(held.file)
            if self._dry_run and kind in _KEPT:
                self._kept.append(event)
            self._outlet.record(event)
            if earlier:
                self._resolve(event, earlier.get((held.file, held.line), []))
        elif isinstance(event, Refused):
            self._outlet.refuse(refused_message.pack(replace(event, format=self._format)))
        else:
            on_notice(event)

    def _resolve(self, record: Record, refusals: list[tuple[str, Refused]]) -> None:
        """A record that is accepted where it was refused before has been mended."""
        for refusal_id, refused in refusals:
            same = refused.kind == record.kind and identity_of(record.kind, refused.given) == identity_of(
                record.kind, record.held.given
            )
            if same:
                self.report.resolved += 1
                self._outlet.refuse(refused_message.resolved(refusal_id))

    def _snapshot(self, kinds: tuple[Kind, ...], districts: set[str]) -> Snapshot:
        """What is known after this call."""
        snapshot = Snapshot(self._log, self._policy_of, districts=districts, kinds=kinds)
        batcher = Batcher(self._batch_records)
        for record in self._kept:
            for kind, records in batcher.add(record):
                snapshot.apply(kind, {records[0].given["district_id"]: records})
        for kind, records in batcher.rest():
            snapshot.apply(kind, {records[0].given["district_id"]: records})
        return snapshot

    def _look_around(self, survey: Survey) -> None:
        """Hold a dry run against what the log knows, then against that and the call together."""
        districts = self.report.tally.districts
        # Attendance is left out: to look up each of its records costs minutes in a large log.
        kinds = (Kind.CODE, *_PLACES)
        log = Snapshot(self._log, self._policy_of, districts=districts, kinds=kinds)
        survey.against((record for record in self._kept if record.kind in kinds), log.ledger)
        survey.compare(self._snapshot(_PLACES, districts).ledger)

    def _close(self, through: date) -> None:
        schools = self.report.tally.schools
        snapshot = self._snapshot((Kind.CALENDAR,), {district for district, _ in schools})

        def school_days(district: str, school: str, year: int) -> Iterator[date]:
            start = first_day(year)
            held = snapshot.ledger(district).school_dates(school, year)
            return (start + timedelta(days=day) for day in days(held))

        for record in closed_through(through, schools, school_days):
            self.report.submissions += 1
            self._outlet.record(record)
        self._outlet.flush()

    def _judge_codes(self) -> None:
        codes = self._snapshot((Kind.CODE,), self._codes.districts)
        districts = self._codes.unmapped(codes)
        if districts:
            snapshot = self._snapshot(KINDS, districts)
            for held in set_aside_of(snapshot, districts, self._files):
                self.report.set_aside[held.given["code"]] += 1


def _by_place(refusals: Iterable[tuple[str, Refused]]) -> dict[tuple[str, int], list[tuple[str, Refused]]]:
    places: dict[tuple[str, int], list[tuple[str, Refused]]] = {}
    for refusal_id, refused in refusals:
        if refused.given and refused.kind:
            places.setdefault((refused.file, refused.line), []).append((refusal_id, refused))
    return places
