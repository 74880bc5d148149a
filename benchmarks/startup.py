"""A whole process: one that parses a query, and one that checks it, against one that does nothing.

Modules are compiled beforehand, as in any installation.
"""

from __future__ import annotations

import sys
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import Measured, Results, measured
from processes import python, time_of_children
from queries import QUERIES

CHECK = str(Path(sys.executable).with_name("sql-seg"))
PARSE = "import sql_seg, sys; sql_seg.parse(sys.argv[1])"
SHORT = ["all", "like", "join"]
ROUNDS = 25


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
