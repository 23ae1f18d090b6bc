"""The settings: defaults, sources, secrets, and what is refused with which words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.settings import HIDDEN, Settings, SettingsInvalid, describe, load

PASSWORD = "correct-horse"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("ROLLCALL_"):
            monkeypatch.delenv(name)


def refusal(**arguments: object) -> str:
    with pytest.raises(SettingsInvalid) as caught:
        load(**arguments)
    return str(caught.value)


def test_nothing_set_is_the_embedded_system_in_var() -> None:
    settings = load()
    home = Path("var").absolute()
    assert settings.home == home
    assert settings.broker == f"sqlite://{home}/log.sqlite3"
    assert settings.sqlite_path == home / "log.sqlite3"
    assert settings.chdb_path == home / "chdb"
    assert settings.bootstrap == ()
    assert (settings.partitions, settings.replication_factor) == (1, 1)
    assert (settings.sqlite_sync, settings.batch_records, settings.brake_after) == ("FULL", 500, 50)
    assert (settings.metrics_host, settings.metrics_port) == ("127.0.0.1", 0)


def test_the_home_moves_log_and_store_even_with_odd_characters(tmp_path: Path) -> None:
    home = tmp_path / "a b?c#d%20"
    settings = load(home=home)
    assert settings.sqlite_path == home / "log.sqlite3"
    assert settings.chdb_path == home / "chdb"


def test_kafka_brings_its_own_partitions_and_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_BROKER", "kafka://one:9092,two:9092")
    settings = load()
    assert settings.bootstrap == ("one:9092", "two:9092")
    assert settings.sqlite_path is None
    assert (settings.partitions, settings.replication_factor) == (12, 3)
    monkeypatch.setenv("ROLLCALL_PARTITIONS", "4")
    assert load().partitions == 4


def test_a_server_in_place_of_chdb() -> None:
    settings = load(clickhouse="https://analytics.example:8443")
    assert settings.chdb_path is None
    assert settings.clickhouse == "https://analytics.example:8443"


def test_a_blank_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_PARTITIONS", "")
    assert load().partitions == 1


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("ROLLCALL_METRIC_PORT", "ROLLCALL_METRICS_PORT"),
        ("rollcall_brokr", "ROLLCALL_BROKER"),
        ("ROLLCALL_CLICKHOUSE_PASSWORDFILE", "ROLLCALL_CLICKHOUSE_PASSWORD_FILE"),
    ],
)
def test_an_unknown_variable_is_refused_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, name: str, near: str
) -> None:
    monkeypatch.setenv(name, PASSWORD)
    assert refusal() == f"{name.upper()} is no setting; is {near} meant?"


def test_an_unknown_variable_near_nothing_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_XYZZY_QQ", "1")
    assert refusal() == "ROLLCALL_XYZZY_QQ is no setting; take it away"


def test_the_variables_of_tests_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_TEST_KAFKA", "127.0.0.1:9092")
    assert load().bootstrap == ()


@pytest.mark.parametrize(
    "broker",
    [
        "redis://one:1",
        "kafka://",
        "kafka://one",
        "kafka://one:0",
        "kafka://one:99999",
        "kafka://one:1,",
        "kafka://one:1/topic",
        "sqlite://log.sqlite3",
        "sqlite:///",
        "kafka://user:correct-horse@one:9092",
        "sqlite:///tmp/log?sync=OFF",
    ],
)
def test_a_broker_that_names_nothing_is_refused_without_its_value(broker: str) -> None:
    said = refusal(broker=broker)
    # Only the variable at fault is told, not those whose defaults hang on it.
    assert said.startswith("ROLLCALL_BROKER: takes ")
    assert "\n" not in said
    assert PASSWORD not in said


@pytest.mark.parametrize(
    "url", ["https://rollcall:correct-horse@one:8443", "https://one:8443?password=correct-horse"]
)
def test_a_password_in_a_url_is_refused_with_the_remedy(url: str) -> None:
    said = refusal(clickhouse=url)
    assert said == "ROLLCALL_CLICKHOUSE: takes no user, password or query; they have settings of their own"


@pytest.mark.parametrize("url", ["http://one:1,two:2", "ftp://one:21", "https://one", "chdb://"])
def test_a_store_that_names_nothing_is_refused(url: str) -> None:
    assert refusal(clickhouse=url).startswith("ROLLCALL_CLICKHOUSE: takes ")


@pytest.mark.parametrize(
    ("name", "value"),
    [("batch_records", "501"), ("batch_records", "0"), ("metrics_port", "65536"), ("brake_after", "0"),
     ("sqlite_sync", "OFF"), ("retry_seconds", "0"), ("worker_id", "a b"), ("log_level", "LOUD"),
     ("partitions", "none"), ("clickhouse_database", "a`b")],
)  # fmt: skip
def test_a_value_out_of_its_range_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ROLLCALL_{name.upper()}", value)
    assert refusal().startswith(f"ROLLCALL_{name.upper()}: ")


def test_every_fault_is_told_at_once() -> None:
    assert len(refusal(batch_records=0, brake_after=0).splitlines()) == 2


def test_a_secret_comes_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(PASSWORD + "\n")
    settings = load(clickhouse_password_file=file)
    assert settings.clickhouse_password is not None
    assert settings.clickhouse_password.get_secret_value() == PASSWORD


@pytest.mark.parametrize("content", [None, b"", b"\n", b"one\ntwo\n", b"\xff"])
def test_a_secret_file_that_holds_no_secret_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    said = refusal(kafka_password_file=file)
    assert said.startswith("ROLLCALL_KAFKA_PASSWORD_FILE names a file that ")
    assert str(tmp_path) not in said


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    said = refusal(kafka_password=PASSWORD, kafka_password_file=tmp_path / "secret")
    assert said == "ROLLCALL_KAFKA_PASSWORD and ROLLCALL_KAFKA_PASSWORD_FILE are both set; keep one"


SASL = {"kafka_username": "rollcall", "kafka_password": PASSWORD}


def test_sasl_without_tls_is_refused() -> None:
    said = refusal(broker="kafka://one:9092", kafka_protocol="SASL_PLAINTEXT", **SASL)
    assert "in clear" in said
    assert PASSWORD not in said


@pytest.mark.parametrize(
    "broker", ["kafka://one:9092", "kafka://127.0.0.1:9092,one:9092", "kafka://127.0.0.10:1"]
)
def test_sasl_without_tls_cannot_be_allowed_to_another_machine(broker: str) -> None:
    assert "in clear" in refusal(
        broker=broker, kafka_protocol="SASL_PLAINTEXT", kafka_allow_plain_sasl=True, **SASL
    )


@pytest.mark.parametrize("broker", ["kafka://127.0.0.1:9092", "kafka://localhost:9092,[::1]:9093"])
def test_sasl_without_tls_can_be_allowed_on_this_machine(broker: str) -> None:
    settings = load(broker=broker, kafka_protocol="SASL_PLAINTEXT", kafka_allow_plain_sasl=True, **SASL)
    assert settings.kafka_protocol == "SASL_PLAINTEXT"


def test_sasl_needs_a_user_and_a_password() -> None:
    assert load(broker="kafka://one:9092", kafka_protocol="SASL_SSL", **SASL).kafka_username == "rollcall"
    assert "needs a user name" in refusal(broker="kafka://one:9092", kafka_protocol="SASL_SSL")


def test_describe_shows_all_with_sources_and_hides_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text(PASSWORD)
    monkeypatch.setenv("ROLLCALL_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("ROLLCALL_KAFKA_PASSWORD", PASSWORD)
    rows = describe(load(home=tmp_path, clickhouse_password_file=file))
    by_name = {row.name: row for row in rows}
    assert len(rows) == len(Settings.model_fields)
    assert all(row.doc for row in rows)
    assert by_name["ROLLCALL_LOG_LEVEL"][1:3] == ("DEBUG", "environment")
    assert by_name["ROLLCALL_HOME"][1:3] == (str(tmp_path), "argument")
    assert by_name["ROLLCALL_BATCH_RECORDS"][1:3] == ("500", "default")
    assert by_name["ROLLCALL_KAFKA_PASSWORD"][1:3] == (HIDDEN, "environment")
    assert by_name["ROLLCALL_CLICKHOUSE_PASSWORD"][1:3] == (HIDDEN, "file")
    assert by_name["ROLLCALL_POLICY_FILE"][1:3] == ("", "default")
    assert PASSWORD not in repr(rows)


def test_settings_never_show_a_secret(tmp_path: Path) -> None:
    assert PASSWORD not in repr(load(kafka_password=PASSWORD))
