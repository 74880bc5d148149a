"""The published description, tried by Schemathesis: whatever it sends is answered as is described."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sql_seg.server import Server

pytestmark = pytest.mark.clients

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance"
)


def test_whatever_is_sent_is_answered_as_is_described(tmp_path: Path) -> None:
    command = shutil.which("schemathesis") or str(Path(sys.executable).with_name("schemathesis"))
    with Server(timing="instant") as server:
        done = subprocess.run(
            [
                *(command, "run", f"{server.url}/-/openapi.json", "--seed", "1"),
                *("-H", "Authorization: Bearer SG.any", "--checks", CHECKS),
                *("--max-examples", "10", "--request-timeout", "10", "--exclude-path", "/-/reset"),
                *("--exclude-path", "/-/faults", "--no-color"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
        assert "Tested: 6" in done.stdout
        assert len(server.requests) > 100
