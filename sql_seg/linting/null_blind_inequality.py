"""``null-blind-inequality``: a condition that says "not this", and leaves out who has nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Edit, Finding, Fix, Safety, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import DataType
from sql_seg.language.functions import Kind, is_of
from sql_seg.language.operators import Comparator
from sql_seg.linting.places import edit_of_words, shortened, stands_in_parentheses
from sql_seg.linting.pushed_down import Pushed, PushedAtom, PushedChain, conditions
from sql_seg.linting.rule import Context, Rule, labels_at
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import walk

_Key = tuple[int, str]
_Columns = dict[_Key, str]
"""Columns that may be NULL, each as the query writes it, by row and name."""


def _check(context: Context) -> Iterator[Finding]:
    for condition in context.once(conditions):
        if _may_be_blind(condition):
            yield from _Search(context).find(condition)


class _Search:
    """Looks through one condition; ``settled`` are the columns whose NULLs something around speaks of."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.settled: Counter[_Key] = Counter()

    def find(self, condition: Pushed) -> Iterator[Finding]:
        if isinstance(condition, PushedAtom):
            if self.context.is_partial and self.is_broken(condition):
                return
            columns = self.blind_columns(condition)
            if columns:
                yield self.finding([condition], columns, is_and=False)
            return
        if self.context.is_partial and any(self.is_broken(part) for part in condition.parts):
            return  # what an error stands in may settle it
        spoken_of = [key for part in condition.parts for key in self.spoken_of(part, condition.is_and)]
        self.settled.update(spoken_of)
        groups: dict[tuple[_Key, ...], tuple[list[PushedAtom], _Columns]] = {}
        for part in condition.parts:
            if isinstance(part, PushedChain):
                if _may_be_blind(part):
                    yield from self.find(part)
                continue
            columns = self.blind_columns(part)
            if columns:
                groups.setdefault(tuple(columns), ([], columns))[0].append(part)
        for atoms, columns in groups.values():
            yield self.finding(atoms, columns, is_and=condition.is_and)
        self.settled.subtract(spoken_of)

    def is_broken(self, part: Pushed) -> bool:
        """Return whether an error stands in a condition."""
        if isinstance(part, PushedChain):
            return any(map(self.is_broken, part.parts))
        return self.context.term_of(part.node) is None

    def blind_columns(self, atom: PushedAtom) -> _Columns:
        """Return the columns that, where they are NULL, keep a negative condition from being TRUE."""
        if not _is_negative(atom) or _asks_for_any_value(atom):
            return {}
        columns = self.nullable_columns(*_operands(atom.node))
        return {key: name for key, name in columns.items() if not self.settled[key]}

    def spoken_of(self, part: Pushed, is_and: bool) -> list[_Key]:
        """Return the columns whose NULLs a part of a chain decides on.

        In an OR that is IS NULL, perhaps with more beside it. In an AND it is any condition that wants a
        value, or the choice between such conditions.
        """
        decides = _wants_value if is_and else _is_null_test
        if isinstance(part, PushedAtom):
            return list(self.nullable_columns(*_operands(part.node))) if decides(part) else []
        spoken_of = [
            [] if isinstance(inner, PushedChain) else self.spoken_of(inner, is_and) for inner in part.parts
        ]
        if is_and:
            return list(set(spoken_of[0]).intersection(*spoken_of[1:]))
        return [key for keys in spoken_of for key in keys]

    def nullable_columns(self, *operands: nodes.Expression) -> _Columns:
        columns: _Columns = {}
        for operand in operands:
            for node in self.columns_of(operand):
                term = self.context.term_of(node)
                column = self.context.contact_column(term)
                if column is not None and column.nullable:
                    assert isinstance(term, ColumnValue)
                    columns.setdefault((term.row, term.name), self.context.slice(node))
        return columns

    def columns_of(self, operand: nodes.Expression) -> Iterable[nodes.Column]:
        """Return the columns without which an operand has no value."""
        if isinstance(operand, nodes.Column):
            is_condition = self.context.type_of(operand) is DataType.BOOLEAN
            return () if is_condition else (operand,)
        if (
            isinstance(operand, (nodes.String, nodes.Number))
            or self.context.type_of(operand) is DataType.BOOLEAN
        ):
            return ()
        inner = list(walk(operand))
        if any(isinstance(node, nodes.Call) and is_of(node.name, Kind.AGGREGATE) for node in inner):
            return ()  # of many rows: that one of them has no value says nothing
        return [node for node in inner if isinstance(node, nodes.Column)]

    def finding(self, atoms: list[PushedAtom], columns: _Columns, *, is_and: bool) -> Finding:
        first = atoms[0].whole
        names = list(columns.values())
        edited = atoms if is_and else atoms[:1]
        edits = [edit for atom in edited for edit in self.edits(atom, names)]
        those = " or ".join(name for _, name in columns)
        missing = " OR ".join(f"{name} IS NULL" for name in names)
        kept = " AND ".join(f"{name} IS NOT NULL" for name in names)
        said = shortened(self.context.slice(first))
        if atoms[0].inverted:
            said = f"NOT {said if stands_in_parentheses(self.context, first) else f'({said})'}"
        only_email = {name for _, name in columns} == {"email"}
        return RULE.finding(
            first.span,
            f"contacts whose {those} is NULL are left out",
            help=f"to keep them, write ({said} OR {missing}); if leaving them out is meant, add AND {kept}",
            labels=labels_at((atom.whole.span for atom in atoms[1:]), "here too"),
            fix=Fix(f"Keep contacts whose {those} is NULL", tuple(edits), Safety.UNSAFE),
            severity=Severity.INFO if only_email else None,
        )

    def edits(self, atom: PushedAtom, names: list[str]) -> Iterator[Edit]:
        """Yield the edits that let a condition be TRUE of NULLs, which under a NOT is to be FALSE of them."""
        test, word = ("IS NOT NULL", "AND") if atom.inverted else ("IS NULL", "OR")
        addition = "".join(f" {word} {name} {test}" for name in names)
        start, end = atom.whole.span
        if stands_in_parentheses(self.context, atom.whole):
            end = start + len(self.context.text[start : end - 1].rstrip(" "))
            yield edit_of_words(self.context, Span(end, end), addition)
        elif atom.inside is None or isinstance(atom.inside, nodes.Or):
            yield edit_of_words(self.context, Span(end, end), addition)
        else:
            yield Edit(Span(start, start), "(")
            yield Edit(Span(end, end), f"{addition})")


def _may_be_blind(condition: Pushed) -> bool:
    """Return whether a negative condition stands anywhere in a condition."""
    if isinstance(condition, PushedChain):
        return any(_may_be_blind(part) for part in condition.parts)
    return _is_negative(condition) and not _asks_for_any_value(condition)


def _operands(node: nodes.Expression) -> tuple[nodes.Expression, ...]:
    """Return what a condition speaks of, if it is NULL where one of them is."""
    match node:
        case nodes.Comparison(left=left, right=right):
            return (left, right)
        case nodes.Like(operand=operand) | nodes.In(operand=operand) | nodes.InSubquery(operand=operand):
            return (operand,)
        case nodes.Between(operand=operand, low=low, high=high):
            return (operand, low, high)
        case nodes.IsNull(operand=operand):
            return (operand,)
        case _:
            return ()


def _is_negative(atom: PushedAtom) -> bool:
    match atom.node:
        case nodes.Comparison(left=left, right=right, operator=operator):
            if isinstance(left, nodes.Null) or isinstance(right, nodes.Null):
                return False
            return atom.negated if operator is not Comparator.NE else not atom.negated
        case nodes.In(values=values, negated=negated):
            return negated != atom.negated and not any(isinstance(value, nodes.Null) for value in values)
        case nodes.Like(negated=negated) | nodes.InSubquery(negated=negated):
            return negated != atom.negated
        case nodes.Between(low=low, high=high, negated=negated):
            no_null = not isinstance(low, nodes.Null) and not isinstance(high, nodes.Null)
            return negated != atom.negated and no_null
        case _:
            return False


def _wants_value(atom: PushedAtom) -> bool:
    """Return whether a condition says that NULLs are not wanted."""
    if isinstance(atom.node, nodes.IsNull):
        return atom.node.negated != atom.negated
    return not _is_negative(atom) or _asks_for_any_value(atom)


def _is_null_test(atom: PushedAtom) -> bool:
    return isinstance(atom.node, nodes.IsNull) and atom.node.negated == atom.negated


def _asks_for_any_value(atom: PushedAtom) -> bool:
    """Return whether a condition is ``x != ''`` or ``x != 0``: has any, and NULL is none."""
    if not isinstance(atom.node, nodes.Comparison) or not _is_negative(atom):
        return False
    return any(_is_none(side) for side in (atom.node.left, atom.node.right))


def _is_none(node: nodes.Expression) -> bool:
    return isinstance(node, (nodes.String, nodes.Number)) and node.value in ("", 0)


RULE = Rule(
    code="null-blind-inequality",
    severity=Severity.WARNING,
    summary="a condition that says what a column is not, and leaves out contacts without a value",
    why="A contact is a member only where the query is TRUE. NULL != 'Dave' is NULL, and so is its opposite: "
    "!=, NOT IN, NOT LIKE, NOT BETWEEN and a NOT around a comparison all leave out the contacts without a "
    "value. Say what is to become of them: OR … IS NULL keeps them, AND … IS NOT NULL leaves them out and "
    "says so. x != '' and x != 0 ask for contacts that have some x and are left alone. Of email alone it is "
    "an info: who has no address gets no email.",
    example="first_name != 'Dave'",
    instead="first_name != 'Dave' OR first_name IS NULL",
    check=_check,
    about=(nodes.Comparison, nodes.Like, nodes.In, nodes.InSubquery, nodes.Between),
)
