"""A geocoder on this machine that speaks as the real ones do: geopy's own clients ask it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Geocoder:
    """What it knows: text → (lat, lon, name) as it answers it; `refuse`: with what it answers
    instead, from the question `after` on. `asked` are the questions, `agents` who asked."""

    port: int = 0
    known: dict[str, tuple[float, float, str]] = field(default_factory=dict)
    refuse: tuple[int, dict[str, Any]] | None = None
    after: int = 0
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def answer(self, path: str, agent: str) -> tuple[int, Any]:
        """Status and body for a question."""
        address = urlsplit(path)
        values = parse_qs(address.query)
        baidu = "address" in values
        text = values["address" if baidu else "q"][0]
        self.asked.append(text)
        self.agents.add(agent)
        if self.refuse is not None and len(self.asked) > self.after:
            return self.refuse
        found = self.known.get(text)
        if baidu:
            if found is None:
                return 200, {"status": 0, "result": []}
            lat, lon, name = found
            return 200, {"status": 0, "result": {"location": {"lng": lon, "lat": lat},
                                                 "level": name}}  # fmt: skip
        if found is None:
            return 200, []
        lat, lon, name = found
        return 200, [{"lat": str(lat), "lon": str(lon), "display_name": name}]

    def nominatim(self, **more: str) -> dict[str, str]:
        """The settings with which it is asked as a Nominatim."""
        options = {"domain": f"127.0.0.1:{self.port}", "scheme": "http"}
        return {"GEOCODER": "nominatim", "GEOCODER_OPTIONS": json.dumps(options),
                "GEOCODER_SECONDS": "0", **more}  # fmt: skip

    def baidu(self, name: str = "baiduv3", **more: str) -> dict[str, str]:
        """The settings with which it is asked as Baidu, whose address it takes as a proxy."""
        proxy = {"http": f"http://127.0.0.1:{self.port}"}
        options = {"api_key": "secret-key", "scheme": "http", "proxies": proxy}
        return {"GEOCODER": name, "GEOCODER_OPTIONS": json.dumps(options),
                "GEOCODER_SECONDS": "0", **more}  # fmt: skip


@contextmanager
def geocoder() -> Iterator[Geocoder]:
    """One that runs while the block does."""
    knows = Geocoder()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = knows.answer(self.path, self.headers.get("User-Agent", ""))
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    knows.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield knows
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
