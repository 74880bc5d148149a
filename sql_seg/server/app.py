"""The emulator as an ASGI application: requests read within bounds, and answers as HTTP has them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from sql_seg.server.answers import Answer, ApiError, encoded, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.clock import Clock
from sql_seg.server.emulated_account import EmulatedAccount, Options
from sql_seg.server.emulator import Emulator
from sql_seg.server.loading import Loaded
from sql_seg.server.store import Store

MOST_BYTES = 32 * 2**20
"""A larger body is refused before it is read to its end."""

BODY_TIMEOUT = 30.0
"""Seconds that a client may leave between two pieces of a body."""

WHOLE_BODY_TIMEOUT = 120.0
"""Seconds that a body may take in all."""

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


def create_app(
    *,
    db: Path | str | None = None,
    now: datetime | None = None,
    options: Options | None = None,
    loaded: Loaded | None = None,
    **settings: Any,
) -> Starlette:
    """Return the emulator as an ASGI application; ``app.state.emulator`` is the Emulator.

    ``db`` is the file of its store (None: in memory), ``now`` the moment that its clock stands at (None:
    it follows the wall's). ``settings`` are the fields of Options, such as ``timing="instant"``; ``loaded``
    is what it starts with.

    Raises StoreError for a file that is no store, TypeError for unknown settings.
    """
    if options is None:
        options = Options(**settings)
    elif settings:
        raise TypeError("give either options or single settings, not both")
    emulator = Emulator(EmulatedAccount(Store(db), Clock(now, follows=now is None), options), loaded)

    async def respond(request: Request) -> Response:
        return await _respond(emulator, request)

    app = Starlette(routes=[Route("/{path:path}", respond, methods=_METHODS)])
    app.state.emulator = emulator
    return app


async def _respond(emulator: Emulator, request: Request) -> Response:
    path, method = request.url.path, request.method
    if path == "/" and method in ("GET", "HEAD"):
        return Response(PAGE, media_type="text/html; charset=utf-8", headers=_PAGE_HEADERS)
    try:
        async with asyncio.timeout(WHOLE_BODY_TIMEOUT):
            content = await _body(request)
    except ApiError as error:
        return _last(error.answer)
    except (TimeoutError, ClientDisconnect):
        return _last(Answer(408, {"errors": [{"field": None, "message": "request timeout"}]}))
    call = ApiCall(method, path, {}, request.query_params.multi_items(), content, str(request.base_url))
    fault = emulator.fault(method, path)
    if fault is not None and fault.delay:
        await asyncio.sleep(fault.delay)
    answer = emulator.answer(call, dict(request.headers), fault)
    return _Dropped() if answer is None else response_of(answer)


_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
}


async def _body(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise refused(413, f"request body is larger than {MOST_BYTES} bytes", None)
    pieces: list[bytes] = []
    size = 0
    stream = request.stream().__aiter__()
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), BODY_TIMEOUT)
        except StopAsyncIteration:
            return b"".join(pieces)
        size += len(piece)
        if size > MOST_BYTES:
            raise refused(413, f"request body is larger than {MOST_BYTES} bytes", None)
        pieces.append(piece)


def response_of(answer: Answer) -> Response:
    """Return an answer as HTTP has it."""
    answer = encoded(answer)
    if answer.content is None:
        return Response(None, answer.status, answer.headers)
    return Response(answer.content, answer.status, answer.headers, answer.media_type)


def _last(answer: Answer) -> Response:
    """Return the answer to a body that is not read to its end: the connection ends with it."""
    response = response_of(answer)
    response.headers["Connection"] = "close"
    return response


class _Dropped(Response):
    """No response: the connection ends in the middle of one."""

    async def __call__(self, _scope: Any, _receive: Any, send: Callable[..., Any]) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        raise ConnectionAbortedError("dropped on demand")


PAGE = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
"""The page at ``/``: the account for people."""
