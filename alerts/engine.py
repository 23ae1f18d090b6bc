"""A district's engine: records in, the students' years that moved and the changes of alerts out.

What it gives equals the definition (alerts.student) before and after; most days it finds that without a fold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from alerts.advance import advance
from alerts.changes import Change, Published, differences, pack, unpack
from alerts.fold import Alert, fold, fold_rules
from alerts.quick import ALL, Concerned, FrameChange, flags_of, look_again, may_have_changed, stands
from alerts.reading import reading
from models.columns import Kind
from models.ledger.chain import Stored
from models.ledger.district import Ledger
from models.ledger.groups import ALERTS, alerts_key, facts_form_key, policies_key, split_key
from models.ledger.held import GroupStore
from models.ledger.known import Moved, Moves
from models.ledger.retelling import with_retold
from models.policy import Policy, PolicyOf, contract
from models.student_year import Frame, StudentYear

Alerts = dict[str, Published]

# One more where facts say more than they did of days that were published before. In the first form they said
# no codes; it was not noted.
_FACTS_FORM = b"2"


class AlertChange(NamedTuple):
    """A change of a student's alert, and the year that it follows from."""

    student: str
    now: StudentYear
    change: Change
    policy_version: str


class Applied(NamedTuple):
    """What records did: the years that moved, and the changes of alerts, both in a fixed order."""

    moves: Moves
    changes: list[AlertChange]


class Engine:
    """One district. Not shared between threads.

    `apply` changes the engine; `writes` are then to be stored, the alerts before the records, and `stored`
    says that they are. Meanwhile `judged` tells how many of the `concerned` students' years have been looked
    at; a thread may ask. A crash before that is made good by applying the same records again (docs/adr/0001).
    """

    def __init__(self, district: str, store: GroupStore, policy_of: PolicyOf = contract) -> None:
        self.district = district
        self._store = store
        self._policy_of = policy_of
        self._pending: dict[bytes, bytes] = {}
        self._policies: bytes | None = None
        self._unsure = True
        self._to_retell = store.get(facts_form_key(district)) != _FACTS_FORM
        self._retold = False
        self.concerned = self.judged = 0
        self.ledger = Ledger(district, store, lambda year: policy_of(district, year), self._quiet)
        for student, alerts in self.published():
            self._remember(student, alerts)
        self._judged = self._judged_with()

    def apply(self, kind: Kind, records: Sequence[Stored]) -> Applied:
        """Put valid records of one kind in."""
        moves = self.ledger.put(kind, records)
        if self._to_retell and self.ledger.known:
            moves = with_retold(moves, self.ledger.known)
            # Whoever reads the state for what codes are called has not asked for it before.
            self.ledger.write_codes_again()
            self._to_retell, self._retold = False, True
        moves.students.extend(self._of_other_policies())
        changes: list[AlertChange] = []
        self.concerned = len(moves.students)
        for each, change, policy in self._with_changes(moves.students):
            self.judged += 1
            # After a start the alerts may be those of a message whose records are not stored yet.
            whole = each.refold or self._unsure
            concerned = ALL if whole else self._known_to(each, may_have_changed(each, change, policy))
            if concerned.rules:
                self._judge(each, concerned, policy, changes)
            known = each.known
            if stands(known.flags):
                known.cohort.watched[each.student] = look_again(each.after, known.flags, policy)
        if moves:
            self._unsure = False
        return Applied(moves, changes)

    def _known_to(self, moved: Moved, concerned: Concerned) -> Concerned:
        """The rules that have something to look at. What is known of last year changes with a refold only."""
        if concerned is ALL or not any([rule.of_last_year for rule in concerned.rules]):
            return concerned
        if self.ledger.last_year(moved.student, moved.after.year) is not None:
            return concerned
        return concerned._replace(rules=[rule for rule in concerned.rules if not rule.of_last_year])

    def _of_other_policies(self) -> Iterator[Moved]:
        """The students of the years that were judged by another policy than now: all are folded again."""
        current = {year: repr(self._policy_of(self.district, year)) for year in self.ledger.known}
        differ = {year for year, policy in current.items() if self._judged.get(year, policy) != policy}
        if self._judged != current:
            self._judged = current
            self._policies = orjson.dumps({str(year): policy for year, policy in current.items()})
        for year in sorted(differ):
            for student, known in sorted(self.ledger.known[year].items()):
                yield Moved(student, known, known.now, known.now, True)

    def _judged_with(self) -> dict[int, str]:
        """The policy that each school year was judged by, as last stored."""
        value = self._store.get(policies_key(self.district))
        return {int(year): policy for year, policy in orjson.loads(value).items()} if value else {}

    def _quiet(self, year: int, before: Frame, after: Frame) -> bool:
        """Whether a day in attendance concerns no rule, but for students of whom an alert stands."""
        policy = self._policy_of(self.district, year)
        # With the switch on a day in attendance may say what an earlier absence is.
        if self._unsure or policy.unknown_becomes_unexcused:
            return False
        return FrameChange(before, after, policy).quiet

    def writes(self) -> list[tuple[bytes, bytes]]:
        """What is to be stored, in this order."""
        writes = [*self._pending.items(), *self.ledger.writes().items()]
        if self._policies is not None:
            # Last: until all that another policy changed is stored, the change is to be made again.
            writes.append((policies_key(self.district), self._policies))
        if self._retold:
            writes.append((facts_form_key(self.district), _FACTS_FORM))
        return writes

    def stored(self) -> None:
        """The writes are in the store."""
        self._pending.clear()
        self._policies = None
        self._retold = False
        self.concerned = self.judged = 0
        self.ledger.stored()

    def published(self) -> Iterator[tuple[str, Alerts]]:
        """What was published of each student, withdrawn alerts too."""
        for key in sorted({*self._store.keys_of(self.district), *self._pending}):
            _, letter, parts = split_key(key)
            if letter == ALERTS:
                yield parts[0], self._alerts(key)

    def _alerts(self, key: bytes) -> Alerts:
        return unpack(self._pending.get(key) or self._store.get(key))

    def _with_changes(self, moved: list[Moved]) -> Iterator[tuple[Moved, FrameChange, Policy]]:
        """Each with what its change of frame means, worked out once for those who share it."""
        known: dict[tuple[int, int], tuple[FrameChange, Policy]] = {}
        for each in moved:
            before, after = each.before.frame, each.after.frame
            key = (id(before), id(after))
            found = known.get(key)
            if found is None:
                policy = self._policy_of(self.district, each.after.year)
                found = known[key] = (FrameChange(before, after, policy), policy)
            yield each, *found

    def _judge(self, moved: Moved, concerned: Concerned, policy: Policy, changes: list[AlertChange]) -> None:
        student, now = moved.student, moved.after
        key = alerts_key(self.district, student)
        published = self._alerts(key)
        if concerned.step is not None:
            found = advance(self.district, student, concerned.step, concerned.rules, published, policy)
            before = {key: published[key] for key in found if key in published}
        else:
            found = self._folded(student, now, concerned, policy)
            before = _of(published, now.year, concerned)
        differing = differences(before, found)
        if differing:
            for change in differing:
                published[change.published.alert.alert_id] = change.published
                changes.append(AlertChange(student, now, change, policy.version))
            self._pending[key] = pack(published)
        self._remember(student, published, now.year)

    def _folded(
        self, student: str, now: StudentYear, concerned: Concerned, policy: Policy
    ) -> dict[str, Alert]:
        year = reading(now, self.ledger.student(student).birthdate, self.ledger.last_year(student, now.year))
        if concerned is ALL:
            return fold(self.district, student, year, policy)
        return fold_rules(self.district, student, year, policy, concerned.rules)

    def _remember(self, student: str, alerts: Alerts, only: int | None = None) -> None:
        """Note for each school year what has opened and what stands."""
        years: dict[int, list[Alert]] = {} if only is None else {only: []}
        for held in alerts.values():
            if not held.withdrawn and only in (None, held.alert.school_year):
                years.setdefault(held.alert.school_year, []).append(held.alert)
        for year, current in years.items():
            known = self.ledger.known.get(year, {}).get(student)
            if known is not None:
                known.flags = flags_of(current)
                watched = known.cohort.watched
                if stands(known.flags):
                    watched[student] = 0
                else:
                    watched.pop(student, None)


def _of(published: Alerts, year: int, concerned: Concerned) -> Alerts:
    if concerned is ALL:
        return {key: held for key, held in published.items() if held.alert.school_year == year}
    names = {rule.name for rule in concerned.rules}
    return {
        key: held
        for key, held in published.items()
        if held.alert.school_year == year and held.alert.scope == "district" and held.alert.rule in names
    }
