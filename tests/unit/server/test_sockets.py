"""The emulator as a process on a port: odd clients, crashes, and what it says of itself."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sql_seg.server import Server, running
from tests.cli.running import CONTACTS as CONTACTS_FILE
from tests.cli.running import EVENTS, EXAMPLES, FIELDS, run
from tests.unit.server.account import CONTACTS, QUERY, SEGMENTS
from tests.unit.server.processes import CLIENTS, GOOD, KEY, serve, served, stop, use_of, work


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(timing="instant") as started:
        yield started


def raw(server: Server, content: bytes, *, timeout: float = 10) -> bytes:
    """Send bytes, and return what comes until the connection ends."""
    with socket.create_connection((server.host, server.port), timeout=timeout) as connection:
        received = b""
        try:
            connection.sendall(content)
            while piece := connection.recv(65536):
                received += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
        return received


def is_well(server: Server) -> bool:
    return httpx.get(f"{server.url}/-/health").status_code == 200


def test_bodies_that_are_too_large_are_answered_or_their_connections_closed(server: Server) -> None:
    head = f"PUT {CONTACTS} HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nAuthorization: Bearer x\r\n"
    large = b"x" * 100_000_000
    endings = {
        f"Content-Length: {len(large)}\r\n\r\n".encode(): large,
        b"Transfer-Encoding: chunked\r\n\r\n2160ec0\r\n": large[:35_000_000],
    }
    for length, content in endings.items():
        answer = raw(server, head.encode() + length + content, timeout=30)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 413")
        assert is_well(server)
    body = '{"contacts": [' + '{"email": "a@b.co"},' * 320_000
    refused = httpx.put(f"{server.url}{CONTACTS}", content=body, headers=KEY)
    assert refused.status_code == 413


@pytest.mark.parametrize(
    "content",
    [
        b"nonsense\r\n\r\n",
        b"\x00" * 100,
        b"POST /v3/marketing/segments/2.0 HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v3/marketing/segments/2.0 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_request_is_answered_or_closed(server: Server, content: bytes) -> None:
    answer = raw(server, content)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert is_well(server)


def test_slow_clients_do_not_hold_others_and_are_let_go(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "HEAD_TIMEOUT", 0.3)
    monkeypatch.setattr("sql_seg.server.app.BODY_TIMEOUT", 0.3)
    assert raw(server, b"") == b""
    assert raw(server, b"GET /v3/marketing/segm") == b""
    begun = b"POST /v3/marketing/segments/2.0 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
    assert raw(server, begun).startswith(b"HTTP/1.1 408")
    with socket.create_connection((server.host, server.port)) as half_open:
        half_open.sendall(begun)
        assert is_well(server)


def test_a_client_that_does_not_read_is_let_go(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "READ_TIMEOUT", 0.3)
    people = [{"email": f"p{number}@example.com", "city": "x" * 60} for number in range(3000)]
    assert httpx.put(f"{server.url}{CONTACTS}", json={"contacts": people}, headers=KEY).status_code == 202
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect((server.host, server.port))
        deaf.sendall(b"GET /-/state HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        until = time.monotonic() + 20
        while server.connections and time.monotonic() < until:
            time.sleep(0.05)
        assert not server.connections
    assert is_well(server)


def test_a_fault_ends_the_connection(server: Server) -> None:
    httpx.post(f"{server.url}/-/faults", json={"drop": True})
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{server.url}{SEGMENTS}", headers=KEY)
    assert is_well(server)


def test_many_requests_of_many_clients_all_succeed() -> None:
    """``make test-clients`` sends ten thousand."""
    with served("--timing", "instant") as (pid, url):
        before = use_of(pid)
        seen = work(url, 600)
        after = use_of(pid)
    assert set(seen) == set(GOOD.items())
    assert seen.total() >= 600
    assert after.memory < before.memory + 20
    assert after.threads <= before.threads + 1
    assert after.files <= before.files + CLIENTS


def test_the_page_loads_nothing_from_elsewhere(server: Server) -> None:
    page = httpx.get(server.url)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "src=" not in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")


def test_it_starts_with_the_counts_of_a_preview_and_ends_in_peace() -> None:
    data = ["--contacts", CONTACTS_FILE, "--fields", FIELDS, "--events", EVENTS]
    for name, number in (("newsletter", 1), ("customers", 2)):
        data += ["--list", f"115715d0-0000-4000-8000-00000000000{number}={EXAMPLES / 'lists' / name}.csv"]
    data += ["--now", "2026-11-23T12:00:00Z"]
    previewed = run("preview", EXAMPLES / "segments", *data, "--output-format", "json")
    import json

    entries = json.loads(previewed.stdout)["segments"]
    wanted = {Path(entry["file"]).stem: entry["count"] for entry in entries}
    process, url = serve("--load", EXAMPLES / "segments", *data)
    listed: Any = httpx.get(f"{url}{SEGMENTS}", headers=KEY).json()["results"]
    assert {entry["name"]: entry["contacts_count"] for entry in listed} == wanted
    assert len(wanted) == 6
    assert stop(process, signal.SIGTERM) == 0


def test_it_says_where_it_listens_and_why_it_cannot(server: Server) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    taken = run("serve", "--port", server.port)
    assert taken.exit_code == 2
    assert "cannot listen on 127.0.0.1" in taken.stderr
    process, url = serve("--host", "0.0.0.0", "--output-format", "json")
    assert url.startswith('{"url": "http://0.0.0.0:')
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert "warning: listening on 0.0.0.0" in errors
    assert process.returncode == 0


def test_a_segment_made_here_can_be_read_there(server: Server) -> None:
    made = httpx.post(f"{server.url}{SEGMENTS}", json={"name": "x", "query_dsl": QUERY}, headers=KEY)
    assert made.headers["content-type"] == "application/json"
    assert server.requests[-1]["path"] == SEGMENTS
    server.advance(hours=1)
