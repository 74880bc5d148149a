"""Running the command line, in this process and as one of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from sql_seg.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
CONTACTS = str(EXAMPLES / "contacts.csv")
FIELDS = str(EXAMPLES / "field_definitions.json")
EVENTS = str(EXAMPLES / "events.ndjson")

FINE, QUERY_ERRORS, COULD_NOT_RUN = 0, 1, 2


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    """Run a command; any exception but an exit is an error of the test."""
    return CliRunner(catch_exceptions=False).invoke(main, list(map(str, arguments)), input=stdin)


def run_process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command as a process; what it writes is read as UTF-8, as far as it is."""
    command = [sys.executable, "-m", "sql_seg", *map(str, arguments)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.run(
        command, check=False, timeout=60, encoding="utf-8", errors="replace", **(pipes | options)
    )
