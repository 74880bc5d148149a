"""All measures, or those that are named: ``python benchmarks/run.py [parsing checking …]``.

``large_files:5000000`` and ``millions:10000000,30000000`` are of other sizes than ``measure`` has by itself.
Each module runs in a process of its own, one after the other. All of them together write RESULTS.md.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from measure import Results
from report import details, document, summary
from targets import TARGETS, outcomes

MODULES = list(dict.fromkeys(target.module for target in TARGETS))
RESULTS = Path(__file__).parent / "RESULTS.md"


def results_of(named: str) -> Results:
    """Return what a module measures, of its own sizes or of those behind a colon."""
    module, _, sizes = named.partition(":")
    results: Results = import_module(module).measure(*map(int, filter(None, sizes.split(","))))
    return results


def main(names: list[str]) -> None:
    unknown = [name for name in names if name.partition(":")[0] not in MODULES]
    if unknown:
        sys.exit(f"no such measure: {', '.join(unknown)}; there are {', '.join(MODULES)}")
    results: dict[str, Results] = {}
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        for module in names or MODULES:
            start = perf_counter()
            print(f"{module} … ", end="", flush=True)
            results[module.partition(":")[0]] = pool.submit(results_of, module).result()
            print(f"{perf_counter() - start:.0f} s", flush=True)
    found = outcomes(results)
    if names:
        print(*map(details, results.values()), sep="\n\n")
    else:
        RESULTS.write_text(document(found, results.values()) + "\n", encoding="utf-8")
    print(f"\n{summary(found)}")


if __name__ == "__main__":
    main(sys.argv[1:])
