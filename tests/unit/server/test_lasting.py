"""Accounts that are kept in a file: over restarts, kills, and disks that are full."""

from __future__ import annotations

import resource
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sql_seg.server.store import FullError, Store
from tests.unit.server.account import CONTACTS, LISTS, NOW, SEGMENTS, Account
from tests.unit.server.crashes import killed_again_and_again
from tests.unit.server.processes import KEY, serve, served, stop

US = {"email": "dave@example.com", "country": "US"}


def test_what_was_acknowledged_is_there_after_any_kill(tmp_path: Path) -> None:
    """``make test-clients`` kills it fifty times."""
    assert killed_again_and_again(tmp_path, 2) > 5


def restarted(account: Account, path: Path, **settings: Any) -> Account:
    account.emulator.close()
    return Account(db=path, **settings)


def test_a_clock_that_stands_goes_on_where_it_stood(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    account = Account(db=path)
    account.advance(days=3)
    account.emulator.account.clock.advance(timedelta(hours=1))  # by a test's own hand
    there = NOW + timedelta(days=3, hours=1)
    account = restarted(account, path)
    assert account.emulator.account.now() == there
    account = restarted(account, path, now=None)
    assert account.emulator.account.now() == there
    account = restarted(account, path, now=there + timedelta(days=1))
    assert account.emulator.account.now() == there + timedelta(days=1)
    assert account.post("/-/reset").status_code == 204
    assert account.emulator.account.now() == NOW
    account.emulator.close()


def test_a_clock_that_follows_goes_on_as_far_from_the_wall_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    account = Account(db=path, now=None)
    account.advance(days=3)
    account = restarted(account, path, now=None)
    ahead = account.emulator.account.now() - datetime.now(UTC)
    assert timedelta(days=3) <= ahead + timedelta(seconds=1) < timedelta(days=3, minutes=5)
    account.emulator.close()


def test_who_was_in_a_segment_is_known_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    account = Account(db=path)
    account.upsert(US)
    segment = account.create()
    other = account.create("other")
    account.advance(minutes=1)
    account.upsert({"email": "dave@example.com", "country": "NO"})
    account.ask("DELETE", f"{SEGMENTS}/{other['id']}")
    before = account.contact("dave@example.com")
    assert before["segment_ids"] == [segment["id"]]
    account = restarted(account, path)
    assert account.contact("dave@example.com") == before
    account.advance(hours=1)
    assert account.contact("dave@example.com")["segment_ids"] == []
    account.emulator.close()


def test_what_waits_for_calls_and_the_journal_are_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    account = Account(db=path)
    account.post("/-/faults", {"path": SEGMENTS, "status": 500, "times": 3})
    assert account.get(SEGMENTS).status_code == 500
    account.post("/-/transitions", {"query_validation": "PENDING"})
    seen = account.get("/-/requests").json()
    assert len(seen["requests"]) == 1
    account = restarted(account, path)
    assert account.get("/-/requests").json() == seen
    assert [account.get(SEGMENTS).status_code for _ in range(3)] == [500, 500, 200]
    assert account.create()["status"]["query_validation"] == "PENDING"
    account = restarted(account, path)
    assert account.get("/-/faults").json() == {"faults": []}
    assert account.create("other")["status"]["query_validation"] == "VALID"
    assert account.ask("DELETE", "/-/requests").status_code == 204
    account = restarted(account, path)
    assert account.get("/-/requests").json() == {"requests": []}
    account.post("/-/faults", {"status": 500})
    assert account.post("/-/reset").status_code == 204
    account = restarted(account, path)
    assert account.get(SEGMENTS).status_code == 200
    account.emulator.close()


def test_of_the_journal_the_latest_requests_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    account = Account(db=path)
    for number in range(1_100):
        account.get(f"{SEGMENTS}/{number}")
    account = restarted(account, path)
    kept = account.get("/-/requests").json()["requests"]
    assert [entry["path"] for entry in kept] == [f"{SEGMENTS}/{number}" for number in range(100, 1_100)]
    (count,) = account.emulator.account.store._db.execute("SELECT COUNT(*) FROM journal").fetchone()
    assert count == 1_000
    account.emulator.close()


def limit_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))


def test_a_full_disk_is_answered_and_nothing_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    acknowledged, path = set(), tmp_path / "account.db"
    with (
        served("--db", path, "--timing", "instant", preexec_fn=limit_files) as (_, url),
        httpx.Client(base_url=url, headers=KEY, timeout=10) as client,
    ):
        statuses = []
        for number in range(40):
            people = [{"email": f"p{number}-{one}@example.com", "city": "x" * 60} for one in range(50)]
            answer = client.put(CONTACTS, json={"contacts": people})
            statuses.append(answer.status_code)
            if answer.status_code == 202:
                acknowledged |= {one["email"] for one in people}
            else:
                assert answer.json()["errors"][0]["message"] == "internal server error"
                assert "takes no more" in answer.headers["X-Sql-Seg-Hint"]
        assert set(statuses) == {202, 500}
        assert statuses[-1] == 500
        assert client.get(f"{CONTACTS}/count").json()["contact_count"] == len(acknowledged)
        assert client.get(LISTS).status_code == 200
    process, url = serve("--db", path, "--timing", "instant")
    with httpx.Client(base_url=url, headers=KEY, timeout=10) as client:
        assert client.get(f"{CONTACTS}/count").json()["contact_count"] == len(acknowledged)
        assert client.put(CONTACTS, json={"contacts": [US]}).status_code == 202
    assert stop(process, signal.SIGTERM) == 0


def test_a_change_that_cannot_be_written_leaves_all_as_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    seen: list[tuple[str, object, object]] = []
    store.watch("list", lambda key, before, after: seen.append((key, before, after)))
    for key in "abc":
        store.put("list", key, {"id": key})
    most = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {most}")

    def fill() -> None:
        with store.transaction():
            store.delete("list", "b")
            store.change("list", "a", name="x")
            store.put("list", "d", {"id": "d", "text": "x" * 100_000})

    with pytest.raises(FullError, match="full"):
        fill()
    assert list(store.all("list").values()) == [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    told: dict[str, object] = {}
    for key, before, after in seen:
        assert told.get(key) == before
        told[key] = after
    assert {key: value for key, value in told.items() if value} == dict(store.all("list"))
    store._db.execute("PRAGMA max_page_count = 1000000")
    fill()
    assert list(store.all("list")) == ["a", "c", "d"]
    store.close()
    again = Store(tmp_path / "store.db")
    assert list(again.all("list")) == ["a", "c", "d"]
    again.close()
