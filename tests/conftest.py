"""Hypothesis profiles, and the tests that need more than the ``test`` group.

``HYPOTHESIS_PROFILE`` chooses a profile: ``quick`` (the default) tries the same examples on every
run, so that a change is judged by itself; ``fuzz`` (``make fuzz``) tries new ones; ``mutants`` (of
``make mutants``) only looks whether a law fails.
"""

from __future__ import annotations

import gc
import importlib.util
import os

import pytest
from hypothesis import HealthCheck, Phase, settings

for _size in ("COLUMNS", "LINES"):
    # readline, which pytest loads, sets both behind Python's back, and processes inherit them: in a test
    # nothing says how wide lines are but the test itself.
    os.environ.pop(_size, None)
    os.unsetenv(_size)

_ANY_SPEED = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)

_ALL_BUT_EXPLAIN = [phase for phase in Phase if phase is not Phase.explain]  # a failure is to end soon

_FUZZED = int(os.environ.get("FUZZ_EXAMPLES", "10000"))

settings.register_profile(
    "quick",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=_ANY_SPEED,
    phases=_ALL_BUT_EXPLAIN,
)
settings.register_profile("fuzz", settings.get_profile("quick"), derandomize=False, max_examples=_FUZZED)
settings.register_profile("mutants", settings.get_profile("quick"), phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

_ON_DEMAND = ("engines", "clients", "browser")
"""What needs more than Python: make test-engines, make test-clients and make test-browser."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what no marker asked for: see _ON_DEMAND; and the grammar proof without its group."""
    asked = config.option.markexpr
    for marker in _ON_DEMAND:
        if marker not in asked:
            items[:] = [item for item in items if not item.get_closest_marker(marker)]
    if asked == "grammar_proof" or importlib.util.find_spec("interegular"):
        return
    for item in items:
        if item.get_closest_marker("grammar_proof"):
            item.add_marker(pytest.mark.skip(reason="needs the group grammar: run make test"))


def pytest_collection_finish() -> None:
    """Take what is collected out of the garbage collector's sight: it would look at it again and again."""
    gc.collect()
    gc.freeze()
