from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from .account import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and return its path: bytes as they are, text in UTF-8, and packed for ``.gz``."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        if isinstance(content, str):
            content = gzip.compress(content.encode()) if name.endswith(".gz") else content.encode()
        path.write_bytes(content)
        return path

    return write_file
