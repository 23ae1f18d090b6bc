"""Appending messages: all of them acknowledged by all copies in step, or an error."""

from __future__ import annotations

from collections.abc import Sequence

from kafka import KafkaProducer, errors  # type: ignore[import-untyped]  # it comes without types

from streams.event_log import Outgoing

# Of one message, before it is compressed; as large as the worker's (streams/worker_app.py).
MAX_REQUEST_BYTES = 32 * 1024 * 1024

# What a broker adds to key, value and headers stays well below this.
OVERHEAD_BYTES = 1024

VERDICT_SECONDS = 2.0

WRITER_OPTIONS = {
    "acks": "all",
    # A send that is tried again is written once, and keeps its place in the order.
    "enable_idempotence": True,
    "compression_type": "lz4",
    "max_request_size": MAX_REQUEST_BYTES,
    "batch_size": 1024 * 1024,
    "linger_ms": 5,
    "allow_auto_create_topics": False,
    "metrics_enabled": False,
}


class Writer:
    """Appends with a producer made with WRITER_OPTIONS. Raises errors of kafka-python."""

    def __init__(self, producer: KafkaProducer, timeout: float) -> None:
        self._producer = producer
        self._timeout = timeout

    def append(self, topic: str, messages: Sequence[Outgoing]) -> None:
        """Send all, and return when all are acknowledged. On an error a part may be there."""
        if any(_size(message) > MAX_REQUEST_BYTES for message in messages):
            raise errors.MessageSizeTooLargeError(f"over {MAX_REQUEST_BYTES} bytes")
        sent = [
            self._producer.send(topic, value=value, key=key, headers=list(headers))
            for key, value, headers in messages
        ]
        # A little longer than the producer itself goes on, so that its own verdict is heard.
        self._producer.flush(self._timeout + VERDICT_SECONDS)
        for one in sent:
            one.get(VERDICT_SECONDS)

    def close(self) -> None:
        """Give the connection back; what has not been acknowledged by now is not sent any more."""
        try:
            self._producer.close(timeout=0)
        except errors.KafkaError:
            # `close` leaves its thread running where messages are still to be sent, and they would come in
            # behind whatever is appended next.
            self._producer._sender.force_close()
            self._producer._sender.join(VERDICT_SECONDS)
            self._producer.close(timeout=0)


def _size(message: Outgoing) -> int:
    headers = sum(len(name) + len(value) for name, value in message.headers)
    return len(message.key) + len(message.value or b"") + headers + OVERHEAD_BYTES
