"""What could stand in a place, in words: never the names of terminals."""

from __future__ import annotations

from sql_seg.language.literals import RESERVED
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.tables import END

_VALUE = frozenset({"STRING", "NUMBER"})
_CONDITION = _VALUE | {"NOT"}

_PHRASES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"SELECT"}), "SELECT"),
    (frozenset({"COMPARATOR"}), "a comparison (=, <, LIKE, IN, BETWEEN, IS, …)"),
    (frozenset({"JOIN"}), "JOIN"),
    (frozenset({"WHERE"}), "WHERE"),
    (frozenset({"GROUP"}), "GROUP BY"),
    (frozenset({"HAVING"}), "HAVING"),
    (frozenset({"FROM"}), "FROM"),
    (frozenset({"ON", "USING"}), "ON or USING"),
    (frozenset({"BY"}), "BY"),
    (frozenset({"AND"}), "AND"),
    (frozenset({"OR"}), "OR"),
    (frozenset({"COMMA"}), "a comma"),
    (frozenset({"LPAR"}), "an opening parenthesis"),
    (frozenset({"RPAR"}), "a closing parenthesis"),
    (frozenset({"RSQB"}), "a closing bracket"),
    (frozenset({END}), "the end of the query"),
)
_WORDS = ("NULL", "LIKE", "IN", "BETWEEN")


def any_word_fits(accepted: set[str]) -> bool:
    """Return whether any word is a name here: behind a dot, or in a path."""
    return accepted >= {"NAME", "WHEN"}


def expected(it: Around) -> str:
    """Return what could stand in place of a token; arithmetic is left out where anything else could."""
    accepted, before = it.accepted, it.previous.type
    if any_word_fits(accepted):
        return "a key" if "LSQB" in accepted else "a name"
    parts = []
    if accepted >= _CONDITION and before not in ("SELECT", "COMMA"):
        parts.append("a condition")
    elif accepted >= _VALUE:
        parts += ["a column", "a value"]
    elif accepted <= {"NAME", "QUOTED_NAME"}:
        parts.append("a table" if before in ("FROM", "JOIN") else "a name")
    elif accepted <= _VALUE:
        parts.append("a number" if "NUMBER" in accepted else "a text in quotes")
    holds_value = accepted >= _VALUE
    for types, phrase in _PHRASES:
        if types <= accepted and not (
            phrase.startswith("an opening") and (parts or "COMPARATOR" in accepted)
        ):
            parts.append(phrase)
    if not holds_value and "COMPARATOR" not in accepted:
        parts += [word for word in _WORDS if word in accepted]
    if not holds_value and "TRUE" in accepted:
        parts += ["TRUE", "FALSE"]
    if not parts:
        parts = sorted(accepted & RESERVED[it.dialect]) or ["something else"]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
