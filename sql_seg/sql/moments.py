"""Which texts are timestamps, for engines that ask a regular expression before they read one.

The days of each month are in it: an engine whose cast ends the query on 30 February is asked of real days
alone.
"""

from __future__ import annotations

_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_MONTHS = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_DAY = f"(?:{_YEAR}-{_MONTHS}|{_LEAP}-02-29)"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?"
_OFFSET = "[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]"

MOMENT = f"{_DAY}(?:[T ]{_CLOCK}(?:Z|{_OFFSET})?)?"
"""A timestamp's text, whole; the offset may be left out."""

ZONE = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$"
"""What ends such a text where it names its offset."""

TOO_FINE = "([.][0-9]{6})[0-9]+"
"""The digits of a fraction past the sixth, behind those that are kept."""


def in_template(pattern: str) -> str:
    """Return a regular expression for a template, where braces are doubled."""
    return pattern.replace("{", "{{").replace("}", "}}")
