"""An emulator that runs beside the code that is tested: on a free port, or without any."""

from __future__ import annotations

import socket
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import uvicorn

from sql_seg.server.app import Emulator, create_app
from sql_seg.server.clock import Clock

if TYPE_CHECKING:
    import httpx


class Server:
    """A running emulator, as a context manager; the parameters are those of ``create_app``.

    >>> with Server(timing="instant") as server:  # doctest: +SKIP
    ...     client = SendGridAPIClient("SG.any", host=server.url)
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, **settings: Any) -> None:
        self.app = create_app(**settings)
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, port))
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            self.app, log_level="error", access_log=False, lifespan="off", timeout_keep_alive=5
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
        """Its clock; what is due is done at the next request, or at ``advance`` of the account."""
        return self.emulator.account.clock

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The journal: method, path, query, body and answer of the latest requests."""
        return list(self.emulator.requests)

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
        self.emulator.account.store.close()


def transport(**settings: Any) -> httpx.ASGITransport:
    """Return a transport for an asynchronous httpx client that asks an emulator without any port."""
    import httpx

    return httpx.ASGITransport(create_app(**settings))
