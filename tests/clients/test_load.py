"""Load and crashes at full size: ten thousand requests, fifty kills."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.server.crashes import killed_again_and_again
from tests.unit.server.processes import CLIENTS, GOOD, served, use_of, work

pytestmark = pytest.mark.clients


def test_ten_thousand_requests_of_sixteen_clients_leave_nothing_behind(tmp_path: Path) -> None:
    with served("--timing", "instant", "--db", tmp_path / "account.db") as (pid, url):
        first = work(url, 2000)  # fills the journal, and what is remembered of queries
        before = use_of(pid)
        rest = work(url, 8000)
        after = use_of(pid)
    seen = first + rest
    assert set(seen) == set(GOOD.items())
    assert seen.total() >= 10_000
    assert after.memory < before.memory + 24
    assert after.threads == before.threads
    assert after.files <= before.files + CLIENTS


def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    assert killed_again_and_again(tmp_path, 50) > 500
