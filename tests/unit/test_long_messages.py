"""A message that takes long is said to, with how far it is; one that waits for it is not."""

from __future__ import annotations

from collections.abc import Iterable

from structlog.testing import capture_logs

from infra.log_fields import allowed
from infra.running.long_messages import LongMessages
from streams.turns import Turns


def progress(districts: Iterable[str]) -> tuple[int, int]:
    assert set(districts) == {"D"}
    return 40, 100


def test_what_was_at_work_before_is_told() -> None:
    turns, told = Turns(), LongMessages()
    long = turns.take(3, 7, frozenset("D"), lambda: None)
    turns.take(3, 8, frozenset("D"), lambda: None)
    with capture_logs() as lines:
        told.tell(turns.waiting(), progress)
        assert lines == []
        told.tell(turns.waiting(), progress)
        turns.done(long)
        told.tell(turns.waiting(), progress)
    [line] = lines
    line.pop("log_level")
    wanted = {"event": "message_goes_on", "partition": 3, "offset": 7, "students": 40, "concerned": 100}
    assert allowed(line) == line == wanted
