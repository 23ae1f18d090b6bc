"""The jars of Apache Kafka, fetched by Maven once and kept in the checkout's cache."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "kafka"
JDK = 17
FETCH_SECONDS = 300


class Missing(Exception):
    """A part of this machine that a broker needs is not there; the message says which and what to do."""


@cache
def java() -> str:
    """The command of a Java runtime that is new enough. Raises Missing."""
    command = shutil.which("java")
    if command is None:
        raise Missing(f"no Java: a Kafka broker for the tests needs JDK {JDK} or later on the PATH")
    told = subprocess.run([command, "-version"], capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r'version "(\d+)', told.stderr)
    if found is None or int(found[1]) < JDK:
        raise Missing(f"Java is too old: a Kafka broker for the tests needs JDK {JDK} or later on the PATH")
    return command


@cache
def class_path() -> str:
    """The class path of the broker; Maven fetches the jars where they are not there yet. Raises Missing."""
    pom = HERE / "pom.xml"
    # Named after what was asked for, so that a newer version is fetched beside the older one.
    jars = CACHE / hashlib.sha256(pom.read_bytes()).hexdigest()[:16]
    if not jars.is_dir():
        _fetch(pom, jars)
    return f"{jars}/*"


def _fetch(pom: Path, jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("no Maven: the jars of the Kafka broker for the tests are fetched with `mvn`")
    CACHE.mkdir(parents=True, exist_ok=True)
    # Moved into place when complete: a fetch that is interrupted must not look like a finished one.
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        fresh = Path(folder) / "jars"
        wanted = ["dependency:copy-dependencies", f"-DoutputDirectory={fresh}", "-DincludeScope=runtime"]
        try:
            done = subprocess.run(
                [maven, "-q", "-B", "-f", str(pom), *wanted],
                capture_output=True,
                text=True,
                check=False,
                timeout=FETCH_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise Missing(f"Maven did not fetch the jars of Kafka within {FETCH_SECONDS} s") from None
        if done.returncode or not any(fresh.glob("kafka_*.jar")):
            raise Missing(f"Maven could not fetch the jars of Kafka: {done.stdout.strip()[-500:]}")
        try:
            fresh.rename(jars)
        except OSError:
            # Another run was first.
            if not jars.is_dir():
                raise
