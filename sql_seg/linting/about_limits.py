"""The documentation of what is reported of segments in files, whatever their queries say."""

from __future__ import annotations

from sql_seg.diagnostics import Severity
from sql_seg.linting.rule import Rule, error

_QUERY = '"query_dsl": "email LIKE \'%@example.com\'"'
_ID = "115715d0-0000-4000-8000-000000000001"
_OTHER_ID = "115715d0-0000-4000-8000-000000000002"

LIMITS: tuple[Rule, ...] = (
    error(
        "segment-name-length",
        "a name that is empty or too long",
        "SendGrid takes names of 1 to 100 characters.",
        f'{{"name": "", {_QUERY}}}',
        f'{{"name": "Colleagues", {_QUERY}}}',
    ),
    error(
        "duplicate-segment-name",
        "two segments of one name",
        "A segment's name is unique in its account. All files that are checked together are taken for one "
        "account; what has the same id is the same segment.",
        f'[{{"name": "Colleagues", {_QUERY}}}, {{"name": "Colleagues", {_QUERY}}}]',
        f'[{{"name": "Colleagues", {_QUERY}}}, {{"name": "Colleagues and friends", {_QUERY}}}]',
    ),
    error(
        "too-many-segments",
        "more segments than an account can have",
        "An account has at most 200 segments. The 201st of the segment files that are checked together is "
        "reported; queries in .sql and .sgql files are not counted.",
        f'[{{"name": "1", {_QUERY}}}, {{"name": "2", {_QUERY}}}, and so on, 201 in all]',
        f'[{{"name": "1", {_QUERY}}}, {{"name": "2", {_QUERY}}}]',
    ),
    error(
        "too-many-parent-lists",
        "more than one parent list",
        "A segment takes its members from one list, or from all contacts.",
        f'{{"name": "Colleagues", {_QUERY}, "parent_list_ids": ["{_ID}", "{_OTHER_ID}"]}}',
        f'{{"name": "Colleagues", {_QUERY}, "parent_list_ids": ["{_ID}"]}}',
    ),
    Rule(
        "malformed-list-id",
        Severity.WARNING,
        "a parent list's id that is no UUID",
        "The ids of lists are UUIDs, 36 characters with their dashes. The name of a list is not its id.",
        f'{{"name": "Colleagues", {_QUERY}, "parent_list_ids": ["Newsletter"]}}',
        f'{{"name": "Colleagues", {_QUERY}, "parent_list_ids": ["{_ID}"]}}',
    ),
)
"""What is reported of segment files; the examples are such files, in JSON."""
