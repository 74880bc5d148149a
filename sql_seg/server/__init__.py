"""The Segments API and its neighbours, emulated: segments, contacts, lists, fields, events and a clock.

>>> from sql_seg.server import Server
>>> with Server(timing="instant") as server:  # doctest: +SKIP
...     print(server.url)

``create_app`` is the same as an ASGI application, and ``transport`` needs no port. It speaks to nobody but
the clients that call it, and listens on loopback by default.
"""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("starlette") is None or find_spec("uvicorn") is None:
    raise ImportError('sql_seg.server needs Starlette and uvicorn: pip install "sql-seg[server]"')

from sql_seg.server.answers import Standing
from sql_seg.server.app import create_app
from sql_seg.server.emulated_account import Options
from sql_seg.server.emulator import Emulator
from sql_seg.server.loading import Loaded, LoadedSegment
from sql_seg.server.running import Server, transport
from sql_seg.server.store import StoreError

__all__ = [
    "Emulator",
    "Loaded",
    "LoadedSegment",
    "Options",
    "Server",
    "Standing",
    "StoreError",
    "create_app",
    "transport",
]
