"""The guide to the emulator: its Python runs, and its table of answers is that of the endpoints."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sql_seg.server import Server
from sql_seg.server.endpoints import ENDPOINTS

GUIDE = Path(__file__).parents[1] / "docs" / "server.md"
ADDRESS = "http://127.0.0.1:40123"
CURL = re.compile(r"^```sh\n(curl .*?)^```\n\n```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def table() -> str:
    """Return the table of answers."""
    lines = ["| call | answers |", "|---|---|"]
    for endpoint in ENDPOINTS:
        told = {status: str(standing) for status, standing in endpoint.statuses.items()}
        told |= {status: f"{standing}, on demand" for status, standing in endpoint.on_demand.items()}
        statuses = "; ".join(f"{status} {said}" for status, said in sorted(told.items()))
        lines.append(f"| `{endpoint.name}` | {statuses} |")
    return "\n".join(lines)


@pytest.mark.parametrize("code", FENCE.findall(GUIDE.read_text(encoding="utf-8")))
def test_the_code_prints_what_its_comments_say(code: str) -> None:
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(code, str(GUIDE), "exec"), {})
    wanted = re.findall(r"print\(.*\)  # (.*)$", code, re.MULTILINE)
    assert printed.getvalue().splitlines() == wanted


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_answers_to_curl_are_those_that_are_shown() -> None:
    shown = CURL.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(shown) >= 4
    with Server(timing="instant", now=datetime(2026, 11, 23, 12, tzinfo=UTC)) as server:
        for command, wanted in shown:
            ran = command.replace("curl ", "curl --silent --show-error --max-time 20 ", 1)
            done = subprocess.run(
                ["bash", "-c", ran.replace(ADDRESS, server.url)], capture_output=True, text=True, check=True
            )
            assert json.loads(done.stdout.replace(server.url, ADDRESS)) == json.loads(wanted)


def test_the_table_is_that_of_the_endpoints() -> None:
    assert table() in GUIDE.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.write(table())
