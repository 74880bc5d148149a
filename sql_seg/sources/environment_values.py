"""Values that differ between environments: ``${name}`` in a query stands for a text.

The text is put in as it is, with its quotes if it has some; it is not looked at for further names. In a
comment a name is no name. What is found in the whole query keeps its place in the file: what is found inside
a value stands where its name does.
"""

from __future__ import annotations

from collections.abc import Mapping

from sql_seg.diagnostics import Diagnostic, Finding
from sql_seg.diagnostics.source import Source, Span
from sql_seg.diagnostics.source_map import Hole, MappedRun, SourceMap
from sql_seg.frozen import field, frozen, replace
from sql_seg.language.datatypes import Dialect
from sql_seg.sources.query_source import QuerySource
from sql_seg.syntax.value_names import names_in
from sql_seg.wording import did_you_mean


@frozen
class EnvironmentValues:
    """The values of an environment by name. ``environment`` None: there are several, and none is chosen."""

    environment: str | None
    by_name: Mapping[str, str] = field(default_factory=dict)
    environments: tuple[str, ...] = ()
    """The names of all environments, for who must choose one."""

    def missing(self, name: str) -> tuple[str, str]:
        """Return what is wrong with a name that has no value, and what to do about it."""
        if self.environment is None:
            return (
                f"${{{name}}} has no value: no environment is chosen",
                f"choose one with --environment NAME: there are {', '.join(self.environments)}",
            )
        hint = did_you_mean(name, self.by_name)
        give = f'give it one: {name} = "…" under [environments.{self.environment}.values] in the settings'
        return (
            f"${{{name}}} has no value in the environment {self.environment}",
            f"{hint} or {give}" if hint else give,
        )


def expanded(text: str, dialect: Dialect, values: Mapping[str, str]) -> str:
    """Return a query with the values for its names; names that have none stay."""
    parts, end = [], 0
    for name, span in names_in(text, dialect):
        if name in values:
            parts += [text[end : span.start], values[name]]
            end = span.end
    return "".join([*parts, text[end:]])


def with_values(source: QuerySource, values: EnvironmentValues | None) -> QuerySource:
    """Return a query with the values for its names; without values it stays as it is.

    One with a name that has no value stays, too, and has the errors that say so as its ``refusal``.
    """
    found = [] if values is None else list(names_in(source.text, source.dialect))
    if values is None or not found:
        return source
    errors = tuple(
        _unknown(source.text, name, span, values) for name, span in found if name not in values.by_name
    )
    if errors:
        return replace(source, refusal=errors)
    text = expanded(source.text, source.dialect, values.by_name)
    source_map = _mapped(source.source_map, text, source.dialect, values.by_name)
    return replace(source, text=text, source_map=source_map, raw=source)


def _unknown(text: str, name: str, span: Span, values: EnvironmentValues) -> Diagnostic:
    message, instead = values.missing(name)
    return Finding("unknown-value", span, message, help=instead).placed(Source(text))


def _mapped(raw: SourceMap, text: str, dialect: Dialect, values: Mapping[str, str]) -> SourceMap:
    """Return where a text with values stands in the file, by where it stands without them."""
    runs: list[MappedRun] = []
    holes: list[Hole] = []
    start, moved = 0, 0
    for name, span in (*names_in(raw.text, dialect), ("", Span(len(raw.text), len(raw.text)))):
        if raw.is_exact:
            runs.append(MappedRun(start + moved, raw.span_in_file(Span(start, start)).start))
            runs += [
                MappedRun(it.offset + moved, it.in_file) for it in raw.runs if start < it.offset < span.start
            ]
        if name:
            at = span.start + moved
            holes.append(Hole(at, at + len(values[name]), raw.span_in_file(span)))
            moved += len(values[name]) - (span.end - span.start)
        start = span.end
    read = raw.decode

    def decode(literal: str) -> str | None:
        inner = None if read is None else read(literal)
        return None if inner is None else expanded(inner, dialect, values)

    return SourceMap(
        text,
        raw.file,
        raw.span,
        tuple(runs),
        raw.encode,
        None if read is None else decode,
        holes=tuple(holes),
    )
