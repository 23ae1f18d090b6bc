"""A worker of one district, as the topics hear it: messages in, and what it publishes to a listener."""

from __future__ import annotations

from collections.abc import Sequence

from models.columns import Kind
from models.ledger.chain import Stored
from models.policy import PolicyOf, contract
from streams.alerts_message import AlertEvent
from streams.event_log import Message
from streams.processor import Plan
from streams.records_message import pack
from tests.property.driver import StreamedDriver
from tests.support.listening import Listener


class HeardDriver(StreamedDriver):
    """Each message has its place in the log, also where it comes again after a crash."""

    def __init__(self, district: str, policy_of: PolicyOf = contract) -> None:
        self.listener = Listener()
        super().__init__(district, policy_of)

    def send(self, kind: Kind, records: Sequence[Stored]) -> list[AlertEvent]:
        """One message; the events of it that are new."""
        return self._do(self._message(kind, records))

    def send_and_die(
        self, kind: Kind, records: Sequence[Stored], published: bool, stored: float
    ) -> list[AlertEvent]:
        """One message at which the worker dies, before or after it published, with a share of its writes
        stored (0 to 1), and which it then takes again; the events that are new.
        """
        message = self._message(kind, records)
        plan = self.processor.process(message)
        told = []
        if published:
            told = self.listener.hear(plan)
            self.store_share(plan.writes, stored)
        self.restart()
        return told + self._do(message)

    def _message(self, kind: Kind, records: Sequence[Stored]) -> Message:
        key, value, headers = pack(kind, records)
        self.offset += 1
        return Message("records", 0, self.offset, 0, key, value, headers)

    def _do(self, message: Message) -> list[AlertEvent]:
        plan: Plan = self.processor.process(message)
        assert not plan.judged.refused
        told = self.listener.hear(plan)
        self.store.update(plan.writes)
        self.processor.done(plan)
        return told
