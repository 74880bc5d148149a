"""Whole processes, one way against another: their processor time, and the most memory that each took."""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import NamedTuple

from measure import Measured


class Used(NamedTuple):
    """What a process used: processor seconds, and bytes of memory at its peak."""

    seconds: float
    memory: int


Process = Callable[[], Used]


def python(bytecode: str, *arguments: str, folder: str | None = None) -> Process:
    """Return what runs Python once, with nothing to be seen of it; ``folder`` is where it runs."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = bytecode
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    silence.append((os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0))

    def run() -> Used:
        command = [sys.executable, *arguments]
        there = os.open(".", os.O_RDONLY)
        try:
            if folder is not None:
                os.chdir(folder)
            process = os.posix_spawn(sys.executable, command, environment, file_actions=silence)
        finally:
            os.fchdir(there)
            os.close(there)
        _, status, used = os.wait4(process, 0)
        assert status == 0, command
        return Used(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)

    return run


def sql_seg(folder: str, *arguments: str) -> Process:
    """Return what runs the command once in a folder; bytecode is kept there, too."""
    command = str(Path(sys.executable).with_name("sql-seg"))
    return python(f"{folder}/bytecode", command, *arguments, folder=folder)


def compared(name: str, yardstick: Process, process: Process, rounds: int) -> tuple[Measured, Measured]:
    """Measure one process against another, in turns: their time, and their memory."""
    if rounds > 1:  # else they are long enough
        yardstick(), process()
    pairs = []
    for number in range(rounds):
        second = process() if number % 2 else None
        first = yardstick()
        pairs.append((first, second or process()))
    return _ratio(name, pairs, 0), _ratio(name, pairs, 1)


def _ratio(name: str, pairs: Sequence[tuple[Used, Used]], of: int) -> Measured:
    first = statistics.median(one[of] for one, _ in pairs)
    return Measured(name, first, statistics.median(two[of] / one[of] for one, two in pairs))


def time_of_children() -> float:
    """Return the processor's seconds of all processes that were waited for."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
