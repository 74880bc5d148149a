"""The JSON schema of test files: it takes what the reader takes, and refuses most of what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sql_seg.segment_tests.file_reader import KEYS
from tests.unit.segment_tests.test_reading import REFUSED

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/segment-tests.schema.json").read_text())


def takes(form: Any) -> bool:
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(form)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples/segments").glob("*.test.json")), ids=lambda path: path.name
)
def test_it_takes_the_examples(path: Path) -> None:
    assert takes(json.loads(path.read_text()))


def test_it_has_the_keys_that_are_read() -> None:
    assert set(SCHEMA["properties"]) == set(KEYS)


def test_it_refuses_what_has_the_wrong_shape() -> None:
    refused = [text for text, _ in REFUSED if not takes(json.loads(text))]
    assert len(refused) >= len(REFUSED) // 2
    assert '{"inn": [{}]}' in refused
    assert '{"in": [{"events": [{"evnt": "a"}]}]}' in refused
