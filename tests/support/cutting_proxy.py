"""A proxy in front of an HTTP server that cuts the connection of one request, where it is told to."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Cut = Literal["in the body", "before the answer", "in the answer"]


class Cutter:
    """Passes requests on, but for one, which is cut. `cuts` counts them."""

    def __init__(self, port: int) -> None:
        self.upstream = port
        self.port = 0
        self.cuts = 0
        self._lock = threading.Lock()
        self._where: Cut | None = None
        self._statement = re.compile(b"")

    def cut(self, where: Cut, table: str) -> None:
        """Cut the next request that inserts into a table. The statement may stand in the address."""
        with self._lock:
            self._where = where
            self._statement = re.compile(rb"INSERT(?: |\+|%20)INTO(?: |\+|%20)" + table.encode() + rb"\b")

    def claimed(self, request: bytes) -> Cut | None:
        """Whether this request is the one, and where it is cut."""
        with self._lock:
            if self._where is None or self._statement.search(request) is None:
                return None
            where, self._where = self._where, None
            self.cuts += 1
            return where


def _message(stream: socket.socket) -> bytes:
    """One HTTP message with its body; blank at the end of the stream."""
    held = b""
    while b"\r\n\r\n" not in held:
        more = stream.recv(65536)
        if not more:
            return b""
        held += more
    head, _, body = held.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        more = stream.recv(65536)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body


@contextmanager
def cutting(port: int) -> Iterator[Cutter]:
    """A proxy in front of a port of this machine."""
    cutter = Cutter(port)

    class Handler(socketserver.BaseRequestHandler):
        """One connection."""

        def handle(self) -> None:
            try:
                while request := _message(self.request):
                    if not self._pass(request):
                        return
            except OSError:
                return

        def _pass(self, request: bytes) -> bool:
            where = cutter.claimed(request)
            with socket.create_connection(("127.0.0.1", cutter.upstream)) as server:
                if where == "in the body":
                    server.sendall(request[: len(request) - 1 - len(request) // 10])
                    server.shutdown(socket.SHUT_WR)
                    server.recv(65536)
                    return False
                server.sendall(request)
                answer = _message(server)
                if not answer or where == "before the answer":
                    return False
                if where == "in the answer":
                    self.request.sendall(answer[: -1 - len(answer) // 10])
                    return False
                self.request.sendall(answer)
                return True

    class Server(socketserver.ThreadingTCPServer):
        """It leaves no thread behind."""

        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        cutter.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield cutter
        finally:
            server.shutdown()
            thread.join()
