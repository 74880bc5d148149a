"""An emulator that runs beside the code that is tested: on a free port, or without any."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from sql_seg.server.app import create_app
from sql_seg.server.clock import Clock
from sql_seg.server.emulator import Emulator

if TYPE_CHECKING:
    from sql_seg.server.transports import Transport

HEAD_TIMEOUT = 15.0
"""Seconds that a client may take to send the head of a request."""

READ_TIMEOUT = 60.0
"""Seconds that a client may leave an answer unread."""


class PatientProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, which closes connections whose requests do not begin in time."""

    _watch: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time of the first request."""
        super().connection_made(transport)
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes; a request whose head is whole has all the time that its body needs."""
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._stop_watching()
        self._stop_waiting()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Start the time in which the client must read on."""
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        super().resume_writing()
        self._stop_waiting()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that nothing comes over; one that is not read, either, ends."""
        super().timeout_keep_alive_handler()
        self._wait_for_reader()

    def _wait_for_reader(self) -> None:
        if self._unread is None:
            self._unread = self.loop.call_later(READ_TIMEOUT, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _watch_head(self) -> None:
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering:
            self._stop_watching()
        elif self._watch is None:
            self._watch = self.loop.call_later(HEAD_TIMEOUT, self._give_up)

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _give_up(self) -> None:
        self._watch = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()


class Server:
    """A running emulator, as a context manager; the parameters are those of ``create_app``.

    >>> with Server(timing="instant") as server:  # doctest: +SKIP
    ...     client = SendGridAPIClient("SG.any", host=server.url)
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, **settings: Any) -> None:
        self.app = create_app(**settings)
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            self.emulator.close()
            raise
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            self.app,
            http=PatientProtocol,
            log_level="critical",
            access_log=False,
            lifespan="off",
            timeout_keep_alive=5,
            timeout_graceful_shutdown=3,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def emulator(self) -> Emulator:
        """The emulator itself."""
        found: Emulator = self.app.state.emulator
        return found

    @property
    def clock(self) -> Clock:
        """Its clock; what is due when it is put on is done before the next request."""
        return self.emulator.account.clock

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._server.server_state.connections)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The journal: method, path, query, body and answer of the latest requests."""
        return list(self.emulator.requests)

    def advance(self, **amount: float) -> None:
        """Put the clock on by ``hours=1`` or the like, and do what falls due on the way."""
        self.emulator.advance(timedelta(**amount))

    def wait(self) -> None:
        """Wait until the emulator ends, or until Ctrl-C."""
        while self._thread.is_alive():
            self._thread.join(0.2)

    def reset(self) -> None:
        """Go back to what was loaded at the start."""
        self.emulator.reset()

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the emulator did not start")
            time.sleep(0.002)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
        self.emulator.close()


def transport(**settings: Any) -> Transport:
    """Return a transport for httpx, synchronous and asynchronous, that asks an emulator without any port.

    Its ``emulator`` is the emulator; the parameters are those of ``create_app``.
    """
    from sql_seg.server.transports import Transport

    return Transport(create_app(**settings).state.emulator)
