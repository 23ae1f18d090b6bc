"""ClickHouse's HTTP interface in front of chDB, as far as our client speaks it: python -m ... FOLDER [PORT]

No server can be had from the package index, and what goes over HTTP is to be tested all the same: how
queries, parameters, inserted rows, settings and errors travel. It prints its port, and ends when its input
does.
"""

from __future__ import annotations

import re
import sys
import threading
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import chdb

# What travels in the address and is no setting of the engine.
_OURS = frozenset(
    ("query", "database", "session_id", "query_id", "default_format", "wait_end_of_query", "compress",
     "client_protocol_version", "session_timeout", "send_progress_in_http_headers",
     "http_headers_progress_interval_ms", "enable_http_compression",
     "cancel_http_readonly_queries_on_client_close"),
)  # fmt: skip
_CODE = re.compile(r"Code: (\d+)")
_FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*$", re.IGNORECASE)


class Session:
    """A connection to the engine, with temporary tables of its own; its queries run one after the other."""

    def __init__(self, path: str) -> None:
        self.engine = chdb.connect(path)
        self.turn = threading.Lock()


class Sessions:
    """By the ids that clients give themselves; who gives none shares one."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: dict[str, Session] = {}

    def of(self, name: str) -> Session:
        """The session, begun if it is new."""
        with self._lock:
            if name not in self._open:
                self._open[name] = Session(self._path)
            return self._open[name]

    def close(self) -> None:
        """End all."""
        for each in self._open.values():
            with each.turn:
                each.engine.close()


class Handler(BaseHTTPRequestHandler):
    """Answers a query in the session that it names."""

    protocol_version = "HTTP/1.1"
    sessions: Sessions

    def do_GET(self) -> None:
        """A ping, or a query in the address."""
        self._answer(b"")

    def do_POST(self) -> None:
        """A query in the body, or in the address with its rows in the body."""
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        # As a server does where the connection ends before the body.
        if len(body) < length:
            self.close_connection = True
            return
        self._answer(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self, body: bytes) -> None:
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if urlsplit(self.path).path == "/ping":
            self._send(200, b"Ok.\n")
            return
        if "param_student" in given:
            self._send(500, b"Code: 36. an address names a student", code="36")
            return
        if self.headers.get("Content-Type", "").startswith("multipart/form-data"):
            given |= self._form(body)
            body = b""
        statement = given.get("query", "").encode()
        sql = statement + b"\n" + body if statement and body else statement or body
        try:
            session = self.sessions.of(given.get("session_id", ""))
            with session.turn:
                answer = self._run(session.engine, sql, given)
            self._send(200, answer, given.get("default_format", "TabSeparated"))
        except Exception as error:
            text = str(error)
            code = _CODE.search(text)
            self._send(500, text.encode(), code=code[1] if code else "1000")

    def _form(self, body: bytes) -> dict[str, str]:
        """The fields of a form, such as a query and its parameters."""
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        fields = {}
        for part in BytesParser().parsebytes(head + body).walk():
            name = part.get_param("name", header="content-disposition")
            if isinstance(name, str):
                held = part.get_payload(decode=True)
                assert isinstance(held, bytes)
                fields[name] = held.decode()
        return fields

    def _run(self, engine: Any, sql: bytes, given: dict[str, str]) -> bytes:
        if given.get("database"):
            engine.query(f"USE `{given['database']}`")
        for name, value in given.items():
            if name not in _OURS and not name.startswith("param_"):
                quoted = value.replace("\\", "\\\\").replace("'", "\\'")
                engine.query(f"SET {name} = '{quoted}'")
        parameters = {
            name.removeprefix("param_"): value for name, value in given.items() if name.startswith("param_")
        }
        asked = _FORMAT.search(sql.decode(errors="replace"))
        fmt = asked[1] if asked else given.get("default_format", "TabSeparated")
        answer: bytes = engine.query(sql.decode(), fmt, params=parameters).bytes()
        return answer

    def _send(self, status: int, body: bytes, fmt: str = "TabSeparated", code: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-ClickHouse-Timezone", "UTC")
        self.send_header("X-ClickHouse-Format", fmt)
        if code:
            self.send_header("X-ClickHouse-Exception-Code", code)
        self.end_headers()
        self.wfile.write(body)


def main(folder: str, port: str = "0") -> None:
    """Serve until the input ends."""
    Handler.sessions = Sessions(f"{folder}/served")
    # The engine runs as long as any of its connections.
    Handler.sessions.of("")
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    server.shutdown()
    Handler.sessions.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
