"""A whole process: one that parses a query, and one that checks it, against one that does nothing.

Modules are compiled beforehand, as in any installation.
"""

from __future__ import annotations

import os
import sys
from contextlib import chdir
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from measure import Measured, Results, Work, measured
from queries import QUERIES

CHECK = str(Path(sys.executable).with_name("sql-seg"))
PARSE = "import sql_seg, sys; sql_seg.parse(sys.argv[1])"
SHORT = ["all", "like", "join"]
ROUNDS = 25


def time_of_children() -> float:
    """Return the processor's seconds of all processes that were waited for."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def python(bytecode: str, *arguments: str) -> Work:
    """Return what runs Python once, with nothing to be seen of it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = bytecode
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]

    def run() -> None:
        command = [sys.executable, *arguments]
        process = os.posix_spawn(sys.executable, command, environment, file_actions=silence)
        _, status = os.waitpid(process, 0)
        assert status == 0, command

    return run


def measure() -> Results:
    ways: dict[str, list[Measured]] = {"parse": [], "check": []}
    with TemporaryDirectory() as bytecode, chdir(bytecode):  # where no settings are
        nothing = python(bytecode, "-c", "pass")
        for name in SHORT:
            works = {
                "parse": python(bytecode, "-c", PARSE, QUERIES[name]),
                "check": python(bytecode, CHECK, "check", "-q", QUERIES[name]),
            }
            for way, work in works.items():
                found = measured(name, nothing, work, ROUNDS, clock=time_of_children)
                ways[way].append(found)
    return Results("A whole process", ways, "python -c pass")
