"""The file of tokens, and the command that makes its entries."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.cli.app import app
from infra.demo.running import settings_of_demo
from infra.log_fields import allowed
from infra.serving.tokens_file import TokensFile, grants_in, read_tokens
from infra.serving.tokens_invalid import TokensInvalid
from infra.settings import SettingsInvalid, load
from tests.support.command import CHECKOUT
from web.access import TOKEN, Role, fingerprint, holder
from web.asking import TokensAway

DIGEST = "0" * 64
GOOD = f"""[[token]]
name = "office-2"
sha256 = "{DIGEST}"
role = "staff"
districts = ["0042"]
schools = ["maple", "oak"]
expires = 2027-06-30
"""
STATE = GOOD.replace("office-2", "state").replace("0" * 64, "1" * 64).replace('districts = ["0042"]\n', "")
STATE = STATE.replace('schools = ["maple", "oak"]', "state = true").replace("staff", "analyst")


def test_the_entries_of_a_file_are_grants() -> None:
    office, state = grants_in(GOOD + STATE)
    assert (office.name, office.role, office.districts) == ("office-2", Role.STAFF, ("0042",))
    assert (office.schools, office.state, office.expires) == (("maple", "oak"), False, date(2027, 6, 30))
    assert (state.role, state.districts, state.state) == (Role.ANALYST, (), True)
    assert grants_in("") == ()


@pytest.mark.parametrize(
    ("line", "other", "told"),
    [
        ('name = "office-2"', "", "token number 1 name: takes"),
        ('name = "office-2"', 'name = "Ann Lee"', "token number 1 name: takes"),
        ('name = "office-2"', f'name = "{"a" * 41}"', "token number 1 name: takes"),
        (f'sha256 = "{DIGEST}"', "", "token office-2 sha256: takes the 64 digits"),
        (f'sha256 = "{DIGEST}"', f'sha256 = "{DIGEST[1:]}g"', "sha256: takes the 64 digits"),
        ('role = "staff"', 'role = "admin"', "role: takes analyst or staff"),
        ('role = "staff"', "role = 1", "role: takes analyst or staff"),
        ('role = "staff"', 'role = "analyst"', "schools: are for staff of one district"),
        ("expires = 2027-06-30", "", "expires: takes the last day"),
        ("expires = 2027-06-30", 'expires = "2027-06-30"', "without quotes"),
        ("expires = 2027-06-30", "expires = 2027-06-30T10:00:00Z", "expires: takes the last day"),
        ('districts = ["0042"]', "", "districts: name at least one"),
        ('districts = ["0042"]', 'districts = ["0042"]\nstate = true', "not both"),
        ('districts = ["0042"]', 'districts = ["0042"]\nstate = "no"', "state: takes true or false"),
        ('districts = ["0042"]', 'districts = "0042"', 'such as ["0042"]'),
        ('districts = ["0042"]', "districts = [42]", 'such as ["0042"]'),
        ('districts = ["0042"]', 'districts = ["00 42"]', 'such as ["0042"]'),
        ('districts = ["0042"]', 'districts = ["0042", "7"]', "schools: are for staff of one district"),
        ('districts = ["0042"]', 'district = ["0042"]', "is districts meant?"),
        ("[[token]]", "[token]", "as [[token]]"),
        ("[[token]]", "tokens = 1\n[[token]]", "'tokens', which it does not take"),
        ("[[token]]", "[[token]", "is not TOML"),
        ("expires = 2027-06-30", f"expires = 2027-06-30\n{GOOD}", "two tokens of one name"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, line: str, other: str, told: str) -> None:
    assert line in GOOD
    path = tmp_path / "tokens.toml"
    path.write_text(GOOD.replace(line, other, 1))
    with pytest.raises(TokensInvalid) as caught:
        read_tokens(path)
    assert told in str(caught.value) and str(caught.value).startswith(f"the file {path} ")
    assert DIGEST not in str(caught.value) and "Ann" not in str(caught.value)


def test_a_file_that_is_not_there_or_that_all_may_write_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokens.toml"
    with pytest.raises(TokensInvalid, match="cannot be read"):
        TokensFile(path)
    path.write_bytes(b"\xff")
    with pytest.raises(TokensInvalid, match="cannot be read"):
        TokensFile(path)
    path.write_text(GOOD)
    path.chmod(0o666)
    with pytest.raises(TokensInvalid, match="chmod o-w"):
        TokensFile(path)


def test_changes_hold_a_second_later_and_a_broken_file_lets_nobody_in(tmp_path: Path) -> None:
    seconds = 0.0
    path = tmp_path / "tokens.toml"
    path.write_text(GOOD)
    tokens = TokensFile(path, lambda: seconds)
    assert [grant.name for grant in tokens()] == ["office-2"]
    path.write_text(GOOD + STATE)
    seconds = 0.9
    assert len(tokens()) == 1
    seconds = 1.0
    assert len(tokens()) == 2
    for broken in ("[[token]", None):
        path.unlink() if broken is None else path.write_text(broken)
        seconds += 1
        for _ in range(2):
            with pytest.raises(TokensAway):
                tokens()
    path.write_text(STATE)
    seconds += 1
    assert [grant.name for grant in tokens()] == ["state"]


def made(*words: str, status: int = 0) -> tuple[str, str]:
    done = CliRunner().invoke(app, ["token", *words])
    assert done.exit_code == status, done.output
    return done.stdout, done.stderr


def test_a_token_that_was_made_opens_what_its_entry_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLLCALL_API_TOKENS_FILE", raising=False)
    entry, told = made("a", "--role", "staff", "--district", "0042", "--school", "maple", "--school", "oak")
    (token,) = TOKEN.findall(told)
    (grant,) = grants_in(entry)
    assert grant.sha256 == fingerprint(token) and token not in entry and fingerprint(token) not in told
    today = datetime.now(UTC).date()
    assert holder([grant], token, today) is grant
    assert (grant.districts, grant.schools) == (("0042",), ("maple", "oak"))
    assert timedelta(364) <= grant.expires - today <= timedelta(365)
    second, _ = made("b", "--role", "analyst", "--state", "--expires", "2099-06-30")
    assert grants_in(entry + second)[1].expires == date(2099, 6, 30)
    assert grants_in(second)[0].state


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Ann Lee", "--role", "staff", "--district", "1"], "name: takes"),
        (["a", "--role", "admin", "--district", "1"], "role: takes analyst or staff"),
        (["a", "--role", "staff"], "name at least one"),
        (["a", "--role", "staff", "--state", "--district", "1"], "not both"),
        (["a", "--role", "analyst", "--district", "1", "--school", "2"], "are for staff"),
        (["a", "--role", "staff", "--district", "1", "--expires", "2020-01-01"], "lies in the past"),
        (["a", "--role", "staff", "--district", 'x"\ny'], "takes a list of ids"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(words: list[str], told: str) -> None:
    out, error = made(*words, status=2)
    assert out == "" and told in error and "rollcall_" not in error


def test_a_name_is_given_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tokens.toml"
    monkeypatch.setenv("ROLLCALL_API_TOKENS_FILE", str(path))
    made("office-2", "--role", "staff", "--district", "1")
    path.write_text(GOOD)
    _, error = made("office-2", "--role", "staff", "--district", "1", status=2)
    assert "take another name" in error


def test_the_port_is_open_where_there_are_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLLCALL_API_TOKENS_FILE", raising=False)
    path = tmp_path / "tokens.toml"
    assert load().web_port == 0 and load(api_tokens_file=path).web_port == 8480
    assert load(api_tokens_file=path, web_port=0).web_port == 0
    with pytest.raises(SettingsInvalid, match="ROLLCALL_API_TOKENS_FILE"):
        load(web_port=8480)


def test_the_log_takes_a_route_and_a_name_and_nothing_that_was_asked() -> None:
    line = {
        "event": "request_done",
        "route": "/api/v1/bands",
        "status": 200,
        "ms": 7,
        "token": "token:office",
    }
    assert allowed(line) == line
    assert allowed({**line, "route": "none"})["route"] == "none"
    for key, value in (
        ("route", "/api/v1/bands?district=0042"),
        ("route", "/api/v1/0042"),
        ("token", "office"),
        ("token", "token:Ann Lee"),
        ("status", "200"),
    ):
        assert allowed({**line, key: value}) == {**{k: v for k, v in line.items() if k != key}, "withheld": 1}


def test_the_demo_serves_no_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_API_TOKENS_FILE", str(tmp_path / "tokens.toml"))
    monkeypatch.setenv("ROLLCALL_WEB_PORT", "8480")
    settings = settings_of_demo(tmp_path)
    assert (settings.api_tokens_file, settings.web_port) == (None, 0)


def test_no_other_command_loads_a_web_framework() -> None:
    """Starting a command takes a second at most; FastAPI, uvicorn and pyarrow would double it."""
    looked = "import sys, infra.cli.app, infra.running.process; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", looked], cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "infra" in loaded
    assert loaded.isdisjoint({"fastapi", "starlette", "uvicorn", "pyarrow"})
