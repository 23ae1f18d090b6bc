"""docs/scripts/did_we_know.py asks what the API answers, and shows no id."""

from __future__ import annotations

import io
import json
import sys
import urllib.error
import urllib.request
from typing import Any

import pytest

from docs.scripts import did_we_know
from tests.support.api import STUDENT, Api, token


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """The API where the script looks for it."""
    held = Api()

    def opened(request: urllib.request.Request, timeout: float) -> io.BytesIO:
        assert STUDENT not in request.full_url and request.full_url.startswith(did_we_know.HERE + "/api")
        assert isinstance(request.data, bytes)
        path = request.full_url.removeprefix(did_we_know.HERE)
        told = held.post(path, request.data, None, **dict(request.header_items()))
        body = io.BytesIO(told.content)
        if told.status_code != 200:
            raise urllib.error.HTTPError(request.full_url, told.status_code, "no", None, body)  # type: ignore[arg-type]  # no headers are read
        return body

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    monkeypatch.setenv("ROLLCALL_TOKEN", token("s"))
    monkeypatch.delenv("ROLLCALL_URL", raising=False)
    return held


def asked(*answers: str) -> int:
    given = iter(answers)
    return did_we_know.main(lambda _: next(given), lambda _: token("a"))


def test_what_was_known_is_told(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("D1", STUDENT, "2024-12-13", "2024-12-14T18:00:00-05:00") == 0
    out = capsys.readouterr().out
    assert "Known at 2024-12-14T23:00:00Z of the days up to 2024-12-13:" in out
    assert "Absent on 5 of 40 counted days (12.50 %), the last one 2024-12-12." in out
    assert "tier_2: standing, opened on 2024-09-30 with 3 of 20 days; known since 2024-10-01T12:00:00Z" in out
    assert "tier_2 at school =C: recovered" in out and "recovered on 2024-11-01" in out
    assert STUDENT not in out


def test_without_an_instant_it_is_the_evening_of_the_day(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("D1", STUDENT, "2024-09-03", "") == 0
    out = capsys.readouterr().out
    assert "No day was counted." in out and "No alert." in out
    (known_at,) = (asked[-1] for asked in api.trends.asked)
    assert known_at.astimezone().replace(tzinfo=None).isoformat() == "2024-09-03T23:59:59"


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (("D1", "S-CANARY-8", "2024-12-13", ""), "nothing of this is held for this token"),
        (("D1", "CANARY CANARY", "2024-12-13", ""), "student: has characters that it does not take"),
        (("D1", STUDENT, "13 December"), "a day is written as"),
        (("D1", STUDENT, "2024-12-13", "noon"), "an instant as"),
    ],
)
def test_why_there_is_no_answer_is_told(
    api: Api, capsys: pytest.CaptureFixture[str], answers: tuple[str, ...], why: str
) -> None:
    assert asked(*answers) == 1
    told = capsys.readouterr()
    assert why in told.err and "CANARY" not in told.err + told.out


def test_an_analysts_token_is_refused(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ROLLCALL_TOKEN")
    assert asked("D1", STUDENT, "2024-12-13", "") == 1
    assert "may not ask this" in capsys.readouterr().err


def test_a_token_is_not_sent_where_it_can_be_read(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROLLCALL_URL", "http://rollcall.example")
    assert asked() == 1
    assert "https://" in capsys.readouterr().err and api.trends.asked == []


@pytest.mark.parametrize("failure", [OSError("CANARY"), json.JSONDecodeError("CANARY", "", 0)])
def test_where_nothing_answers_it_says_what_to_do(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failure: Exception
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise failure

    monkeypatch.setattr(urllib.request, "urlopen", broken)
    assert asked("D1", STUDENT, "2024-12-13", "") == 1
    told = capsys.readouterr().err
    assert "ROLLCALL_URL may name it" in told and "CANARY" not in told


def test_it_takes_nothing_but_python() -> None:
    held = {name for name in vars(did_we_know) if hasattr(vars(did_we_know)[name], "__spec__")}
    assert held <= set(sys.stdlib_module_names)
