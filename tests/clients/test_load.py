"""Load and crashes at full size: ten thousand requests, fifty kills."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from sql_seg.server import Server
from tests.cli.running import run
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


def test_pushes_and_pulls_that_are_killed_are_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.any")
    here, there, random = tmp_path / "here", tmp_path / "there", Random(1)
    here.mkdir()
    query = "SELECT contact_id, updated_at FROM contact_data WHERE city = '{}'\n"
    for number in range(30):
        (here / f"s{number}.sql").write_text(query.format(number))
    with Server(timing="instant") as server:
        for command, folder in (("push", here), ("pull", there)):
            arguments = [command, str(folder), "--url", server.url, *(["--yes"] if command == "push" else [])]
            for _ in range(6):
                process = subprocess.Popen(
                    [sys.executable, "-m", "sql_seg", *arguments],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                seen, more = len(server.requests), random.randint(2, 25)
                until = time.monotonic() + 20
                while len(server.requests) < seen + more and process.poll() is None:
                    assert time.monotonic() < until
                    time.sleep(0.002)
                process.kill()
                process.wait(20)
            assert run(*arguments).exit_code == 0
            assert run("plan", folder, "--url", server.url).exit_code == 0
        names = sorted(entry["name"] for entry in server.emulator.account.store.all("segment").values())
        assert names == sorted(f"s{number}" for number in range(30))
        texts = {path.name: path.read_text().splitlines()[-1] for path in there.glob("*.sql")}
        assert texts == {f"s{number}.sql": query.format(number).strip() for number in range(30)}
        assert not [path for path in tmp_path.rglob("*") if "tmp" in path.name and path.is_file()]
