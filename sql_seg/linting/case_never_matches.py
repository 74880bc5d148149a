"""``case-never-matches``: LOWER or UPPER of a column, compared with a text in the other case."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.case_mapping import lower, upper
from sql_seg.linting.comparisons import Way, comparisons, finding_of_texts
from sql_seg.linting.places import shortened
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_WORDS: dict[str, tuple[Callable[[str], str], str, str]] = {
    "LOWER": (lower, "lower", "capitals"),
    "UPPER": (upper, "upper", "small letters"),
}


def _check(context: Context) -> Iterator[Finding]:
    for comparison in context.once(comparisons):
        if comparison.function not in _WORDS:
            continue
        change, case, others = _WORDS[comparison.function]
        wrong = [text for text in comparison.texts if change(text.value) != text.value]
        if wrong:
            verb = "matches" if comparison.way is Way.LIKE else "equals"
            yield finding_of_texts(
                RULE,
                context,
                wrong,
                f"{comparison.function}(…) has no {others}: it never {verb} this text",
                help=f"write '{shortened(change(wrong[0].value))}'",
                rewrite=(f"Write it in {case} case", change),
            )


RULE = Rule(
    code="case-never-matches",
    severity=Severity.WARNING,
    summary="LOWER(…) compared with capitals, or UPPER(…) with small letters",
    why="LOWER and UPPER are the way to compare without regard to case, which takes both sides: the text "
    "beside LOWER must be in lower case itself, or no contact can match.",
    example="LOWER(city) = 'Denver'",
    instead="LOWER(city) = 'denver'",
    check=_check,
    about=(nodes.Call,),
)
