"""``plan``, ``pull`` and ``push`` against the emulator, as people run them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sql_seg.server import Server
from tests.cli.running import run

QUERY = "SELECT contact_id, updated_at FROM contact_data WHERE city = 'Oslo'\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.secret")
    with Server(timing="instant", api_key="SG.secret") as started:
        yield started


def test_a_folder_and_an_account_in_step(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "segments"
    folder.mkdir()
    (folder / "oslo.sql").write_text(QUERY)
    to = ("--url", server.url)
    assert run("plan", folder, *to).exit_code == 1
    assert run("push", folder, *to).exit_code == 1
    pushed = run("push", folder, *to, "--yes", "--output-format", "json")
    assert (pushed.exit_code, json.loads(pushed.stdout)["changes"][0]["change"]) == (0, "create")
    assert run("plan", folder, *to).exit_code == 0
    other = tmp_path / "other"
    assert run("pull", other, *to).exit_code == 0
    assert (other / "oslo.sql").read_text() == f"-- name: oslo\n{QUERY}"
    assert run("push", other, *to, "--yes").exit_code == 0
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or "SG.secret" not in file.read_text()


def test_a_segment_that_fails_its_tests_is_not_uploaded(server: Server, tmp_path: Path) -> None:
    (tmp_path / "oslo.sql").write_text(QUERY)
    (tmp_path / "oslo.test.json").write_text('{"in": [{"city": "Bergen"}]}')
    refused = run("push", tmp_path, "--url", server.url, "--yes")
    assert refused.exit_code == 1
    assert "expected in, but out" in refused.stderr
    assert not [entry for entry in server.requests if entry["method"] == "POST"]


def test_a_key_that_is_missing_or_wrong(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.wrong")
    refused = run("plan", tmp_path, "--url", server.url)
    assert refused.exit_code == 4
    assert "SG.wrong" not in refused.stderr
    monkeypatch.delenv("SENDGRID_API_KEY")
    assert run("plan", tmp_path, "--url", server.url).exit_code == 4
