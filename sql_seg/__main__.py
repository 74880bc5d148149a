"""``python -m sql_seg`` is ``sql-seg``."""

from __future__ import annotations

from sql_seg.cli import main

if __name__ == "__main__":
    main(prog_name="sql-seg")
