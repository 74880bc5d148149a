"""An emulator behind httpx, without any port."""

from __future__ import annotations

import asyncio
import time

import httpx

from sql_seg.server.app import response_of
from sql_seg.server.call import ApiCall
from sql_seg.server.emulated_account import Fault
from sql_seg.server.emulator import Emulator


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The transport of a ``httpx.Client`` or ``httpx.AsyncClient`` that asks an emulator in this process."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request. Raises httpx.RemoteProtocolError where a fault drops it."""
        request.read()
        fault = self.emulator.fault(request.method, request.url.path)
        if fault is not None and fault.delay:
            time.sleep(fault.delay)
        return self._answered(request, fault)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request; see ``handle_request``."""
        await request.aread()
        fault = self.emulator.fault(request.method, request.url.path)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        return self._answered(request, fault)

    def _answered(self, request: httpx.Request, fault: Fault | None) -> httpx.Response:
        url = request.url
        base = f"{url.scheme}://{url.netloc.decode()}/"
        query = url.params.multi_items()
        call = ApiCall(request.method, url.path, {}, query, request.content, base)
        headers = {key.lower(): value for key, value in request.headers.items()}
        answer = self.emulator.answer(call, headers, fault)
        if answer is None:
            raise httpx.RemoteProtocolError("the emulator ended the connection, as a fault asked for")
        made = response_of(answer)
        return httpx.Response(made.status_code, headers=made.raw_headers, content=bytes(made.body))
