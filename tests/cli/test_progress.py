"""The bar that is shown while people wait."""

from __future__ import annotations

import os
import pty
import sys
import threading
import time

import pytest

from sql_seg.cli import progress as module
from sql_seg.cli.progress import progress


def shown_while(seconds: float, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a terminal gets while something takes so long."""
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress("reading"):
            time.sleep(seconds)
        terminal.write("end")
        terminal.flush()
        shown = os.read(master, 65536)
    os.close(master)
    return shown.decode()


def test_what_is_quick_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown_while(0, monkeypatch) == "end"


def test_what_takes_long_shows_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    assert "reading" in shown_while(0.5, monkeypatch)


def test_nothing_is_shown_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    with progress("reading"):
        time.sleep(0.1)
    assert capsys.readouterr() == ("", "")


def interrupted() -> None:
    with progress("reading"):
        time.sleep(0.2)
        raise KeyboardInterrupt


def test_an_interruption_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = pty.openpty()
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    with os.fdopen(slave, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        refreshing = [thread for thread in threading.enumerate() if "Refresh" in type(thread).__name__]
        for thread in refreshing:  # it is asked to end, and does at its next look
            thread.join(timeout=5)
        assert not any(thread.is_alive() for thread in refreshing)
    os.close(master)
