"""Syntax from other SQL and other APIs: recognised by its tokens, with a fix where it is sure."""

from __future__ import annotations

from collections.abc import Callable

from sql_seg.diagnostics import Finding
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.foreign import array_syntax as arrays
from sql_seg.syntax.parsing.foreign import call_syntax as calls
from sql_seg.syntax.parsing.foreign import english, look_alikes, slips
from sql_seg.syntax.parsing.foreign import list_syntax as lists
from sql_seg.syntax.parsing.foreign import name_syntax as names
from sql_seg.syntax.parsing.foreign import operator_syntax as operators
from sql_seg.syntax.parsing.foreign import path_syntax as paths
from sql_seg.syntax.parsing.foreign import whole_queries as queries
from sql_seg.syntax.parsing.foreign import word_syntax as words

_RULES: tuple[Callable[[Around], Finding | None], ...] = (
    queries.json,
    look_alikes.quote,
    look_alikes.sign,
    queries.legacy,
    names.field_holder,
    names.qualifier,
    arrays.comparison,
    arrays.literal,
    arrays.in_brackets,
    arrays.like_any,
    paths.of_event_data,
    paths.operator,
    paths.of_parsed,
    names.path,
    names.element,
    slips.number,
    slips.comma,
    lists.list_of_values,
    slips.several_values,
    words.between,
    words.row_of_values,
    words.signs,
    words.predicate_behind_is,
    words.clause,
    operators.distinct_from,
    operators.escape,
    operators.equality,
    operators.sign,
    operators.regex,
    operators.null_word,
    operators.left_out,
    calls.worded_call,
    english.in_words,
    english.time_ago,
    words.comparison,
    operators.arithmetic_word,
    lists.in_array,
    operators.between,
    queries.comma_join,
    calls.double_colon,
    calls.interval,
    queries.clauses,
    slips.joining_word,
    slips.colon,
    queries.variable,
    queries.of_v1,
    queries.of_select,
    slips.names_apart,
    names.bracketed_name,
)
"""In this order: the first that has something to say is heard."""


def foreign(it: Around) -> Finding | None:
    """Return what is wrong at a token that does not fit, where people know it from elsewhere."""
    return next(filter(None, (rule(it) for rule in _RULES)), None)
