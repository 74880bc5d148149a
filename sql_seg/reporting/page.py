"""A report as one page of HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

from sql_seg.reporting.contents import Contents
from sql_seg.reporting.highlighting import pieces_of


def require_jinja() -> None:
    """Raise ModuleNotFoundError where Jinja2 is not installed, before the work is done."""
    import jinja2  # noqa: F401


def as_html(contents: Contents, changes: Sequence[str] = ()) -> str:
    """Return a report as a page; ``changes`` is what differs from an older one. Needs Jinja2."""
    import jinja2

    text = resources.files("sql_seg.reporting").joinpath("page.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    parts = [
        (number, part, pieces_of(part.query, part.dialect, part.findings))
        for number, part in enumerate(contents.segments, 1)
    ]
    return environment.from_string(text).render(contents=contents, parts=parts, changes=changes)
