"""Tests outside the folders that are meant for it have no network, and asyncio works all the same."""

from __future__ import annotations

import asyncio
import socket

import pytest


def test_there_is_no_socket_and_no_name_is_looked_up() -> None:
    with pytest.raises(Warning, match=r"socket\.socket"):
        socket.socket(socket.AF_INET)
    with pytest.raises(Warning, match="getaddrinfo"):
        socket.create_connection(("localhost", 9), timeout=1)


def test_an_event_loop_can_be_woken_from_a_thread() -> None:
    assert asyncio.run(asyncio.to_thread(lambda: "woken")) == "woken"
