"""Small pieces of HTML, as notebooks show them: escaped, without scripts, in the notebook's own colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_CODE = "white-space:pre-wrap;text-align:left;margin:.3em 0"
_LEFT = "text-align:left;vertical-align:top"


def escaped(text: object) -> str:
    """Return a text as HTML shows it."""
    from html import escape

    return escape(str(text))


def paragraph(text: object, *, strong: bool = False) -> str:
    """Return a line of text."""
    inner = escaped(text)
    return f"<p><strong>{inner}</strong></p>" if strong else f"<p>{inner}</p>"


def code(text: str) -> str:
    """Return the text of a query, with its line breaks."""
    return f'<pre style="{_CODE}"><code>{escaped(text)}</code></pre>'


def bullets(items: Iterable[object]) -> str:
    """Return a list; of nothing, nothing."""
    rows = "".join(f"<li>{escaped(item)}</li>" for item in items)
    return f"<ul>{rows}</ul>" if rows else ""


def table(header: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; a cell that is None is NULL."""
    head = "".join(f'<th scope="col" style="{_LEFT}">{escaped(cell)}</th>' for cell in header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def block(*parts: str) -> str:
    """Return parts below each other."""
    return f"<div>{''.join(parts)}</div>"


def _cell(value: object) -> str:
    if value is None:
        return f'<td style="{_LEFT}"><em>NULL</em></td>'
    shown = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value
    return f'<td style="{_LEFT}">{escaped(shown)}</td>'
