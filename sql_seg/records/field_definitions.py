"""An account's field definitions, from a file. A check of queries reads them, and nothing else of records."""

from __future__ import annotations

import os
from typing import Any

from sql_seg.errors import RecordError
from sql_seg.records.json_text import read_json
from sql_seg.records.text_files import expand, open_text


def read_definitions(fields: Any) -> Any:
    """Return field definitions as parsed JSON, reading them first where ``fields`` is a path.

    Raises RecordError where the file cannot be read.
    """
    if not isinstance(fields, str | os.PathLike):
        return fields
    path, *others = expand(fields)
    if others:
        raise RecordError(f"{fields}: more than one file of field definitions", file=str(path))
    with open_text(path) as lines:
        text = lines.read()
    if not text.strip():
        raise RecordError(f"{path}: is empty", file=str(path))
    try:
        return read_json(text)
    except ValueError as error:
        raise RecordError(f"{path}: malformed JSON: {error}", file=str(path)) from error
