"""What a check does not wait for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from sql_seg.cli import main
main(["check", "-q", "email LIKE '%x'"], standalone_mode=False)
print(*sys.modules, sep="\\n")
"""


def test_a_check_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    assert "sql_seg.cli.check" in loaded
    unneeded = """
        rich yaml tomllib csv importlib.metadata sql_seg.records sql_seg.dataset sql_seg.predicate
        sql_seg.report.sarif_log sql_seg.report.junit_xml sql_seg.segment_files.yaml_tree
    """
    assert loaded & set(unneeded.split()) == set()
