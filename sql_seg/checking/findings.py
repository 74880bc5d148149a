"""What the checker has found so far, and what it had to assume."""

from __future__ import annotations

from sql_seg.core.terms import Constant, Term
from sql_seg.diagnostics import Finding, Fix, Safety, Severity, replacement
from sql_seg.diagnostics.source import Span, inside_parentheses
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.syntax import nodes
from sql_seg.syntax.promised import safety_of_writing

ERROR = Constant(None, type=DataType.ERROR)
"""The term of what was reported: nothing more is said of it."""


class Assumptions:
    """The types that unknown columns take from their use: columns used in the same way have one type.

    The first use decides; the checker's second pass reports the others.
    """

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._types: dict[str, DataType] = {}
        self.settled = False

    def type_of(self, name: str) -> DataType:
        """Return what is known of a column; once settled, VARCHAR where nothing is."""
        known = self._types.get(self._root(name))
        return known or (DataType.VARCHAR if self.settled else DataType.UNKNOWN)

    def learn(self, name: str, data_type: DataType) -> None:
        """Take a use of a column beside a value of a known type."""
        self._types.setdefault(self._root(name), data_type)

    def equate(self, name: str, other: str) -> None:
        """Take a use of two columns beside each other."""
        root, other_root = self._root(name), self._root(other)
        if root != other_root:
            self._parent[root] = other_root
            known = self._types.pop(root, None)
            if known is not None:
                self._types.setdefault(other_root, known)

    def known_types(self) -> dict[str, DataType]:
        """Return the types that follow from use, by column; without those nothing is known of."""
        types = {name: self._types.get(self._root(name)) for name in self._parent}
        return {name: known for name, known in types.items() if known is not None}

    def _root(self, name: str) -> str:
        parent = self._parent.setdefault(name, name)
        while parent != name:
            grandparent = self._parent[parent]
            self._parent[name] = grandparent
            name, parent = parent, grandparent
        return name


class Findings:
    """Collects findings about one text, each name's warning once; terms and rows are by their nodes' ids."""

    def __init__(self, text: str, dialect: Dialect, assumptions: Assumptions) -> None:
        self.items: list[Finding] = []
        self.terms: dict[int, Term] = {}
        self.table_rows: dict[int, int] = {}
        self.sound_parts: list[Term] = []
        self.dialect = dialect
        self.assumptions = assumptions
        self.text = text
        self._assumed: set[str] = set()

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        help: str = "",
        sendgrid: str = "",
        fix: Fix | None = None,
        table: str = "",
    ) -> Constant:
        """Report an error and return the term that stands for what it was found in."""
        self.items.append(Finding(code, span, message, help, sendgrid, fix=fix, table=table))
        return ERROR

    def assume(self, node: nodes.Column) -> None:
        """Note that a lenient schema takes a name as a custom field."""
        name = node.name.lower()
        self.assumptions.type_of(name)
        if name not in self._assumed:
            self._assumed.add(name)
            self.items.append(
                Finding(
                    "assumed-column",
                    node.span,
                    f"{node.name} is no reserved column; it is taken as a custom field",
                    help="give the account's field definitions to be sure",
                    severity=Severity.WARNING,
                )
            )

    def slice(self, node: nodes.Node) -> str:
        """Return the text of a node."""
        return self.text[node.span.start : node.span.end]

    def rewriting(self, node: nodes.Node, text: str, safety: Safety = Safety.SAFE) -> Fix:
        """Return the fix that writes a text in place of a name, a literal or a call."""
        return self.rewriting_at(inside_parentheses(self.text, node.span), text, safety)

    def rewriting_at(self, place: Span, text: str, safety: Safety = Safety.SAFE) -> Fix:
        """Return the fix that writes a text at a place: not safe where it writes what is not promised."""
        replaced = self.text[place.start : place.end]
        safe = safety_of_writing(text, replaced, self.dialect, safety)
        return replacement(place, text, f"Write {text}", safe)

    def is_quoted_text(self, node: nodes.Column) -> bool:
        """Return whether a name stands in double quotes and was perhaps meant as a text."""
        return (
            self.dialect is Dialect.V2
            and node.table is None
            and self.slice(node).lstrip("( ").startswith('"')
        )
