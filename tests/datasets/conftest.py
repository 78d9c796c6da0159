"""A web server with faults to choose from, and a cache of the test's own."""

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from nncourse.datasets._registry import DataFile


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """No test reads or writes the user's cache or offline folder, or goes through a proxy."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("NNCOURSE_DATA", raising=False)
    return tmp_path / "caches" / "nncourse"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.before_reply()
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        server.ranges_asked.append(int(asked[1]) if asked else None)
        start = int(asked[1]) if asked and server.knows_ranges else 0
        if server.fails_with or start >= len(server.content):
            self.send_error(server.fails_with or 416)
            return
        body = server.content[start:]
        sent = body[: server.breaks_off_after]
        server.bytes_sent += len(sent)
        self.send_response(206 if start else 200)
        if server.says_length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(sent)
        self.wfile.flush()
        server.after_body()

    def log_message(self, *_):
        """Keeps the requests out of the tests' output."""


class FaultyServer(ThreadingHTTPServer):
    """Serves one file at every path, with the faults that a test sets."""

    def __init__(self, content: bytes):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/file.npz"
        self.content = content
        self.knows_ranges = True
        self.says_length = True
        self.breaks_off_after = None
        self.fails_with = None
        self.before_reply = self.after_body = lambda: None
        self.ranges_asked = []
        self.bytes_sent = 0


@pytest.fixture
def start_server():
    servers = []

    def start(content: bytes) -> FaultyServer:
        server = FaultyServer(content)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        return server

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def content() -> bytes:
    return np.random.default_rng(0).bytes(200_000)


@pytest.fixture
def server(start_server, content) -> FaultyServer:
    return start_server(content)


def data_file(content: bytes, *urls: str, **more) -> DataFile:
    return DataFile(
        name="little",
        filename="little.npz",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        urls=urls,
        **more,
    )


@pytest.fixture
def data(server, content) -> DataFile:
    return data_file(content, server.url)


@pytest.fixture
def make_data_file():
    return data_file
