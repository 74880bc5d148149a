"""How a funnel looks: a table with a line for each condition, groups as a tree."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.cli.output import counted
from sql_seg.cli.tables import Column, lines_of
from sql_seg.diagnostics.report import visible
from sql_seg.language.literals import write_timestamp
from sql_seg.segments.funnel import Funnel, Step


def as_table(funnel: Funnel) -> str:
    """Return the count, a line for each condition, what empties the segment, and hints."""
    share = f" ({funnel.count / funnel.total:.1%})" if funnel.total else ""
    moment = write_timestamp(funnel.now.replace(microsecond=0))
    lines = [f"{funnel.count:,} of {counted(funnel.total, 'contact')}{share} at {moment}", ""]
    rows = [row for step in funnel.steps for row in _rows(step, 0)]
    if rows:
        names, alone, after, only, null = zip(*rows, strict=True)
        lines += lines_of(
            [
                Column("condition", names, wraps=True),
                Column("pass it", alone, is_numeric=True, can_give_way=False),
                Column("remain", after, is_numeric=True, can_give_way=False),
                Column("it alone decides", only, is_numeric=True, can_give_way=False),
                Column("NULL", null, is_numeric=True, can_give_way=False),
            ]
        )
    if len(funnel.emptied_by) > 1:
        lines += ["", "no contact meets all of these, though some meet all but any one of them:"]
        lines += [f"  - {visible(text)}" for text in funnel.emptied_by]
    elif funnel.emptied_by:
        lines += ["", f"no contact meets {visible(funnel.emptied_by[0])}"]
    lines += [""] * bool(funnel.hints) + [f"hint: {visible(hint)}" for hint in funnel.hints]
    return "\n".join(lines)


def _rows(step: Step, depth: int) -> Iterator[tuple[str, str, str, str, str]]:
    yield (
        "  " * depth + visible(step.label),
        f"{step.alone:,}",
        f"{step.after:,}",
        f"{step.only:,}",
        f"{step.null:,}",
    )
    for child in step.children:
        yield from _rows(child, depth + 1)
