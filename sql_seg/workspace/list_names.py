"""Names of lists that settings know, where a query must have their ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sql_seg.diagnostics import Diagnostic, Edit, Fix, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.frozen import replace
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import write_string
from sql_seg.linting.compared_texts import MALFORMED_ID


def with_list_ids(
    text: str, dialect: Dialect, diagnostics: Sequence[Diagnostic], lists: Mapping[str, str]
) -> list[Diagnostic]:
    """Return diagnostics, those about a list's name with its id as the fix; ``lists`` has ids by name.

    SendGrid knows no names in queries, so a name there is a finding, whatever settings say.
    """
    if not lists or "list_ids" not in text.lower():
        return list(diagnostics)
    return [
        _with_ids(text, dialect, found, lists) if found.code == MALFORMED_ID.code else found
        for found in diagnostics
    ]


def _with_ids(text: str, dialect: Dialect, found: Diagnostic, lists: Mapping[str, str]) -> Diagnostic:
    spans = [found.span, *(label.span for label in found.labels)]
    named = {span: name for span in spans if (name := _name_at(text, span)) in lists}
    if not named:
        return found
    said = ", ".join(f"{name} is {lists[name]}" for name in dict.fromkeys(named.values()))
    edits = tuple(Edit(span, write_string(lists[name], dialect)) for span, name in named.items())
    fix = Fix("Write the ids of lists that the settings name", edits, Safety.UNSAFE)
    return replace(
        found, help=f"a query has the ids of lists, not their names: {said} in the settings", fix=fix
    )


def _name_at(text: str, span: Span) -> str:
    return text[span.start : span.end].strip("'\"")
