"""Asking one rule about texts whose places are marked with ``«`` and ``»``."""

from __future__ import annotations

from sql_seg import diagnose
from sql_seg.diagnostics import Diagnostic, Safety, Severity
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.language.datatypes import Dialect
from tests.laws.strategies import SCHEMA
from tests.unit.marked import unmarked

JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e "
    "ON c.contact_id = e.contact_id WHERE "
)
PLAIN = "SELECT contact_id, updated_at FROM contact_data WHERE "
LIST_ID = "41a30d08-2c46-4f3a-9a5c-6f2b1c0d7e11"


def findings(text: str, code: str, dialect: Dialect | None = None) -> list[Diagnostic]:
    """Return what a rule says of a valid query."""
    diagnostics = diagnose(text, SCHEMA, dialect, infos=True)
    assert [found for found in diagnostics if found.is_error] == [], text
    return [found for found in diagnostics if found.code == code]


def is_silent(text: str, code: str) -> None:
    """Assert that a rule has nothing to say of a query."""
    assert findings(text, code) == []


def finds(
    marked: str,
    code: str,
    message: str,
    *,
    help: str = "",
    severity: Severity = Severity.WARNING,
    fixed: str | None = None,
    safety: Safety = Safety.UNSAFE,
) -> None:
    """Assert that a rule finds just the first marked place, with labels at the others.

    The fix makes ``fixed`` of the query (None: there is none), of which the rule says nothing more.
    """
    text, spans = unmarked(marked)
    (found,) = findings(text, code)
    assert [found.span, *(label.span for label in found.labels)] == spans
    assert found.message == message
    assert help in found.help
    assert found.severity is severity
    if fixed is None:
        assert found.fix is None
        return
    assert found.fix is not None
    assert found.fix.safety is safety
    assert apply_fixes(text, [found.fix]) == fixed
    is_silent(fixed, code)
