"""The guide to the emulator: its Python runs, and its table of answers is that of the endpoints."""

from __future__ import annotations

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from sql_seg.server.endpoints import ENDPOINTS

GUIDE = Path(__file__).parents[1] / "docs" / "server.md"
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


def test_the_table_is_that_of_the_endpoints() -> None:
    assert table() in GUIDE.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.write(table())
