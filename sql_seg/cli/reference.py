"""The documentation of rules: as text, as Markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from sql_seg.diagnostics import Diagnostic, Safety, formats
from sql_seg.diagnostics.formats import QueryReport, paragraph
from sql_seg.errors import SegmentFileError
from sql_seg.frozen import replace
from sql_seg.language.schema import SENDGRID
from sql_seg.linting import RULES, Rule, diagnose
from sql_seg.linting.about_files import ABOUT_FILES, UNREADABLE_FILE
from sql_seg.linting.about_limits import LIMITS
from sql_seg.linting.check_errors import CHECK_ERRORS
from sql_seg.linting.refused_sql import REFUSED_SQL
from sql_seg.linting.syntax_errors import SYNTAX_ERRORS
from sql_seg.sources import check_limits, queries_in
from sql_seg.workspace.judging import unreadable
from sql_seg.workspace.noqa import without_hidden
from sql_seg.workspace.selection import INVALIDATING, UNPROMISED

_WIDTH = 100


class RuleGroup(NamedTuple):
    """Rules that belong together."""

    title: str
    about: str
    rules: tuple[Rule, ...]


_ABOUT = {
    "Syntax": "The text is no query. A syntax error stands alone: nothing else is checked until it is fixed.",
    "SQL that segments do not take": "Well-formed SQL that SendGrid refuses.",
    "Names, types and shapes": "The query parses, but SendGrid would refuse it. All are reported in one run.",
    "NULL traps": "Valid, and contacts are left out because a value is NULL.",
    "Never and always": "Valid, and a condition decides nothing: no contact can meet it, or every one does.",
    "Practice": "Valid, and probably not what was meant, or not what SendGrid promises to take.",
    "Limits": "About segments beside their queries, and about all that are checked in one go.",
    "Files": "About files that cannot be read, and about comments that hide findings.",
}
"""All groups, in their order."""


DECIDED = frozenset(
    """
    never-matches always-matches never-null duplicate-condition subsumed-condition case-never-matches
    long-literal impossible-event
    """.split()
)
"""The rules about conditions that decide nothing."""


def groups() -> list[RuleGroup]:
    """Return all rules in groups, in the order of the reference."""
    rules: dict[str, list[Rule]] = {title: [] for title in _ABOUT}
    for entry in RULES:
        rules[_title_of(entry)].append(entry)
    return [RuleGroup(title, about, tuple(rules[title])) for title, about in _ABOUT.items() if rules[title]]


def _title_of(entry: Rule) -> str:
    for title, errors in (
        ("Syntax", SYNTAX_ERRORS),
        ("SQL that segments do not take", REFUSED_SQL),
        ("Names, types and shapes", CHECK_ERRORS),
        ("Limits", LIMITS),
        ("Files", ABOUT_FILES),
    ):
        if entry in errors:
            return title
    if entry.code.startswith("null-"):
        return "NULL traps"
    return "Never and always" if entry.code in DECIDED else "Practice"


class ShownExample(NamedTuple):
    """What a rule says of its example, as people see it, and how safe the fix is that it brings, if any."""

    output: str
    fix: Safety | None


@cache
def shown(entry: Rule) -> ShownExample:
    """Return what a rule says of its own example; nothing where the example is only described."""
    reports = [replace(one, diagnostics=_of(entry, one.diagnostics)) for one in _reports(entry)]
    found = [diagnostic for one in reports for diagnostic in one.diagnostics]
    safety = next((diagnostic.fix.safety for diagnostic in found if diagnostic.fix is not None), None)
    return ShownExample(formats.render("full", reports), safety)


def _of(entry: Rule, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [diagnostic for diagnostic in diagnostics if diagnostic.code == entry.code]


def _reports(entry: Rule) -> Iterator[QueryReport]:
    """Yield all that is said of a rule's example."""
    schema = SENDGRID.as_lenient() if entry.lenient else SENDGRID
    is_file = entry in LIMITS or entry is UNREADABLE_FILE
    try:
        queries = queries_in(entry.example, "segments.json" if is_file else "<query>", entry.dialect)
    except SegmentFileError as error:
        if entry is UNREADABLE_FILE:  # the others are described, not shown
            yield unreadable(error, entry.example)
        return
    for query, about_segment in zip(queries, check_limits(queries), strict=True):
        diagnostics = diagnose(query.text, schema, query.dialect, infos=True)
        yield query.report(without_hidden(query.text, query.dialect, diagnostics), about_segment)


def as_form(entry: Rule) -> dict[str, Any]:
    """Return a rule as a JSON object."""
    output, fix = shown(entry)
    return {
        "code": entry.code,
        "severity": entry.severity.value,
        "summary": entry.summary,
        "why": entry.why,
        "example": entry.example,
        "output": output,
        "instead": entry.instead,
        "fix": None if fix is None else fix.value,
        "can_be_ignored": entry.code not in INVALIDATING,
    }


def as_text(entry: Rule) -> str:
    """Return a rule for a terminal."""
    output, _ = shown(entry)
    said = ["What sql-seg says of it:", "", _indented(output), ""] if output else []
    lines = [
        f"{entry.code} ({entry.severity})",
        "",
        _sentence(entry.summary),
        "",
        *paragraph(entry.why, _WIDTH, keeps_code=True),
        "",
        "Example:",
        "",
        _indented(entry.example or "(an empty text)"),
        "",
        *said,
        "Instead:",
        "",
        _indented(entry.instead),
        "",
        *paragraph(_about(entry), _WIDTH, keeps_code=True),
    ]
    return "\n".join(lines)


def as_markdown(entry: Rule, level: int = 1) -> str:
    """Return a rule as a chapter of Markdown."""
    output, _ = shown(entry)
    said = ["", "```text", output, "```"] if output else []
    fence = "```json" if entry in LIMITS and output else "```sql"
    lines = [
        f"{'#' * level} {entry.code}",
        "",
        f"*{entry.severity.value.capitalize()}.* {_sentence(entry.summary)}",
        "",
        entry.why,
        "",
        fence,
        entry.example,
        "```",
        *said,
        "",
        "Instead:",
        "",
        fence,
        entry.instead,
        "```",
        "",
        _about(entry),
    ]
    return "\n".join(lines)


def as_document(rules: Sequence[RuleGroup]) -> str:
    """Return the reference of all rules as one Markdown document."""
    pieces = [_PREFACE, *map(_table, rules)]
    for group in rules:
        pieces += [f"## {group.title}", *(as_markdown(entry, 3) for entry in group.rules)]
    return "\n\n".join(pieces)


_PREFACE = f"""\
# The rules

What `sql-seg check` can say of a query, by code. This page is what
`sql-seg rule --all --output-format markdown` prints; `sql-seg rule CODE` prints one entry.

An *error* means that SendGrid will not take the query. Only those about limits can be ignored. A *warning*
is about a query that is valid and probably wrong. An *info* is shown only when it is asked for. Warnings,
infos and limits are chosen with `--select` and `--ignore`; with `--strict`, what SendGrid's reference does
not promise ({", ".join(f"`{code}`" for code in sorted(UNPROMISED))}) is an error.

The column *fix* is about the rule's example: a *safe* fix keeps the segment's members, and `--fix` applies
it; an *unsafe* one may change who is in the segment, and needs `--unsafe-fixes` as well."""


def _table(group: RuleGroup) -> str:
    rows = [
        f"| [{entry.code}](#{entry.code}) | {entry.summary} | {entry.severity} | {shown(entry).fix or ''} |"
        for entry in group.rules
    ]
    head = ["| rule | what it finds | severity | fix |", "|---|---|---|---|"]
    return "\n".join([f"**{group.title}.** {group.about}", "", *head, *rows])


def _about(entry: Rule) -> str:
    """Return what fixes the example, and whether the rule can be ignored."""
    match shown(entry).fix:
        case Safety.SAFE:
            fix = "`--fix` fixes the example. "
        case Safety.UNSAFE:
            fix = "`--fix --unsafe-fixes` fixes the example, and may change who is in the segment. "
        case _:
            fix = ""
    if entry.code in INVALIDATING:
        return f"{fix}The error makes a query invalid, and cannot be ignored."
    strict = "; with `--strict` it is an error" if entry.code in UNPROMISED else ""
    return f"{fix}`--ignore {entry.code}` leaves it out{strict}."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))
