"""A group chat on this machine: robots write into it over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass
class Group:
    """A group chat: what was written into it; `status` is its answer, `gate` holds it back."""

    port: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    gate: Event | None = None

    @property
    def texts(self) -> list[str]:
        """The messages."""
        return [one["message"] for one in self.heard]


@contextmanager
def group_chat() -> Iterator[Group]:
    """One that listens while the block runs."""
    made = Group()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if made.gate is not None:
                made.gate.wait(20)
            made.heard.append(json.loads(body))
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
