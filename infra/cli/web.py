"""`rollcall web`: the HTTP API as a process of its own (docs/api.md)."""

from __future__ import annotations

from infra.cli.common import USAGE, fail, failures_told, settings_of_command
from infra.running.parts import Failed


def web() -> None:
    """Serve the HTTP API alone. `rollcall run` does it by itself. Example: rollcall web"""
    # Here, because no other command need load a web framework.
    from infra.serving.alone import serve_alone

    with failures_told():
        settings = settings_of_command()
        try:
            if settings.api_tokens_file is not None and not settings.web_port:
                fail("ROLLCALL_WEB_PORT is 0, which serves nobody; take it away, or name a port", USAGE)
            serve_alone(settings)
        except Failed as error:
            fail(str(error))
