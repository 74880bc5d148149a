"""What an editor asks of a document: findings, fixes, what is under the cursor or may stand there, layout.

A document is a file's text: one query, or the segments of a JSON or YAML file. Offsets are code points of
that text; a query inside a file is asked with the places that its source map gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sql_seg.diagnostics import Diagnostic, Edit, Fix
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.source import Span
from sql_seg.errors import SegmentFileError
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.functions import FUNCTIONS
from sql_seg.language.literals import RESERVED, ascii_upper
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, EVENT_TYPES, V1_EVENT_FIELDS, Column, Schema
from sql_seg.linting import rule_of
from sql_seg.records.events import EVENT_SOURCE
from sql_seg.sources import CannotRewriteError, QuerySource, SourceFile, rewrite
from sql_seg.syntax.formatting import WIDTH, format_text
from sql_seg.syntax.parsing.tables import END, UNREADABLE
from sql_seg.syntax.parsing.tokens import Token, tokenize
from sql_seg.syntax.value_names import names_in
from sql_seg.workspace.judging import Judge, Judged

_NAMES = ("NAME", "QUOTED_NAME")
_SHOWN_TYPES = {
    DataType.VARCHAR: "a text",
    DataType.NUMBER: "a number",
    DataType.TIMESTAMP: "a timestamp",
    DataType.BOOLEAN: "a truth value",
    DataType.ARRAY: "a list of texts",
    DataType.VARIANT: "JSON",
}


@frozen
class PlacedFinding:
    """A finding with its place in the document, and how to fix it, in one edit or several."""

    diagnostic: Diagnostic
    span: Span
    edits: tuple[Edit, ...] = ()


@frozen
class Hover:
    """What is known of what stands at a place, as Markdown."""

    text: str
    span: Span


@frozen
class Completion:
    """What may stand at a place: its text, what it is, and one line about it."""

    text: str
    kind: str
    detail: str = ""


class OpenDocument:
    """A document as it is now. ``problem`` is set where no queries can be read from it."""

    def __init__(self, name: str, text: str, judge: Judge) -> None:
        self.name, self.text, self._judge = name, text, judge
        self.problem: SegmentFileError | None = None
        self.judged: Judged | None = None
        try:
            self.judged = judge.judge(SourceFile(name, text, Path(name)))
        except SegmentFileError as error:
            self.problem = error

    @property
    def queries(self) -> Sequence[QuerySource]:
        """The queries of the document."""
        return () if self.judged is None else self.judged.queries

    def findings(self) -> Iterator[PlacedFinding]:
        """Yield what is to be said of each query, with its place in the document and its fix."""
        if self.judged is None:
            return
        for query, diagnostics in zip(self.judged.queries, self.judged.diagnostics, strict=True):
            for diagnostic in diagnostics:
                span = query.source_map.span_in_file(diagnostic.span)
                yield PlacedFinding(diagnostic, span, _edits(query, diagnostic.fix))

    def hover(self, offset: int) -> Hover | None:
        """Return what is known of the name, the function or the finding at a place."""
        value = self._value_at(offset)
        if value is not None:
            return value
        found = self._token_at(offset)
        if found is None:
            return None
        query, tokens, index = found
        token = tokens[index]
        text = _about(query.dialect, tokens, index, self._judge.schema)
        said = [
            f"**{placed.diagnostic.code}**: {entry.summary}"
            for placed in self.findings()
            if placed.span.start <= offset <= placed.span.end
            and (entry := rule_of(placed.diagnostic.code)) is not None
        ]
        parts = [part for part in (text, *dict.fromkeys(said)) if part]
        return Hover("\n\n".join(parts), query.source_map.span_in_file(token.span)) if parts else None

    def completions(self, offset: int, lists: Mapping[str, str]) -> list[Completion]:
        """Return what may stand at a place; ``lists`` are the ids of lists by name."""
        if re.search(r"\$\{\w*$", self.text[:offset]):
            values = self._judge.workspace.values
            by_name = {} if values is None else values.by_name
            return [Completion(name, "value", value) for name, value in by_name.items()]
        query = self._query_at(offset)
        if query is None:
            return []
        before = query.text[: query.source_map.offset_in_query(offset)]
        tokens = tokenize(before, query.dialect).tokens[:-1]
        return _completions(query.dialect, query.text, tokens, before, self._judge.schema, lists)

    def formatted(self) -> str | None:
        """Return the document with its queries laid out; None where one does not parse."""
        changes = []
        width = self._judge.workspace.settings.width or WIDTH
        try:
            for query in (query.raw or query for query in self.queries):
                ending = "\n" if query.segment is None else ""
                changes.append((query, format_text(query.text, query.dialect, width=width) + ending))
            return rewrite(self.text, changes) if self.queries else None
        except (QuerySyntaxError, CannotRewriteError):
            return None

    def definition(self, offset: int) -> Span | None:
        """Return where the alias at a place is given."""
        alias = self._alias_at(offset)
        if alias is None:
            return None
        query, tokens, name = alias
        places = [token for index, token in enumerate(tokens) if _gives_alias(tokens, index) == name]
        return query.source_map.span_in_file(places[0].span) if places else None

    def renames(self, offset: int, new_name: str) -> list[Edit] | None:
        """Return the edits that give the alias at a place another name; None where there is none.

        Raises ValueError for what cannot be an alias, or is one of the query already.
        """
        alias = self._alias_at(offset)
        if alias is None:
            return None
        if not re.fullmatch(r"[A-Za-z_]\w*", new_name):
            raise ValueError(
                f"{new_name!r} is no name: write letters, digits and _, with no digit at the start"
            )
        if ascii_upper(new_name) in RESERVED[Dialect.V2]:
            raise ValueError(f"{new_name} is a word of the language, and no name")
        query, tokens, name = alias
        others = {_gives_alias(tokens, index) for index in range(len(tokens))} - {name, None}
        if new_name.lower() in {other.lower() for other in others if other is not None}:
            raise ValueError(f"{new_name} is another alias of this query: choose a name of its own")
        spans = [
            token.span
            for index, token in enumerate(tokens)
            if _gives_alias(tokens, index) == name or _uses_alias(tokens, index) == name
        ]
        return [Edit(query.source_map.span_in_file(span), new_name) for span in spans]

    def _alias_at(self, offset: int) -> tuple[QuerySource, list[Token], str] | None:
        found = self._token_at(offset)
        if found is None or found[0].dialect is not Dialect.V2:
            return None
        query, tokens, index = found
        name = _gives_alias(tokens, index) or _uses_alias(tokens, index)
        given = {_gives_alias(tokens, other) for other in range(len(tokens))}
        return (query, tokens, name) if name in given and name is not None else None

    def _value_at(self, offset: int) -> Hover | None:
        """Return what the name of a value at a place stands for."""
        values = self._judge.workspace.values
        for query in (query.raw or query for query in self.queries):
            for name, span in names_in(query.text, query.dialect):
                place = query.source_map.span_in_file(span)
                if query.source_map.is_exact and place.start <= offset < place.end and values is not None:
                    if name in values.by_name:
                        text = f"`{values.by_name[name]}` in the environment {values.environment}"
                    else:
                        text = ": ".join(values.missing(name))
                    return Hover(text, place)
        return None

    def _query_at(self, offset: int) -> QuerySource | None:
        if self.judged is None:
            return None
        for query in self.judged.queries:
            if (
                query.source_map.is_exact
                and query.source_map.span.start <= offset <= query.source_map.span.end
            ):
                return query
        return None

    def _token_at(self, offset: int) -> tuple[QuerySource, list[Token], int] | None:
        query = self._query_at(offset)
        if query is None:
            return None
        place = query.source_map.offset_in_query(offset)
        tokens = tokenize(query.text, query.dialect).tokens
        index = next(
            (n for n, token in enumerate(tokens) if token.start <= place <= token.end and token.type != END),
            None,
        )
        if index is None:
            return None
        if place == tokens[index].end and index + 1 < len(tokens) and tokens[index + 1].start == place:
            index += tokens[index + 1].type in _NAMES
        return query, tokens, index


def _edits(query: QuerySource, fix: Fix | None) -> tuple[Edit, ...]:
    return () if fix is None else query.source_map.to_file_edits(fix) or ()


def _about(dialect: Dialect, tokens: list[Token], index: int, schema: Schema) -> str:
    token = tokens[index]
    if token.type not in _NAMES:
        return ""
    name = token.text.strip('"`')
    function = FUNCTIONS.get(ascii_upper(name))
    is_call = tokens[index + 1].type == "LPAR" if index + 1 < len(tokens) else False
    if function is not None and (is_call or not function.parameters) and dialect in function.provenance:
        known = _STANDING[function.provenance[dialect].value]
        return f"`{function.usage}`\n\n{known}"
    column, where = _column(dialect, tokens, index, name, schema)
    if column is None:
        return ""
    limit = f", up to {column.length} characters" if column.length else ""
    nullable = "may be NULL" if column.nullable else "never NULL"
    return (
        f"`{column.name}`: {_SHOWN_TYPES.get(column.type, column.type.value)}{limit}, {nullable}\n\n{where}"
    )


_STANDING = {
    "doc": "SendGrid's reference has it.",
    "api": "SendGrid's API answers so.",
    "seen": "Public code that runs against SendGrid uses it.",
    "snow": "SendGrid's reference is silent: Snowflake's behaviour decides.",
    "ours": "SendGrid's reference does not promise it: sql-seg's choice.",
}


def _column(
    dialect: Dialect, tokens: list[Token], index: int, name: str, schema: Schema
) -> tuple[Column | None, str]:
    contact, event = schema.contact_data.column(name), schema.event_data.column(name)
    if dialect is Dialect.V1:
        event = V1_EVENT_FIELDS.column(name)
    else:
        table = (
            _aliases(tokens).get(_uses_alias(tokens, index - 2) or "")
            if index >= 2 and tokens[index - 1].type == "DOT"
            else None
        )
        if table == EVENT_DATA:
            contact = None
        elif table == CONTACT_DATA or EVENT_DATA not in _aliases(tokens).values():
            event = None
    if contact is not None:
        is_custom = contact in schema.custom_fields
        return contact, "a custom field of the account" if is_custom else "a column of contact_data"
    return event, "of an event"


def _aliases(tokens: Sequence[Token]) -> dict[str, str]:
    """Return the tables of FROM and JOIN, by the names that columns have before their dot."""
    found: dict[str, str] = {}
    for index, token in enumerate(tokens):
        if token.type in ("FROM", "JOIN") and index + 1 < len(tokens) and tokens[index + 1].type in _NAMES:
            table = tokens[index + 1].text.strip('"`').lower()
            name = _given_behind(tokens, index + 1)
            found[(name or table).lower()] = table
    return found


def _given_behind(tokens: Sequence[Token], index: int) -> str | None:
    """Return the alias behind a table's name."""
    behind = index + 1
    if behind < len(tokens) and tokens[behind].type == "AS":
        behind += 1
    if behind < len(tokens) and tokens[behind].type in _NAMES:
        return tokens[behind].text.strip('"`').lower()
    return None


def _gives_alias(tokens: Sequence[Token], index: int) -> str | None:
    """Return the alias that a token gives to a table, in lower case."""
    if tokens[index].type not in _NAMES:
        return None
    before = index - 1
    if before >= 0 and tokens[before].type == "AS":
        before -= 1
    is_table = before >= 1 and tokens[before].type in _NAMES and tokens[before - 1].type in ("FROM", "JOIN")
    return tokens[index].text.strip('"`').lower() if is_table else None


def _uses_alias(tokens: Sequence[Token], index: int) -> str | None:
    """Return the alias that a token is, before a dot or a colon's column, in lower case."""
    if (
        not 0 <= index < len(tokens) - 1
        or tokens[index].type not in _NAMES
        or tokens[index + 1].type != "DOT"
    ):
        return None
    if index and tokens[index - 1].type in ("DOT", "COLON"):
        return None
    return tokens[index].text.strip('"`').lower()


def _completions(
    dialect: Dialect,
    text: str,
    tokens: list[Token],
    before: str,
    schema: Schema,
    lists: Mapping[str, str],
) -> list[Completion]:
    """Return what may stand behind some tokens."""
    last = tokens[-1] if tokens else None
    if last is not None and last.type == UNREADABLE and last.text[:1] in "'\"":
        return _values(tokens[:-1], lists)
    if last is not None and last.type in _NAMES and last.end == len(before):
        tokens = tokens[:-1]
        last = tokens[-1] if tokens else None
    if last is not None and last.type == "DOT" and len(tokens) >= 2:
        aliases = _aliases(tokenize(text, dialect).tokens)
        table = schema.table(aliases.get(tokens[-2].text.strip('"`').lower(), ""))
        return [] if table is None else [_of_column(column, schema) for column in table.columns.values()]
    if last is not None and last.type == "FROM":
        return [Completion(CONTACT_DATA, "table"), Completion(EVENT_DATA, "table", "inside a subquery")]
    if last is not None and last.type == "JOIN":
        return [Completion(EVENT_DATA, "table")]
    found = [_of_column(column, schema) for column in schema.contact_data.columns.values()]
    if dialect is Dialect.V1:
        found += [_of_column(column, schema) for column in V1_EVENT_FIELDS.columns.values()]
    elif EVENT_DATA in _aliases(tokenize(text, dialect).tokens).values():
        found += [_of_column(column, schema) for column in schema.event_data.columns.values()]
    found += [
        Completion(function.name, "function", function.usage)
        for function in FUNCTIONS.values()
        if dialect in function.provenance
    ]
    return [*found, *(Completion(word, "keyword") for word in sorted(RESERVED[dialect]))]


def _of_column(column: Column, schema: Schema) -> Completion:
    kind = _SHOWN_TYPES.get(column.type, column.type.value)
    return Completion(
        column.name, "field", f"{kind}{', a custom field' if column in schema.custom_fields else ''}"
    )


def _values(tokens: list[Token], lists: Mapping[str, str]) -> list[Completion]:
    """Return the texts that may stand in quotes behind some tokens: event types, sources, ids of lists."""
    names = [token.text.strip('"`').lower() for token in tokens[-40:] if token.type in _NAMES]
    column = next(
        (name for name in reversed(names) if name in ("event_type", "event_source", "list_ids")), None
    )
    if column == "event_type":
        return [Completion(text, "value", "an event type") for text in EVENT_TYPES]
    if column == "event_source":
        return [Completion(EVENT_SOURCE, "value", "an event source")]
    if column == "list_ids":
        return [Completion(list_id, "value", f"the list {name}") for name, list_id in lists.items()]
    return []
