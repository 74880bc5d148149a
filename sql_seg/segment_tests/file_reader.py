"""Reading a test file, strictly: what it says that nobody reads is an error, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sql_seg.checking import check
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import terms as core
from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.diagnostics.source import Source
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import RecordError, SchemaError
from sql_seg.explain import Decider
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID, Schema, custom_column
from sql_seg.language.timestamps import read_timestamp
from sql_seg.records.field_definitions import read_definitions
from sql_seg.segment_tests.cases import Case, SegmentTests
from sql_seg.segment_tests.given_contacts import CASE, ContactReader, custom_type
from sql_seg.segment_tests.locating import segment_beside
from sql_seg.sources import (
    EnvironmentValues,
    content_of,
    decoded,
    placed,
    read_queries,
    trees_in,
    with_values,
)
from sql_seg.sources.value_tree import (
    Elements,
    Object,
    Scalar,
    Text,
    TreeProblem,
    Value,
    kind_of,
    plain,
    refuse_repeated,
)
from sql_seg.wording import did_you_mean

_NOW, _FIELDS, _EMPTY, _IN, _OUT = KEYS = ("now", "fields", "empty", "in", "out")
_EMPTY_TEXTS = ("null", "string")


def read_segment_tests(
    path: Path,
    *,
    fields: Any = None,
    now: datetime | None = None,
    dialect: Dialect | None = None,
    values: EnvironmentValues | None = None,
) -> SegmentTests:
    """Return the tests of a file and the segment beside it.

    ``fields`` are the field definitions (a path or parsed JSON) and ``now`` is the aware moment for files
    that give none. ``dialect`` None detects that of the query. ``values`` stand for the
    ``${names}`` in it.

    Raises SegmentFileError, with all that is wrong in the file; QueryError for the segment's query;
    RecordError and SchemaError for the field definitions that are given here.
    """
    name = str(path)
    (query,) = read_queries(segment_beside(path), dialect)
    query = with_values(query, values)
    text = decoded(content_of(path), name)
    try:
        form = _Form(_only_object(trees_in(text, name)), path.parent)
        definitions = form.definitions(fields)
        known = SENDGRID if definitions is None else SENDGRID.with_fields(definitions)
        checked = check(query.parsed(), known.as_lenient() if definitions is None else known)
        moment = form.moment(now, checked)
        schema = with_fields_of(checked, known)
        reader = ContactReader(
            schema, keeps_empty=form.keeps_empty(), has_definitions=definitions is not None
        )
    except TreeProblem as problem:
        raise placed([problem], text, name) from None
    except QueryError as error:
        if query.raw is None:
            raise
        raise query.in_file(error) from None
    records, events, cases = _read_cases(form, reader, Source(text))
    if reader.problems:
        raise placed(reader.problems, text, name)
    account = Dataset(records, events, schema)._account
    return SegmentTests(name, query, checked, moment, account, Decider(checked, moment, account), cases)


_Records = list[dict[str, Any]]


def _read_cases(form: _Form, reader: ContactReader, source: Source) -> tuple[_Records, _Records, list[Case]]:
    """Return all contacts, their events, and what is expected of them; the reader gathers problems."""
    records: _Records = []
    events: _Records = []
    cases: list[Case] = []
    for number, is_in, item in form.cases(reader.problems):
        record, own_events = reader.read(item, number.replace(" ", "-"))
        title = form.title(item, reader.problems) or number
        cases.append(Case(title, is_in, *source.position(item.span.start), len(records)))
        records.append(record)
        events += own_events
    return records, events, cases


class _Form:
    """The object that a test file is; each reading raises TreeProblem for what is wrong with it."""

    def __init__(self, root: Object, folder: Path) -> None:
        self._root = root
        self._folder = folder
        refuse_repeated(root)
        for entry in root.entries:
            if entry.key not in KEYS:
                hint = did_you_mean(entry.key, KEYS) or f"there are {', '.join(KEYS[:-1])} and {KEYS[-1]}"
                raise TreeProblem(entry.key_span.start, f"there is no key {entry.key}; {hint}")

    def definitions(self, given: Any) -> Any:
        """Return the field definitions as parsed JSON: the file's own, maybe by a path, or those given."""
        value = self._root.get(_FIELDS)
        if value is None:
            return read_definitions(given)
        try:
            own = read_definitions(
                str(self._folder / value.value) if isinstance(value, Text) else plain(value)
            )
            SENDGRID.with_fields(own)
        except (RecordError, SchemaError, ValueError) as error:
            raise TreeProblem(value.span.start, f"{_FIELDS}: {error}") from None
        return own

    def moment(self, given: datetime | None, checked: CheckedQuery) -> datetime:
        """Return the moment to ask at: one must be given where the query asks what time it is."""
        value = self._root.get(_NOW)
        if value is None:
            if given is None and core.has(checked.condition, core.Now):
                message = f'the query asks what time it is: give {_NOW}, such as "2026-11-23T12:00:00Z"'
                raise TreeProblem(self._root.span.start, message)
            return given or _ANY_MOMENT
        written = plain(value) if isinstance(value, Text | Scalar) else None
        moment = read_timestamp(written) if isinstance(written, str) else None
        if moment is None:
            said = f"'{written}'" if isinstance(written, str) else kind_of(value)
            raise TreeProblem(value.span.start, f"{_NOW} is {said}, not a time such as 2026-11-23T12:00:00Z")
        return moment

    def keeps_empty(self) -> bool:
        """Return whether an empty text is a text, not NULL."""
        value = self._root.get(_EMPTY)
        if value is None:
            return False
        if not isinstance(value, Text) or value.value not in _EMPTY_TEXTS:
            raise TreeProblem(
                value.span.start, f'{_EMPTY} is "null" or "string": what an empty text stands for'
            )
        return value.value == "string"

    def cases(self, problems: list[TreeProblem]) -> Iterator[tuple[str, bool, Object]]:
        """Yield a name for each contact, whether it must be in, and what the file says of it."""
        number = 0
        for key in (_IN, _OUT):
            value = self._root.get(key)
            if value is not None and not isinstance(value, Elements):
                message = f"{key} is {kind_of(value)}, not a list of contacts"
                problems.append(TreeProblem(value.span.start, message))
            for position, item in enumerate(value.items if isinstance(value, Elements) else (), 1):
                number += 1
                if isinstance(item, Object):
                    yield f"{key} {position}", key == _IN, item
                else:
                    message = f"a contact is an object; this is {kind_of(item)}"
                    problems.append(TreeProblem(item.span.start, message))
        if not number and not problems:
            message = f"tests nothing: give contacts that must be {_IN}, or {_OUT}"
            problems.append(TreeProblem(self._root.span.start, message))

    def title(self, item: Object, problems: list[TreeProblem]) -> str:
        """Return what the file calls a contact; nothing where it does not say."""
        value = item.get(CASE)
        if value is None:
            return ""
        if not isinstance(value, Text):
            problems.append(TreeProblem(value.span.start, f"{CASE} is {kind_of(value)}, not a text"))
            return ""
        return " ".join(value.value.split())


_ANY_MOMENT = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
"""For queries that do not ask what time it is."""


def _only_object(roots: Sequence[Value]) -> Object:
    if len(roots) != 1 or not isinstance(roots[0], Object):
        what = kind_of(roots[0]) if len(roots) == 1 else f"{len(roots)} documents"
        offset = roots[-1].span.start if roots else 0
        raise TreeProblem(offset, f"the file is {what}, not one object with {_NOW}, {_IN} and {_OUT}")
    return roots[0]


def with_fields_of(checked: CheckedQuery, known: Schema) -> Schema:
    """Return the known columns and the custom fields that a query has of its own, as it uses them."""
    columns = known.contact_data.columns
    terms = list(core.walk(checked.condition))
    rows = {core.THE_CONTACT, *(term.contact for term in terms if isinstance(term, core.Subquery))}
    used = {
        term.name: custom_column(term.name, custom_type(term.type))
        for term in terms
        if isinstance(term, core.ColumnValue) and term.row in rows and term.name not in columns
    }
    return known.with_columns([*known.custom_fields, *used.values()]) if used else known
