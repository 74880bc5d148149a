"""How a funnel looks: a table with a line for each condition, groups as a tree."""

from __future__ import annotations

from collections.abc import Sequence

from sql_seg.cli.output import painter
from sql_seg.cli.tables import TableColumn, lines_of
from sql_seg.diagnostics.formats import visible
from sql_seg.language.literals import write_second
from sql_seg.segments.funnel import Funnel
from sql_seg.wording import counted


def as_table(funnel: Funnel) -> str:
    """Return the count, a line for each condition, what empties the segment, and hints."""
    share = f" ({funnel.count / funnel.total:.1%})" if funnel.total else ""
    moment = write_second(funnel.now)
    paint = painter()
    headline = f"{funnel.count:,} of {counted(funnel.total, 'contact')}{share} at {moment}"
    lines = [paint(headline, "strong"), ""]
    steps = [each for step in funnel.steps for each in step.with_depths()]
    if steps:
        names = [f"{'  ' * depth}{visible(step.label)}" for step, depth in steps]
        lines += lines_of(
            [
                TableColumn("condition", names, wraps=True),
                _numbers("pass it", [step.alone for step, _ in steps], zero="red"),
                _numbers("remain", [step.after for step, _ in steps], zero="red"),
                _numbers("decides", [step.only for step, _ in steps]),
                _numbers("NULL", [step.null for step, _ in steps], other="yellow"),
            ]
        )
    if len(funnel.emptied_by) > 1:
        lines += ["", "no contact meets all of these, though some meet all but any one of them:"]
        lines += [f"  - {visible(text)}" for text in funnel.emptied_by]
    elif funnel.emptied_by:
        lines += ["", f"no contact meets {visible(funnel.emptied_by[0])}"]
    lines += [""] * bool(funnel.hints) + [
        f"{paint('hint:', 'hint')} {visible(hint)}" for hint in funnel.hints
    ]
    return "\n".join(lines)


def _numbers(name: str, values: Sequence[int], *, zero: str = "", other: str = "") -> TableColumn:
    """Return a column of numbers; colours say where there is none, or where there are some."""
    cells = [f"{value:,}" for value in values]
    styles = [other if value else zero for value in values]
    return TableColumn(name, cells, is_numeric=True, can_give_way=False, styles=styles)
