"""The metrics: closed names and values, zeros from the start, and a server that can be closed."""

from __future__ import annotations

import socket
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from infra.metrics import CHANGES, METRICS, NAMES, RULES, Metrics
from models.refusal import Reason


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_typed_names_are_those_of_the_table() -> None:
    assert sorted(NAMES) == sorted(METRICS)


def test_every_metric_and_value_is_there_at_zero_before_anything_happens() -> None:
    found = samples(Metrics("0.1.0"))
    names = {name.removesuffix("_count") for name, _ in found}
    assert names >= set(METRICS)
    assert found["rollcall_build_info", (("version", "0.1.0"),)] == 1
    assert found["rollcall_alerts_total", (("change", "withdrawn"), ("rule", "tier_3"))] == 0
    alerts = [key for key in found if key[0] == "rollcall_alerts_total"]
    assert len(alerts) == len(RULES) * len(CHANGES)
    refused = {labels[0][1] for name, labels in found if name == "rollcall_refused_total"}
    assert refused == set(Reason)


def test_counting_setting_and_observing() -> None:
    metrics = Metrics("0.1.0")
    metrics.count("rollcall_records_total", 3, outcome="accepted")
    metrics.count("rollcall_records_total", outcome="accepted")
    metrics.count("rollcall_forwarded_total", 2)
    metrics.count("rollcall_refused_total", reason=Reason.BAD_DATE)
    metrics.set("rollcall_lag_messages", 7)
    metrics.observe("rollcall_message_seconds", 0.02)
    found = samples(metrics)
    assert found["rollcall_records_total", (("outcome", "accepted"),)] == 4
    assert found["rollcall_records_total", (("outcome", "refused"),)] == 0
    assert found["rollcall_forwarded_total", ()] == 2
    assert found["rollcall_refused_total", (("reason", "bad_date"),)] == 1
    assert found["rollcall_lag_messages", ()] == 7
    assert found["rollcall_message_seconds_count", ()] == 1
    assert found["rollcall_message_seconds_sum", ()] == 0.02


def test_two_registries_do_not_share() -> None:
    one, other = Metrics("0.1.0"), Metrics("0.1.0")
    one.count("rollcall_forwarded_total")
    assert samples(other)["rollcall_forwarded_total", ()] == 0


@pytest.mark.parametrize(
    "labels",
    [{}, {"outcome": "CANARY-NAME"}, {"outcome": "accepted", "school": "7"}, {"school": "CANARY-NAME"}],
)
def test_a_label_or_value_that_is_not_known_is_refused_unrepeated(labels: dict[str, str]) -> None:
    metrics = Metrics("0.1.0")
    with pytest.raises(ValueError, match="rollcall_records_total") as caught:
        metrics.count("rollcall_records_total", **labels)
    assert "CANARY" not in str(caught.value)
    assert b"CANARY" not in metrics.render()


def test_no_label_can_name_a_district_a_school_or_a_student() -> None:
    labels = {label for metric in METRICS.values() for label in metric.labels}
    assert labels == {"outcome", "rule", "change", "reason", "table", "kind", "status", "version"}


def test_the_build_cannot_be_set_by_value_nor_named_at_will() -> None:
    with pytest.raises(ValueError, match="labels"):
        Metrics("0.1.0").set("rollcall_build_info", 2)
    with pytest.raises(ValueError, match="version"):
        Metrics('0.1"} 1')


def test_names_follow_the_conventions_of_prometheus() -> None:
    for name, metric in METRICS.items():
        assert name.startswith("rollcall_")
        assert name.endswith("_total") == (metric.type == "counter"), name
        assert metric.type != "histogram" or name.endswith("_seconds"), name
        assert metric.help


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_it_serves_and_gives_the_port_back() -> None:
    metrics = Metrics("0.1.0")
    metrics.set("rollcall_students", 12)
    with metrics.serve("127.0.0.1", 0) as served:
        with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/metrics", timeout=5) as answer:
            assert b"rollcall_students 12.0" in answer.read()
        port = served.port
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
