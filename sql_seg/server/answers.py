"""What the API answers: a status, a body, headers; and its four shapes of errors.

The shapes are (a) ``{"errors": [{"message", "field"}]}``, the common one; (b) ``{"error": "…"}``; (c)
``{"message", "parameter"}`` without a wrapper; (d) no body. Each endpoint has its own, and clients read all.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.frozen import field, frozen, replace

HINT = "X-Sql-Seg-Hint"
"""The header in which the emulator says what SendGrid does not: how to fix a request."""

SUBUSER = "On-Behalf-Of"
"""The header with the name of the subuser that a call is made for (documented)."""

SUBUSER_HINT = "the emulator has one account: calls with and without On-Behalf-Of are answered from it"
"""What the emulator makes of that header: our choice. Programs run, and a hint says it."""


class Standing(StrEnum):
    """How sure it is that SendGrid answers so."""

    DOCUMENTED = "documented"
    RECORDED = "recorded"
    OURS = "our choice"


@frozen
class Answer:
    """A status with a JSON body (None is no body), or with bytes, and headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    media_type: str = "application/json"


class ApiError(Exception):
    """A request that is answered with an error; ``answer`` is what is sent."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body)
        self.answer = answer


def refused(
    status: int, message: str, field: str | None = None, *, hint: str | None = None, help: str | None = None
) -> ApiError:
    """Return an error of shape (a); ``hint`` goes into a header, ``help`` into the body."""
    entry: dict[str, Any] = {"field": field, "message": message}
    if help is not None:
        entry["help"] = help
    return ApiError(Answer(status, {"errors": [entry]}, hinted(hint)))


def failed(status: int, message: str) -> ApiError:
    """Return an error of shape (b)."""
    return ApiError(Answer(status, {"error": message}))


def unwrapped(status: int, message: str, parameter: str, *, hint: str | None = None) -> ApiError:
    """Return an error of shape (c)."""
    return ApiError(Answer(status, {"message": message, "parameter": parameter}, hinted(hint)))


def empty(status: int, *, hint: str | None = None) -> ApiError:
    """Return an error of shape (d)."""
    return ApiError(Answer(status, None, hinted(hint)))


def first_error(error: QueryError) -> tuple[str, str]:
    """Return the message of a query's first error as SendGrid would say it, and all of them explained."""
    first = next(diagnostic for diagnostic in error.diagnostics if diagnostic.is_error)
    message = first.sendgrid or first.message
    return f"line {first.line}, column {first.column}: {message}", str(error)


def told_of_subuser(answer: Answer) -> Answer:
    """Return an answer with the hint that it is not a subuser's own, behind the hint that it has."""
    hints = [answer.headers[HINT]] if HINT in answer.headers else []
    return replace(answer, headers={**answer.headers, HINT: "; ".join([*hints, SUBUSER_HINT])})


def hinted(hint: str | None) -> dict[str, str]:
    """Return the header that says how to fix a request, if there is something to say."""
    return (
        {} if hint is None else {HINT: hint.encode("ascii", "backslashreplace").decode().replace("\n", " ")}
    )


def encoded(answer: Answer) -> Answer:
    """Return an answer with the bytes of its body."""
    if answer.content is not None or answer.body is None:
        return answer
    return replace(answer, content=json.dumps(answer.body, ensure_ascii=True).encode())
