"""The documentation of what is said of files themselves, and of what is ignored in them."""

from __future__ import annotations

from sql_seg.diagnostics import Severity
from sql_seg.linting.rule import Rule, error

UNREADABLE_FILE = error(
    "unreadable-file",
    "a file that cannot be read",
    "Queries cannot be checked in a file that is not there, is no text in UTF-8, or is JSON or YAML "
    "that holds no segment. The exit code is then 2. To leave a file out, name it under extend-exclude in "
    "the settings.",
    '{"name": "Colleagues", "query_dsl": 3}',
    '{"name": "Colleagues", "query_dsl": "email LIKE \'%@example.com\'"}',
)

UNUSED_NOQA = Rule(
    "unused-noqa",
    Severity.WARNING,
    "a noqa comment that hides nothing",
    "A comment `-- noqa: code` hides the warnings and infos of this code that touch its line, and `-- noqa` "
    "all of them. One that hides nothing is misspelled, or no longer needed, and would hide what comes "
    "later. Errors that make a query invalid cannot be hidden.",
    "SELECT contact_id, updated_at FROM contact_data -- noqa: null-blind-inequality",
    "SELECT contact_id, updated_at FROM contact_data",
)

ABOUT_FILES: tuple[Rule, ...] = (UNREADABLE_FILE, UNUSED_NOQA)
"""What is reported of files; the first example is a file, in JSON."""
