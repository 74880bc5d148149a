"""The emulator's clock: it follows the wall, or stands until it is moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


class Clock:
    """A clock in UTC. It never goes backwards by itself; ``set`` may put it anywhere.

    ``follows`` is whether it goes on with the wall clock between two settings.
    """

    def __init__(self, now: datetime | None = None, *, follows: bool = True) -> None:
        self.follows = follows
        self._set_at = datetime.now(UTC)
        self._base = self._set_at if now is None else now.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment that it shows, in UTC."""
        return self._base + (datetime.now(UTC) - self._set_at) if self.follows else self._base

    def set(self, now: datetime) -> None:
        """Let it show an aware moment."""
        self._base = now.astimezone(UTC)
        self._set_at = datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Put it on. Raises ValueError for a step back, or past the year 9999."""
        if by < timedelta(0):
            raise ValueError("a clock is put on, not back: set it instead")
        try:
            self.set(self.now() + by)
        except OverflowError:
            raise ValueError("the clock ends with the year 9999") from None

    def stop(self) -> None:
        """Let it stand where it is."""
        self._base, self.follows = self.now(), False

    def follow(self) -> None:
        """Let it go on with the wall clock from where it stands."""
        self._base, self._set_at, self.follows = self.now(), datetime.now(UTC), True

    def as_state(self) -> dict[str, Any]:
        """Return what it takes to make it go on as if it had never ended."""
        return {
            "now": self._base.isoformat(),
            "wall": self._set_at.isoformat() if self.follows else None,
            "follows": self.follows,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on as ``as_state`` says: where it stood, or as far from the wall's clock as it was."""
        self._base, self.follows = datetime.fromisoformat(state["now"]), state["follows"]
        self._set_at = datetime.fromisoformat(state["wall"]) if self.follows else datetime.now(UTC)


def as_text(moment: datetime) -> str:
    """Return a moment as the API writes it: UTC, whole seconds, ``Z``."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def as_go_text(text: str) -> str:
    """Return a time as contacts/search writes it: ``2025-11-18 14:50:19 +0000 UTC``."""
    return text.replace("T", " ").removesuffix("Z") + " +0000 UTC"


def from_text(text: str) -> datetime:
    """Return the moment that ``as_text`` wrote."""
    return datetime.fromisoformat(text)


def day_in(moment: datetime, zone: str) -> str:
    """Return the date of a moment in an IANA zone, as ``YYYY-MM-DD``."""
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()
