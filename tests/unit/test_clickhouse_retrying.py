"""What fails is tried again for a time, with pauses that grow, and not once the process is to stop."""

from __future__ import annotations

import threading

import pytest

from infra.clickhouse.retrying import LONGEST_PAUSE, Stopped, retrying
from infra.clickhouse.unavailable import StoreUnavailable
from streams.event_log import LogUnavailable


class Time(threading.Event):
    """A clock that only waiting moves, and that may be told to stop at a time."""

    def __init__(self, stop_at: float = float("inf")) -> None:
        super().__init__()
        self.now = 0.0
        self.pauses: list[float] = []
        self._stop_at = stop_at

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.pauses.append(timeout)
        self.now += timeout
        if self.now >= self._stop_at:
            self.set()
        return self.is_set()


class Effect:
    """Fails a number of times before it gives 7."""

    def __init__(self, failures: float, error: Exception) -> None:
        self.tries = self.failed = 0
        self._failures = failures
        self._error = error

    def __call__(self) -> int:
        self.tries += 1
        if self.tries <= self._failures:
            raise self._error
        return 7

    def count(self, error: Exception) -> None:
        assert error is self._error
        self.failed += 1


def tried(effect: Effect, time: Time, seconds: float = 60) -> int:
    return retrying(effect, lambda _: seconds, time, effect.count, lambda: time.now)


@pytest.mark.parametrize("error", [StoreUnavailable("away"), LogUnavailable("away")])
def test_it_succeeds_after_some_tries(error: Exception) -> None:
    effect, time = Effect(3, error), Time()
    assert tried(effect, time) == 7
    assert effect.failed == 3 and time.pauses == [0.05, 0.1, 0.2]


def test_past_the_deadline_it_raises_what_was_raised_last() -> None:
    effect, time = Effect(float("inf"), StoreUnavailable("away")), Time()
    with pytest.raises(StoreUnavailable, match="away"):
        tried(effect, time)
    assert sum(time.pauses) == pytest.approx(60) and max(time.pauses) == LONGEST_PAUSE
    assert effect.failed == effect.tries == len(time.pauses) + 1


def test_an_error_may_last_as_long_as_its_kind() -> None:
    effect, time = Effect(3_600 / LONGEST_PAUSE, StoreUnavailable("away")), Time()
    assert tried(effect, time, float("inf")) == 7
    assert 3_500 < time.now < 3_700
    effect, time = Effect(1, StoreUnavailable("refused")), Time()
    with pytest.raises(StoreUnavailable, match="refused"):
        tried(effect, time, 0)
    assert effect.tries == 1 and time.pauses == []


def test_a_stop_ends_the_waiting() -> None:
    effect, time = Effect(float("inf"), StoreUnavailable("away")), Time(stop_at=1)
    with pytest.raises(Stopped):
        tried(effect, time)
    assert time.now < 2


def test_once_it_is_to_stop_it_is_tried_only_once() -> None:
    effect, time = Effect(1, StoreUnavailable("away")), Time()
    time.set()
    with pytest.raises(Stopped):
        tried(effect, time)
    assert effect.tries == 1 and time.pauses == []


def test_a_mistake_in_the_program_is_not_tried_again() -> None:
    effect = Effect(1, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        tried(effect, Time())
    assert effect.tries == 1
