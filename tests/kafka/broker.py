"""A real Apache Kafka broker for the tests, without Docker: one JVM, free ports on loopback, a folder.

`python -m tests.kafka.broker` runs one until Ctrl-C and says how the tests are pointed at it.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from kafka import KafkaAdminClient  # type: ignore[import-untyped]  # it comes without types
from kafka.errors import KafkaError  # type: ignore[import-untyped]  # it comes without types

from tests.kafka import jars
from tests.kafka.signing_in import SigningIn

HOST = "127.0.0.1"
CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qk"
JVM = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxDirectMemorySize=256m")
START_SECONDS = 240.0
STOP_SECONDS = 15.0

_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={folder}/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
controlled.shutdown.enable=false
# A broker that was killed is let in again once its last session is over.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# Small, and quick to clean: a test of compaction does not wait for the cleaner's rounds.
log.cleaner.dedupe.buffer.size=8388608
log.cleaner.backoff.ms=200
log.index.size.max.bytes=1048576
file.delete.delay.ms=1000
"""


class Broker:
    """One broker with its data in `folder`; once stopped or killed it can be started again on that data.

    `address` takes anybody; with `signing_in`, `secured_address` takes its user over TLS.
    """

    def __init__(self, folder: Path, signing_in: SigningIn | None = None) -> None:
        self._folder = folder
        self._log = folder / "broker.log"
        self._settings = folder / "server.properties"
        self._signing_in = signing_in
        port, controller_port, secured_port = _free_ports(3)
        self.address = f"{HOST}:{port}"
        self.secured_address = f"{HOST}:{secured_port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        settings = _SETTINGS.format(host=HOST, port=port, controller_port=controller_port, folder=folder)
        if signing_in is not None:
            settings += signing_in.settings(self.address, self.secured_address, f"{HOST}:{controller_port}")
        self._settings.write_text(settings)

    def start(self) -> None:
        """Start it, and return when it answers. Raises jars.Missing; RuntimeError with the end of its log."""
        if not (self._folder / "data" / "meta.properties").exists():
            self._format()
        with self._log.open("ab") as log:
            # A session of its own, so that Ctrl-C in the terminal ends the tests first and the broker last.
            self._process = subprocess.Popen(
                self._java("kafka.Kafka", str(self._settings)),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        # Whatever ends the tests closes the guard's input, and then nothing of them is left.
        self._guard = subprocess.Popen(
            ["sh", "-c", 'read _; kill -9 "$1"', "guard", str(self._process.pid)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.kill()
            raise

    def start_again(self) -> None:
        """Start it where it does not run."""
        if self._process is None:
            self.start()

    def stop(self) -> None:
        """End it in good order; kill it where that takes too long."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
            self._ended()
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._ended()

    def _ended(self) -> None:
        self._process = None
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None

    def freeze(self) -> None:
        """Let it hang: its connections stay open and nothing is answered."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on after `freeze`."""
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _format(self) -> None:
        command = self._java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(self._settings))
        if self._signing_in is not None:
            command += ["--add-scram", self._signing_in.credential]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=START_SECONDS)
        if done.returncode:
            raise RuntimeError(f"the folder of the Kafka broker cannot be formatted: {done.stderr[-2000:]}")

    def _java(self, *arguments: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={jars.HERE / 'log4j2.properties'}"
        return [jars.java(), *JVM, logging, "-cp", jars.class_path(), *arguments]

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if _listens(self.address):
                try:
                    KafkaAdminClient(bootstrap_servers=self.address, bootstrap_timeout_ms=5_000).close()
                    return
                except KafkaError:
                    pass
            time.sleep(0.05)
        tail = self._log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"the Kafka broker does not answer; the end of its log:\n{tail}")


def _listens(address: str) -> bool:
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _free_ports(count: int) -> list[int]:
    """Ports that nobody uses now. All are held until all are known, so that no two are the same."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def main() -> None:
    """Run one broker until Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="rollcall-kafka-") as folder:
        broker = Broker(Path(folder))
        try:
            broker.start()
            print(f"ROLLCALL_TEST_KAFKA={broker.address} points the tests at it; Ctrl-C ends it", flush=True)
            signal.pause()
        except KeyboardInterrupt:
            pass
        finally:
            broker.stop()


if __name__ == "__main__":
    main()
