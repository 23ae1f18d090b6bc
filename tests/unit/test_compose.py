"""The compose file and the image, linted without Docker: pinned, closed to the outside, no password."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from infra.docker.healthcheck import healthy, main
from infra.metrics import Metrics
from infra.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "infra/docker/Dockerfile").read_text()
GRAFANA = (ROOT / "infra/grafana/Dockerfile").read_text()
OURS = ("worker", "sink", "web")


def parsed(text: str) -> dict[str, Any]:
    """The part of YAML that the compose file keeps to: blocks by two spaces, lists, JSON lists, scalars, `|`.

    The locked packages hold no YAML reader. What is not of this part is an error, not a guess.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    value, rest = _block(lines, 0)
    assert not rest, f"cannot read {rest[0]!r}"
    assert isinstance(value, dict)
    return value


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _block(lines: list[str], indent: int) -> tuple[Any, list[str]]:
    if lines and _indent(lines[0]) == indent and lines[0].lstrip().startswith("- "):
        return _list(lines, indent)
    found: dict[str, Any] = {}
    while lines and _indent(lines[0]) == indent:
        match = re.fullmatch(r"([A-Za-z0-9_-]+):(?: (.+))?", lines[0].strip())
        assert match, f"cannot read {lines[0]!r}"
        key, text = match[1], match[2]
        assert key not in found, f"{key} stands twice"
        lines = lines[1:]
        if text is not None:
            found[key] = _scalar(text)
        elif lines and _indent(lines[0]) == indent + 2:
            found[key], lines = _block(lines, indent + 2)
        else:
            found[key] = None
    return found, lines


def _list(lines: list[str], indent: int) -> tuple[list[Any], list[str]]:
    items = []
    while lines and _indent(lines[0]) == indent:
        assert lines[0].lstrip().startswith("- "), f"cannot read {lines[0]!r}"
        text, lines = lines[0].strip()[2:], lines[1:]
        if text != "|":
            items.append(_scalar(text))
            continue
        below = []
        while lines and _indent(lines[0]) > indent:
            below.append(lines[0].strip())
            lines = lines[1:]
        items.append("\n".join(below))
    return items, lines


def _scalar(text: str) -> Any:
    if text.startswith(("[", '"')):
        return json.loads(text)
    assert not text.startswith(("&", "*", "{", "!", ">", "'", "|")), f"cannot read {text!r}"
    assert " #" not in text
    return text


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return parsed(COMPOSE.read_text())


def test_the_reader_of_this_test_reads_and_refuses() -> None:
    text = 'a:\n  b:\n    - 1\n    - |\n      x\n      y\n  # no\n  c: ["d"]\n  e: "f"\ng:\n'
    assert parsed(text) == {"a": {"b": ["1", "x\ny"], "c": ["d"], "e": "f"}, "g": None}
    for wrong in ("a: *b\n", "a: 1\na: 2\n", "a:\n   b: 1\n", "- a\nb: 1\n", "a: 1 # b\n", "just text\n"):
        with pytest.raises(AssertionError):
            parsed(wrong)


def test_it_has_the_six_services(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"kafka", "clickhouse", "worker", "sink", "web", "grafana"}
    assert [compose["services"][name]["command"] for name in OURS] == [["worker"], ["sink"], ["web"]]


@pytest.mark.parametrize("name", [*OURS, "ingest"])
def test_the_command_of_the_image_knows_what_it_is_told(name: str) -> None:
    """The entry point itself, with this Python in the place of the image's."""
    env = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["sh", str(ROOT / "infra/docker/rollcall"), name, "--help"],
        env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"rollcall {name}" in done.stdout


def test_the_image_holds_every_folder_that_the_code_imports() -> None:
    copied = set(re.findall(r"^COPY (\w+) \./", DOCKERFILE, re.MULTILINE))
    assert copied == {"models", "alerts", "streams", "web", "infra"}
    others = {path.name for path in ROOT.iterdir() if path.is_dir()} - copied
    for folder in copied:
        for path in (ROOT / folder).rglob("*.py"):
            for name in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.MULTILINE):
                assert name not in others, path


def test_topics_are_made_by_us_alone(compose: dict[str, Any]) -> None:
    assert compose["services"]["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_every_image_is_pinned_to_a_full_version(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE + GRAFANA, re.MULTILINE)
    assert len(images) == 8
    for image in images:
        assert re.fullmatch(
            r"[a-z/-]+:[0-9]+\.[0-9]+\.[0-9]+(\.[0-9]+)*(-[a-z-]+)?(@sha256:[0-9a-f]{64})?", image
        ), image


def test_every_port_is_open_to_this_machine_only(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(re.fullmatch(r"127\.0\.0\.1:[0-9]+:[0-9]+", port) for port in ports), ports
    assert all(service.get("network_mode") is None for service in compose["services"].values())


def test_no_password_stands_in_the_file_or_the_image(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for key, value in service.get("environment", {}).items():
            secret = re.search("PASSWORD|SECRET|TOKEN|KEY", key)
            assert not secret or (key.endswith("_FILE") and value.startswith("/run/secrets/")), (name, key)
            assert not re.search("://[^/]*@", value), (name, key)
    assert not re.search("PASSWORD|SECRET|TOKEN", DOCKERFILE)
    for secret in compose["secrets"].values():
        assert set(secret) == {"file"}
        # var/ is in .gitignore, and outside of what the builder is sent.
        assert secret["file"].startswith("./var/")


def test_every_secret_that_is_used_is_declared(compose: dict[str, Any]) -> None:
    used = {secret for service in compose["services"].values() for secret in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    mounted = {line for service in compose["services"].values() for line in service.get("volumes", [])}
    ours = {line for line in mounted if line.startswith("./infra/")}
    assert all(line.endswith(":ro") and (ROOT / line.split(":")[0]).is_file() for line in ours)
    secret = {line for line in mounted if line.startswith("./var/secrets/")}
    assert all(line.endswith(":ro") for line in secret)
    mounted -= ours | secret
    assert {line.split(":")[0] for line in mounted} == set(compose["volumes"])


def test_clickhouse_does_not_start_without_its_password(compose: dict[str, Any]) -> None:
    script = compose["services"]["clickhouse"]["command"][0].splitlines()
    assert script[0] == "set -eu"
    assert 'test -n "$$CLICKHOUSE_PASSWORD"' in script
    assert compose["services"]["clickhouse"]["environment"]["CLICKHOUSE_USER"] != "default"


def test_grafana_lets_in_nobody_unasked_and_fetches_nothing_at_its_start(compose: dict[str, Any]) -> None:
    service = compose["services"]["grafana"]
    assert service["environment"]["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    assert service["environment"]["GF_USERS_ALLOW_SIGN_UP"] == "false"
    assert not any("INSTALL" in key for key in service["environment"])
    assert "clickhouse_password" not in service["secrets"]
    assert re.search(r"plugins install grafana-clickhouse-datasource [0-9]+\.[0-9]+\.[0-9]+$", GRAFANA, re.M)
    assert re.findall(r"^USER (\S+)", GRAFANA, re.MULTILINE)[-1] == "472:0"
    for copied, _ in re.findall(r"^COPY (\S+) (\S+)$", GRAFANA, re.MULTILINE):
        assert (ROOT / copied).is_dir()
        assert f"!{copied}" in (ROOT / "infra/grafana/Dockerfile.dockerignore").read_text().splitlines()


def test_the_user_of_dashboards_has_a_password_and_may_set_one_thing(compose: dict[str, Any]) -> None:
    assert 'test -n "$$CLICKHOUSE_ANALYST_PASSWORD"' in compose["services"]["clickhouse"]["command"][0]
    user = ElementTree.parse(ROOT / "infra/docker/analyst.xml")
    assert [each.tag for each in user.find("users") or []] == ["rollcall_analyst"]
    password = user.find("users/rollcall_analyst/password")
    assert password is not None and password.attrib == {"from_env": "CLICKHOUSE_ANALYST_PASSWORD"}
    profile = user.find("profiles/rollcall_analyst")
    assert profile is not None and profile.findtext("readonly") == "1"
    assert [each.tag for each in profile.find("constraints") or []] == ["max_execution_time"]


def test_the_api_reads_as_a_user_who_can_change_nothing_and_takes_its_tokens_from_a_file(
    compose: dict[str, Any],
) -> None:
    assert 'test -n "$$CLICKHOUSE_APPLICATION_PASSWORD"' in compose["services"]["clickhouse"]["command"][0]
    service = compose["services"]["web"]
    given = service["environment"]
    user = ElementTree.parse(ROOT / "infra/docker/application.xml")
    (held,) = user.find("users") or []
    assert held.tag == given["ROLLCALL_CLICKHOUSE_USER"]
    password = held.find("password")
    assert password is not None and password.attrib == {"from_env": "CLICKHOUSE_APPLICATION_PASSWORD"}
    assert user.findtext(f"profiles/{held.findtext('profile')}/readonly") == "2"
    assert [each.text for each in user.findall("users/*/grants/query")] == ["GRANT SELECT ON rollcall.*"]
    assert service["secrets"] == ["clickhouse_application_password"]
    # Its folder is mounted, so that a file that replaces it is seen.
    assert given["ROLLCALL_API_TOKENS_FILE"] == "/run/secrets/api/tokens.toml"
    assert "./var/secrets/api:/run/secrets/api:ro" in service["volumes"]
    assert f"127.0.0.1:8480:{given['ROLLCALL_WEB_PORT']}" in service["ports"]
    assert f":{given['ROLLCALL_WEB_PORT']}/-/healthy" in service["healthcheck"]["test"][-1]


def test_every_service_has_a_memory_limit_restarts_and_is_watched(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert re.fullmatch("[0-9]+[mg]", service["mem_limit"]), name
        assert service["restart"] == "unless-stopped", name
        assert "healthcheck" in service or name in OURS, name
    assert "HEALTHCHECK" in DOCKERFILE


@pytest.mark.parametrize("name", OURS)
def test_ours_wait_for_health_and_can_do_little(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] == "true"
    assert all(waits == {"condition": "service_healthy"} for waits in service["depends_on"].values())
    grace = float(service["stop_grace_period"].removesuffix("s"))
    assert grace > Settings.model_fields["shutdown_seconds"].default


@pytest.mark.parametrize("name", OURS)
def test_the_settings_in_the_file_are_taken(
    compose: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable in [variable for variable in os.environ if variable.upper().startswith("ROLLCALL_")]:
        monkeypatch.delenv(variable)
    secret = tmp_path / "secret"
    secret.write_text("correct-horse\n")
    given = {
        **dict(re.findall(r"(ROLLCALL_\w+)=(\S+)", DOCKERFILE)),
        **compose["services"][name]["environment"],
    }
    for variable, value in given.items():
        monkeypatch.setenv(variable, str(secret) if value.startswith("/run/secrets/") else value)
    settings = Settings()
    # The API asks the store, and no log.
    assert settings.bootstrap == (() if name == "web" else ("kafka:19092",))
    assert settings.replication_factor == 1 or name == "web"
    assert (settings.chdb_path is None) == (name in ("sink", "web"))
    assert f"127.0.0.1:{settings.metrics_port}:{settings.metrics_port}" in compose["services"][name]["ports"]


def test_the_image_runs_as_nobody_in_particular_with_locked_packages() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users and not users[-1].startswith(("0", "root"))
    assert re.search(r"pip install .*--require-hashes .*-r requirements\.txt", DOCKERFILE)
    assert "ADD " not in DOCKERFILE
    assert os.access(ROOT / "infra/docker/rollcall", os.X_OK)


def test_the_builder_is_sent_only_what_is_named() -> None:
    lines = (ROOT / "infra/docker/Dockerfile.dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    taken = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = {
        source for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE) for source in line.split()
    }
    assert taken == copied


def scrape(*, lag: int = 0, sink_lag: int = 0, progress: float = 0.0) -> str:
    metrics = Metrics("0.1.0")
    metrics.set("rollcall_lag_messages", lag)
    metrics.set("rollcall_sink_lag_messages", sink_lag)
    metrics.set("rollcall_last_progress_timestamp_seconds", progress)
    return metrics.render().decode()


NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("exposition", "expected"),
    [
        (scrape(), True),
        (scrape(lag=0, progress=NOW - 90_000), True),
        (scrape(lag=5, progress=NOW - 119), True),
        (scrape(lag=5, progress=NOW - 121), False),
        (scrape(sink_lag=5, progress=NOW - 121), False),
        (scrape(lag=5), False),
        ("", False),
        ("rollcall_lag_messages 0.0\n", False),
    ],
    ids=["new", "idle", "busy", "stalled", "sink stalled", "never began", "empty", "foreign"],
)
def test_health_is_progress(exposition: str, expected: bool) -> None:
    assert healthy(exposition, NOW, 120) is expected


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_process_that_does_not_answer_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = Metrics("0.1.0")
    with metrics.serve("127.0.0.1", 0) as served:
        monkeypatch.setenv("ROLLCALL_METRICS_PORT", str(served.port))
        assert main() == 0
    assert main() == 1
