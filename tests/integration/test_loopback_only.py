"""Integration tests reach this machine and no other."""

from __future__ import annotations

import socket

import pytest


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_nothing_else_is() -> None:
    # An address that is set aside for documents (RFC 5737).
    with pytest.raises(Warning, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 9), timeout=1)
