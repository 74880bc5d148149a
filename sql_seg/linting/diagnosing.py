"""All that is to be said of a query: what checking finds, and what the rules do."""

from __future__ import annotations

from sql_seg.checking import check_query
from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.syntax.parsing import parse


def diagnose(
    text: str,
    schema: Schema | None = None,
    dialect: Dialect | str | None = None,
    *,
    infos: bool = False,
) -> list[Diagnostic]:
    """Return all that is to be said of a query, in the order of its text; never raises for a bad one.

    The query is valid if no diagnostic is an error. Infos are left out unless asked for.
    """
    try:
        query = parse(text, dialect)
    except QuerySyntaxError as error:
        return _continued(error, SENDGRID if schema is None else schema, infos=infos)
    from sql_seg.linting.table import lint  # a text that does not parse needs no rules

    return lint(check_query(query, SENDGRID if schema is None else schema), infos=infos)


def _continued(error: QuerySyntaxError, schema: Schema, *, infos: bool) -> list[Diagnostic]:
    """Return what is wrong with a text that does not parse, and what is said of it once it is fixed.

    What a fix wrote is judged only by its errors: one that speaks of nothing that stood there before is the
    fix's own, which then is none.
    """
    repaired = error.repaired
    if repaired is None:
        return error.diagnostics
    from sql_seg.diagnostics.repaired import without_unsound

    found = diagnose(repaired.text, schema, repaired.dialect, infos=infos)
    return without_unsound(error.diagnostics, found, repaired, error.text)
