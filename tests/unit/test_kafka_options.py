"""What the clients of Kafka are given of the settings. TLS may never be lost on the way."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
from faust import SASLCredentials, SSLCredentials
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth
from faust.types.auth import AuthProtocol, SASLMechanism

from infra.kafka_log.faust_credentials import faust_credentials
from infra.kafka_log.options import kafka_options
from infra.settings import Settings, load
from streams.event_log import LogUnavailable

PASSWORD = "correct-horse"


@pytest.fixture(autouse=True)
def _settings_of_the_test_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("ROLLCALL_HOME", "ROLLCALL_BROKER", "ROLLCALL_KAFKA_PROTOCOL"):
        monkeypatch.delenv(variable, raising=False)


def settings(protocol: str, **others: Any) -> Settings:
    given: dict[str, Any] = {"broker": "kafka://127.0.0.1:9092,localhost:9093", "worker_id": "one"}
    if protocol.startswith("SASL"):
        given |= {"kafka_username": "rollcall", "kafka_password": PASSWORD}
    return load(**given, kafka_protocol=protocol, **others)


def checks_names_and_certificates(context: ssl.SSLContext | None) -> bool:
    return context is not None and context.check_hostname and context.verify_mode is ssl.CERT_REQUIRED


def test_plaintext_is_addresses_and_a_name() -> None:
    assert kafka_options(settings("PLAINTEXT")) == {
        "bootstrap_servers": ["127.0.0.1:9092", "localhost:9093"],
        "client_id": "rollcall-one",
        "security_protocol": "PLAINTEXT",
    }
    assert faust_credentials(settings("PLAINTEXT")) is None


def test_tls_checks_the_brokers_name_and_certificate() -> None:
    options = kafka_options(settings("SSL"))
    assert options["security_protocol"] == "SSL"
    assert checks_names_and_certificates(options["ssl_context"])
    assert not [name for name in options if name.startswith("sasl")]
    credentials = faust_credentials(settings("SSL"))
    assert isinstance(credentials, SSLCredentials)
    assert credentials.protocol is AuthProtocol.SSL
    assert checks_names_and_certificates(credentials.context)


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"])
def test_a_password_goes_over_tls(mechanism: str) -> None:
    given = settings("SASL_SSL", kafka_mechanism=mechanism)
    options = kafka_options(given)
    assert checks_names_and_certificates(options.pop("ssl_context"))
    assert options["security_protocol"] == "SASL_SSL"
    assert options["sasl_mechanism"] == mechanism
    assert options["sasl_plain_username"] == "rollcall"
    assert options["sasl_plain_password"] == PASSWORD
    credentials = faust_credentials(given)
    assert isinstance(credentials, SASLCredentials)
    assert credentials.mechanism is SASLMechanism(mechanism)
    auth = dict(credentials_to_aiokafka_auth(credentials))
    assert checks_names_and_certificates(auth.pop("ssl_context"))
    assert auth == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": mechanism,
        "sasl_plain_username": "rollcall",
        "sasl_plain_password": PASSWORD,
    }


def test_a_password_without_tls_only_where_the_settings_allow_it() -> None:
    given = settings("SASL_PLAINTEXT", kafka_allow_plain_sasl=True)
    assert "ssl_context" not in kafka_options(given)
    credentials = faust_credentials(given)
    assert isinstance(credentials, SASLCredentials)
    assert credentials.protocol is AuthProtocol.SASL_PLAINTEXT


def test_no_password_is_shown() -> None:
    given = settings("SASL_SSL")
    assert PASSWORD not in repr(faust_credentials(given)) + repr(given)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_cannot_be_used_are_said(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(LogUnavailable, match="ROLLCALL_KAFKA_CA_FILE"):
        kafka_options(settings("SSL", kafka_ca_file=file))
