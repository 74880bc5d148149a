"""Runs the laws over each fault, in a copy of the package: ``python -m tests.mutants [WORDS OF NAMES …]``.

It prints which faults the laws find, and in which file of laws, and ends with 1 if one survives. A run that
takes longer than the bound is a fault that was found, too: the laws end in time without it.

All 105 are found: 51 by the closed tables, which are asked first, 6 by the closed syntax, 42 by the small
worlds, two by the laws of matching, and one each by those of precedence, evaluation, funnels and fixes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.faults import MUTANTS, ROOT, Mutant

LONGER = 3
"""How many times as long as without a fault the laws may take: past that, a fault is found."""
WORKERS = int(os.environ.get("WORKERS", "2"))
LAWS = Path("tests/laws")
FIRST = [
    LAWS / f"test_{name}.py"
    for name in ("closed_tables", "closed_syntax", "small_worlds", "precedence", "evaluation", "events")
]
"""The laws that most faults are found by."""


def main() -> None:
    """Run all faults, or those whose names hold one of the words given."""
    words = sys.argv[1:]
    chosen = [mutant for mutant in MUTANTS if not words or any(word in mutant.name for word in words)]
    start = time.monotonic()
    print(f"without a fault: {_judged(None, None)}", flush=True)
    bound = LONGER * (time.monotonic() - start)
    survivors, killers = [], Counter[str]()
    with ThreadPoolExecutor(WORKERS) as pool:
        for mutant, answer in zip(
            chosen, pool.map(lambda mutant: _judged(mutant, bound), chosen), strict=True
        ):
            print(f"{mutant.name}: {answer}", flush=True)
            if answer.startswith("survived") or not answer.startswith(f"killed by {mutant.found_by or ''}"):
                survivors.append(mutant.name)
            else:
                killers[answer.split(" (")[0]] += 1
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} faults are found by the laws")
    for killer, number in killers.most_common():
        print(f"{number} {killer}")
    sys.exit(1 if survivors else 0)


def _judged(mutant: Mutant | None, bound: float | None) -> str:
    """Return what the laws say of a fault, and how long it took; raises RuntimeError if they fail without."""
    with TemporaryDirectory(prefix="sql-seg-mutant-") as folder:
        copy = Path(folder)
        _copy_to(copy)
        if mutant is not None:
            source = (copy / mutant.path).read_text(encoding="utf-8")
            (copy / mutant.path).write_text(mutant.applied(source), encoding="utf-8")
        start = time.monotonic()
        code, output = _laws(copy, bound)
        seconds = f"{time.monotonic() - start:.0f} s"
    if mutant is None:
        if code != 0:
            raise RuntimeError(f"the laws fail without a fault:\n{output}")
        return f"the laws hold ({seconds})"
    if code is None:
        return f"killed by the bound on time ({seconds})"
    if code not in (0, 1):
        raise RuntimeError(f"{mutant.name}: the laws did not run:\n{output}")
    return f"killed by {_killer(output)} ({seconds})" if code else f"survived ({seconds})"


def _killer(output: str) -> str:
    """Return the name of the file whose law failed first, or could not be read."""
    named = re.search(r"^(?:FAILED|ERROR) tests/laws/test_(\w+)\.py", output, re.MULTILINE)
    return named[1] if named else "an error"


def _copy_to(copy: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("sql_seg", "grammar", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)


def _laws(copy: Path, bound: float | None) -> tuple[int | None, str]:
    """Return the exit code of the laws in a copy, or None past the bound, and what they printed."""
    others = sorted({path.relative_to(copy) for path in (copy / LAWS).glob("test_*.py")} - set(FIRST))
    pytest = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=line"]
    environment = {**os.environ, "PYTHONPATH": str(copy), "HYPOTHESIS_PROFILE": "mutants"}
    try:
        result = subprocess.run(
            [*pytest, *map(str, [*FIRST, *others])],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=bound,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, ""
    return result.returncode, result.stdout + result.stderr


if __name__ == "__main__":
    main()
