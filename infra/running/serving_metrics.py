"""The metrics of a process, where a port is set for them."""

from __future__ import annotations

from infra.metrics import Metrics, Served
from infra.running.parts import Failed
from infra.settings import Settings


def served(metrics: Metrics, settings: Settings) -> Served:
    """Serve them until closed. Raises Failed where the address cannot be had."""
    try:
        return metrics.serve(settings.metrics_host, settings.metrics_port)
    except OSError as error:
        raise Failed(
            f"the metrics cannot be served at {settings.metrics_host}:{settings.metrics_port} "
            f"({error.strerror}); set ROLLCALL_METRICS_HOST and ROLLCALL_METRICS_PORT to a free address"
        ) from error
