"""What the emulator says of a query that is wrong: SendGrid's words where they are known, and ours."""

from __future__ import annotations

from sql_seg.diagnostics.query_errors import QueryError


def first_error(error: QueryError) -> tuple[str, str]:
    """Return the message of the first error as SendGrid would say it, and all of them explained."""
    first = next(diagnostic for diagnostic in error.diagnostics if diagnostic.is_error)
    message = first.sendgrid or first.message
    return f"line {first.line}, column {first.column}: {message}", str(error)
