"""How Faust signs in at Kafka.

Faust's SASLCredentials without an ssl_context silently mean plain text. Here a protocol with TLS always
brings its context, and SASL without one is what the settings allow to brokers on this machine only.
"""

from __future__ import annotations

from faust import SASLCredentials, SSLCredentials

from infra.kafka_log.options import password, tls_context
from infra.settings import Settings


def faust_credentials(settings: Settings) -> SASLCredentials | SSLCredentials | None:
    """Faust's `broker_credentials`; None for PLAINTEXT. Raises LogUnavailable as `tls_context` does."""
    context = tls_context(settings)
    if settings.kafka_protocol.startswith("SASL"):
        return SASLCredentials(
            username=settings.kafka_username,
            password=password(settings),
            mechanism=settings.kafka_mechanism,
            ssl_context=context,
        )
    return None if context is None else SSLCredentials(context)
