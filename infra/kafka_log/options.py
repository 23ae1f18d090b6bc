"""What the settings mean to the clients of Kafka: addresses, TLS, and who signs in."""

from __future__ import annotations

import ssl
from typing import Any

from infra.settings import Settings
from streams.event_log import LogUnavailable


def kafka_options(settings: Settings) -> dict[str, Any]:
    """What every client of kafka-python takes. Raises LogUnavailable as `tls_context` does."""
    options: dict[str, Any] = {
        "bootstrap_servers": list(settings.bootstrap),
        "client_id": f"rollcall-{settings.worker_id}",
        "security_protocol": settings.kafka_protocol,
    }
    context = tls_context(settings)
    if context is not None:
        options["ssl_context"] = context
    if settings.kafka_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.kafka_mechanism
        options["sasl_plain_username"] = settings.kafka_username
        options["sasl_plain_password"] = password(settings)
    return options


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """What checks the broker's certificate and its host name; None where the protocol is without TLS.

    Raises LogUnavailable where the file of certificates cannot be used.
    """
    if settings.kafka_protocol not in ("SSL", "SASL_SSL"):
        return None
    try:
        return ssl.create_default_context(cafile=settings.kafka_ca_file)
    except OSError as error:
        # SSLError is an OSError, too.
        raise LogUnavailable(
            "ROLLCALL_KAFKA_CA_FILE cannot be used; it must name a file that can be read, with certificates "
            "in PEM"
        ) from error


def password(settings: Settings) -> str:
    """The password at Kafka; blank where there is none."""
    return "" if settings.kafka_password is None else settings.kafka_password.get_secret_value()
