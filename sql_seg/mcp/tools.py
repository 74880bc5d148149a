"""The tools: what an assistant may ask, and the answers, as plain JSON in the checker's own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sql_seg.diagnostics import Diagnostic, Safety
from sql_seg.diagnostics.fixes import fix_text
from sql_seg.diagnostics.formats import as_json
from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import SqlSegError
from sql_seg.explain.tree import plain
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.functions import FUNCTIONS
from sql_seg.language.schema import Schema
from sql_seg.language.timestamps import write_timestamp
from sql_seg.linting import diagnose
from sql_seg.records.masking import masked
from sql_seg.records.telling import told_elsewhere
from sql_seg.segments.segment import Segment
from sql_seg.solver import Difference, Found, Impossible, Record, distinguish, witness
from sql_seg.syntax.formatting import format_text
from sql_seg.upgrading import upgrade

MOST_SHOWN = 50


class Assistant:
    """What an assistant may ask: over one account's schema and lists, and the data given at the start.

    An assistant reads the names and docstrings of the ``TOOLS`` to choose among them.
    """

    def __init__(
        self,
        schema: Schema,
        lists: dict[str, str],
        load: Callable[[], Dataset] | None = None,
        now: datetime | None = None,
    ) -> None:
        self.schema, self.lists, self.now = schema, lists, now
        self._load = load
        self._dataset: Dataset | None = None

    def check(self, query: str, dialect: str | None = None) -> dict[str, Any]:
        """Say what is wrong with a segment query, with places, help and fixes; dialect is v1, v2 or none."""
        if dialect is not None and dialect not in list(Dialect):
            return {"error": f"there is no dialect {dialect!r}: it is v1 or v2, or left out"}
        found = diagnose(query, self.schema, dialect)
        answer: dict[str, Any] = {
            "valid": not any(item.is_error for item in found),
            "diagnostics": [_diagnostic(item) for item in found[:MOST_SHOWN]],
        }
        if len(found) > MOST_SHOWN:
            answer["more_diagnostics"] = len(found) - MOST_SHOWN
        for name, unsafe in (("with_safe_fixes", False), ("with_all_fixes", True)):
            fixed = fix_text(query, lambda text: diagnose(text, self.schema, dialect), unsafe=unsafe)
            if fixed.applied:
                answer[name] = fixed.text
        return answer

    def format(self, query: str) -> dict[str, Any]:
        """Lay a segment query out as a person would; its meaning and comments stay."""
        return _guarded(lambda: {"query": format_text(query)})

    def example(self, query: str) -> dict[str, Any]:
        """Give a smallest contact, with events, that is in the segment, and one that is not."""

        def answer() -> dict[str, Any]:
            segment = Segment(query, self.schema)
            return {
                "inside": _outcome(witness(segment, now=self.now)),
                "outside": _outcome(witness(segment, now=self.now, inside=False)),
            }

        return _guarded(answer)

    def diff(self, first: str, second: str) -> dict[str, Any]:
        """Find a contact that is in one of two segments alone, or prove that they hold the same."""

        def answer() -> dict[str, Any]:
            found = distinguish(first, second, schema=self.schema, now=self.now)
            if isinstance(found, Difference):
                only = "first" if found.in_first else "second"
                return {"verdict": "different", "only_in": only, **_record(found.record)}
            if isinstance(found, Impossible):
                return {"verdict": "same", "reason": found.reason}
            return {"verdict": "not-found", "tried": found.tried, "reason": found.reason}

        return _guarded(answer)

    def upgrade(self, query: str) -> dict[str, Any]:
        """Write a v1 query as v2, and say how it is known that both hold the same contacts, or why not."""

        def answer() -> dict[str, Any]:
            made = upgrade(query, self.schema, now=self.now)
            if made.is_refused:
                return {"refusals": [{"kind": one.kind.value, "message": str(one)} for one in made.refusals]}
            return {
                "query": made.text,
                "verdict": made.verdict,
                "is_proven": made.is_proven,
                "notes": list(made.notes),
            }

        return _guarded(answer)

    def preview(self, query: str, sample: int = 5) -> dict[str, Any]:
        """Count the contacts in a segment over the account's exports, and show some, masked."""
        if self._load is None:
            return {
                "error": "no contacts were given: start with --contacts FILE, or name them in the settings"
            }

        def answer() -> dict[str, Any]:
            if self._dataset is None:
                assert self._load is not None
                self._dataset = self._load()
            segment = Segment(query, self._dataset.schema)
            with told_elsewhere():  # in the answer
                seen = segment.preview(self._dataset, now=self.now, sample=max(0, min(sample, MOST_SHOWN)))
            return {
                "count": seen.count,
                "total": seen.total,
                "share": seen.share,
                "now": write_timestamp(seen.now),
                "warnings": [str(warning) for warning in seen.warnings],
                "sample": [plain(masked(contact)) for contact in seen.sample],
            }

        return _guarded(answer)

    def fields(self) -> dict[str, Any]:
        """List the columns that queries may name, the account's custom fields, and its lists."""
        columns = [
            {"name": column.name, "type": column.type.name, "custom": column in self.schema.custom_fields}
            for column in self.schema.contact_data.columns.values()
        ]
        return {"contact_data": columns, "lists": self.lists, "takes_unknown_columns": self.schema.lenient}


TOOLS = (
    Assistant.check,
    Assistant.format,
    Assistant.example,
    Assistant.preview,
    Assistant.diff,
    Assistant.upgrade,
    Assistant.fields,
)
"""The methods that are tools, in the order in which an assistant sees them."""


def reference() -> str:
    """Return what both dialects have, as Markdown: types, functions, and how sure each is."""
    lines = ["# The language of segments", "", "| function | result | v1 | v2 |", "|---|---|---|---|"]
    for function in FUNCTIONS.values():
        cells = [function.provenance.get(dialect) for dialect in Dialect]
        shown = [cell.value if cell is not None else "–" for cell in cells]
        result = "its argument's type" if function.result is None else function.result.name_in(Dialect.V2)
        lines.append(f"| `{function.usage}` | {result} | {shown[0]} | {shown[1]} |")
    lines += [
        "",
        "doc: the reference; api: the API's answers; seen: public code; snow: Snowflake; ours: sql-seg.",
    ]
    lines += ["", "Types: " + ", ".join(data_type.name for data_type in DataType) + "."]
    return "\n".join(lines)


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    fix = diagnostic.fix
    shown = as_json(diagnostic)
    shown["fix"] = None if fix is None else {"message": fix.message, "safe": fix.safety is Safety.SAFE}
    return shown


def _guarded(answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return an answer, or what is wrong with what was asked."""
    try:
        return answer()
    except QueryError as error:
        return {
            "error": "the query is not valid",
            "diagnostics": [_diagnostic(item) for item in error.diagnostics],
        }
    except (SqlSegError, ValueError) as error:
        return {"error": str(error)}


def _outcome(found: Any) -> dict[str, Any]:
    if isinstance(found, Found):
        return _record(found.record)
    if isinstance(found, Impossible):
        return {"impossible": found.reason}
    return {"not_found": found.reason, "tried": found.tried}


def _record(record: Record) -> dict[str, Any]:
    return {"contact": plain(record.contact), "events": [plain(event) for event in record.events]}
