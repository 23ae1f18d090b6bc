"""TLS and a password at a real broker, by kafka-python and by what Faust is given."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from aiokafka import AIOKafkaConsumer  # type: ignore[import-untyped]  # it comes without types
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth

from infra.kafka_log.faust_credentials import faust_credentials
from infra.kafka_log.log import KafkaLog
from infra.settings import Settings, load
from streams.event_log import LogUnavailable, Outgoing
from tests.kafka.broker import Broker
from tests.kafka.jars import Missing
from tests.kafka.signing_in import PASSWORD, USER, SigningIn
from tests.parts import need

pytestmark = [
    pytest.mark.usefixtures("collected"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]


class Secured(NamedTuple):
    """A broker that wants TLS and a password."""

    address: str
    certificates: Path

    def settings(self, **others: object) -> Settings:
        given = {
            "broker": f"kafka://{self.address}",
            "replication_factor": 1,
            "kafka_protocol": "SASL_SSL",
            "kafka_username": USER,
            "kafka_password": PASSWORD,
            "kafka_ca_file": self.certificates,
        }
        return load(**{**given, **others})


@pytest.fixture(scope="module")
def secured() -> Iterator[Secured]:
    with tempfile.TemporaryDirectory(prefix="rollcall-kafka-") as folder:
        try:
            signing_in = SigningIn(Path(folder))
            broker = Broker(Path(folder), signing_in)
            broker.start()
        except Missing as missing:
            need(False, str(missing))
        try:
            yield Secured(broker.secured_address, signing_in.certificates)
        finally:
            broker.kill()


def test_who_signs_in_over_tls_reads_and_writes(secured: Secured, name: str) -> None:
    settings = secured.settings()
    log = KafkaLog(settings)
    try:
        log.create(name, 1)
        log.append(name, [Outgoing(b"D", b"1")])
        log.commit(name, {(name, 0): 1})
        assert [one.value for one in log.read(name, 0, 0)] == [b"1"]
        assert log.committed(name, name, 0) == 1
    finally:
        log.close()

    async def read_as_faust_does() -> bytes:
        auth = credentials_to_aiokafka_auth(faust_credentials(settings))
        consumer = AIOKafkaConsumer(
            name, bootstrap_servers=secured.address, auto_offset_reset="earliest", **auth
        )
        await consumer.start()
        try:
            message = await consumer.getone()
            return bytes(message.value)
        finally:
            await consumer.stop()

    assert asyncio.run(read_as_faust_does()) == b"1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kafka_password": "wrong"},
        {"kafka_ca_file": None},
        {"kafka_protocol": "PLAINTEXT"},
    ],
    ids=["password", "certificate", "protocol"],
)
def test_who_does_not_is_told(secured: Secured, wrong: dict[str, object]) -> None:
    with pytest.raises(LogUnavailable, match="ROLLCALL_KAFKA_PROTOCOL") as caught:
        KafkaLog(secured.settings(**wrong), timeout=2.0)
    assert PASSWORD not in str(caught.value)
