"""How Faust comes to know `sqlite://`."""

from __future__ import annotations

from faust.transport.drivers import TRANSPORTS

SCHEME = "sqlite"


def register() -> None:
    """Make `faust.App(broker="sqlite:///PATH")` find this transport; to do it twice changes nothing.

    Faust keeps a mapping of names to classes, and fills it from the entry points (`faust.transports`) of
    installed packages. Rollcall runs from its checkout and is no installed package, so it puts into the same
    mapping what such an entry point would.
    """
    TRANSPORTS.aliases[SCHEME] = "infra.sqlite_transport.transport:Transport"
