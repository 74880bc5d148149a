"""An emulator as a process of its own, its use of the machine, and clients that work it hard."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.unit.server.account import CONTACTS, LISTS, QUERY, SEGMENTS

KEY = {"Authorization": "Bearer SG.any"}
CLIENTS = 16


def serve(*arguments: object, **options: Any) -> tuple[subprocess.Popen[str], str]:
    """Start an emulator; return its process and the first line that it writes."""
    command = [sys.executable, "-m", "sql_seg", "serve", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process: subprocess.Popen[str] = subprocess.Popen(command, **(pipes | options))
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def stop(process: subprocess.Popen[str], how: signal.Signals) -> int:
    """End an emulator by a signal; return its exit code."""
    process.send_signal(how)
    process.communicate(timeout=20)
    return process.returncode


@contextmanager
def served(*arguments: object, **options: Any) -> Iterator[tuple[int, str]]:
    """Run an emulator; give its process id and its address."""
    process, url = serve(*arguments, **options)
    try:
        yield process.pid, url
    finally:
        process.kill()
        process.communicate(timeout=20)


@dataclass(frozen=True)
class Use:
    """What a process uses of the machine: memory in MiB, open files, threads."""

    memory: float
    files: int
    threads: int


def use_of(pid: int) -> Use:
    """Return what a process uses now."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    status = dict(line.split(":", 1) for line in lines)
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return Use(int(status["VmRSS"].split()[0]) / 1024, files, int(status["Threads"]))


def work(url: str, requests: int) -> Counter[tuple[str, int]]:
    """Let sixteen clients send requests of all kinds; return how often which was answered how.

    What they put in they delete again, so that an account that has seen many of them is no larger.
    """
    with ThreadPoolExecutor(CLIENTS) as pool:
        counts = pool.map(_one, [url] * CLIENTS, range(CLIENTS), [requests // CLIENTS] * CLIENTS)
        return sum(counts, Counter())


def _one(url: str, number: int, requests: int) -> Counter[tuple[str, int]]:
    seen: Counter[tuple[str, int]] = Counter()
    with httpx.Client(base_url=url, headers=KEY, timeout=60) as client:
        while seen.total() < requests:
            for what, answer in _turn(client, f"{number}-{seen.total()}", number):
                seen[what, answer.status_code] += 1
    return seen


def _turn(client: httpx.Client, name: str, number: int) -> Iterator[tuple[str, httpx.Response]]:
    """Do what clients do: a segment, a list and a contact, from its beginning to its end."""
    email = f"p{name}@example.com"
    made = client.post(LISTS, json={"name": name})
    yield "create list", made
    list_id = made.json()["id"]
    body = {"contacts": [{"email": email, "country": "US"}], "list_ids": [list_id]}
    yield "put contact", client.put(CONTACTS, json=body)
    yield "put contact", client.put(CONTACTS, json={"contacts": [{"email": email, "city": "Oslo"}]})
    segment = client.post(SEGMENTS, json={"name": name, "query_dsl": QUERY, "parent_list_ids": [list_id]})
    yield "create segment", segment
    path = f"{SEGMENTS}/{segment.json()['id']}"
    yield "list segments", client.get(SEGMENTS)
    yield "get segment", client.get(path)
    yield "edit segment", client.patch(path, json={"name": f"{name}!"})
    found = client.post(f"{CONTACTS}/search", json={"query": f"email LIKE 'p{number}-%' AND city = 'Oslo'"})
    yield "search", found
    ids = [contact["id"] for contact in found.json()["result"]]
    yield "count", client.get(f"{CONTACTS}/count")
    yield "bad query", client.post(SEGMENTS, json={"name": "bad", "query_dsl": "SELECT"})
    export = client.post(f"{CONTACTS}/exports", json={"list_ids": [list_id], "file_type": "json"})
    yield "export", export
    yield "get export", client.get(f"{CONTACTS}/exports/{export.json()['id']}")
    yield "delete segment", client.delete(path)
    yield "delete contact", client.delete(CONTACTS, params={"ids": ",".join(ids)})
    yield "delete list", client.delete(f"{LISTS}/{list_id}")


GOOD = {
    "create list": 201,
    "put contact": 202,
    "create segment": 201,
    "list segments": 200,
    "get segment": 200,
    "edit segment": 200,
    "search": 200,
    "count": 200,
    "bad query": 400,
    "export": 202,
    "get export": 200,
    "delete segment": 202,
    "delete contact": 202,
    "delete list": 204,
}
"""How each kind of request of ``work`` is answered, every time."""
