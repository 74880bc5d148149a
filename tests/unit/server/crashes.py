"""Killing an emulator in the middle of writes, over and over: what was acknowledged must be there."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx

from tests.unit.server.account import CONTACTS, FIELDS, LISTS, QUERY, SEGMENTS
from tests.unit.server.processes import KEY, served

START = "2026-01-01T00:00:00Z"


@dataclass
class Known:
    """What was acknowledged: things that are there, and things that are gone; ``now`` is the clock's."""

    there: set[tuple[str, str]] = field(default_factory=set)
    gone: set[tuple[str, str]] = field(default_factory=set)
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    number: int = 0

    def next(self) -> str:
        """Return a name that was not used before."""
        self.number += 1
        return f"n{self.number}"


def killed_again_and_again(folder: Path, rounds: int) -> int:
    """Write until the process is killed, restart, compare, and so on; return how much was acknowledged."""
    known, random = Known(), Random(1)
    for _ in range(rounds):
        with served("--db", folder / "account.db", "--timing", "instant", "--now", START) as (pid, url):
            _compare(url, known)
            writes = known.number + random.randint(3, 80)
            with ThreadPoolExecutor(5) as pool:
                pool.submit(_kill, pid, known, writes, random.uniform(0, 0.02))
                list(pool.map(partial(_until_the_end, url, known), _WRITES))
    with served("--db", folder / "account.db") as (_, url):
        _compare(url, known)
    return len(known.there) + len(known.gone)


def _kill(pid: int, known: Known, writes: int, later: float) -> None:
    until = time.monotonic() + 20
    while known.number < writes and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(later)
    os.kill(pid, signal.SIGKILL)


def _until_the_end(url: str, known: Known, write: Callable[[httpx.Client, Known], None]) -> None:
    try:
        with httpx.Client(base_url=url, headers=KEY, timeout=10, verify=False) as client:
            while True:
                write(client, known)
    except httpx.HTTPError:
        return


def _lists(client: httpx.Client, known: Known) -> None:
    name = known.next()
    made = client.post(LISTS, json={"name": name})
    assert made.status_code == 201
    known.there.add(("list", name))
    if known.number % 3 == 0:
        known.there.discard(("list", name))  # whether it is there is open until the answer
        assert client.delete(f"{LISTS}/{made.json()['id']}").status_code == 204
        known.gone.add(("list", name))


def _contacts(client: httpx.Client, known: Known) -> None:
    email = f"{known.next()}@example.com"
    body = {"contacts": [{"email": email, "country": "US"}]}
    assert client.put(CONTACTS, json=body).status_code == 202
    known.there.add(("contact", email))


def _segments(client: httpx.Client, known: Known) -> None:
    name = known.next()
    made = client.post(SEGMENTS, json={"name": name, "query_dsl": QUERY})
    if made.status_code == 400:  # there are two hundred
        for entry in client.get(SEGMENTS).json()["results"][:150]:
            known.there.discard(("segment", entry["name"]))
            assert client.delete(f"{SEGMENTS}/{entry['id']}").status_code == 202
            known.gone.add(("segment", entry["name"]))
        return
    assert made.status_code == 201
    known.there.add(("segment", name))


def _clock(client: httpx.Client, known: Known) -> None:
    field_name = known.next()
    if known.number % 5 == 0:
        made = client.post(FIELDS, json={"name": field_name, "field_type": "Text"})
        if made.status_code == 200:
            known.there.add(("field", field_name))
    moved = client.post("/-/clock/advance", json={"minutes": 7})
    known.now = datetime.fromisoformat(moved.raise_for_status().json()["now"])


_WRITES = (_lists, _contacts, _segments, _clock)


def _compare(url: str, known: Known) -> None:
    with httpx.Client(base_url=url, headers=KEY, timeout=60) as client:
        state = client.get("/-/state").json()
        there = {("contact", entry["columns"]["email"]) for entry in state["contact"]}
        there |= {(kind, it["name"]) for kind in ("list", "segment", "field") for it in state[kind]}
        assert known.there <= there
        assert not known.gone & there
        assert datetime.fromisoformat(client.get("/-/clock").json()["now"]) >= known.now
        for segment, members in list(_members(client, state))[:3]:
            assert segment["contacts_count"] == len(members)


def _members(client: httpx.Client, state: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Yield segments with those contacts of whom the emulator says that they are in them."""
    people = [entry["id"] for entry in state["contact"]]
    shown = []
    for start in range(0, len(people), 100):
        shown += client.post(f"{CONTACTS}/batch", json={"ids": people[start : start + 100]}).json()["result"]
    for segment in state["segment"]:
        yield segment, [one for one in shown if segment["id"] in one["segment_ids"]]
