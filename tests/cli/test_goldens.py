"""What people read, at three widths of a terminal, with colours and without: as it was read and found good.

``python -m tests.cli.test_goldens`` writes all of them anew, to be read again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import CONTACTS, EVENTS, EXAMPLES, FIELDS, run

GOLDEN = Path(__file__).parent / "golden"
SEGMENTS = EXAMPLES / "segments"
COUNTED = Path(__file__).parents[1] / "data" / "counted_segments"
WIDTHS = (60, 80, 120)
NOW = ("--now", "2026-11-23")
ACCOUNT = ("--contacts", CONTACTS, "--events", EVENTS, "--fields", FIELDS)
LISTS = (
    *("--list", f"115715d0-0000-4000-8000-000000000001={EXAMPLES / 'lists' / 'newsletter.csv'}"),
    *("--list", f"115715d0-0000-4000-8000-000000000002={EXAMPLES / 'lists' / 'customers.csv'}"),
)
SILVA = ("--contact", "silva0@gmail.com")
COMMANDS: dict[str, tuple[object, ...]] = {
    "explain": ("explain", SEGMENTS / "us_mountain_states.sql", *SILVA, *ACCOUNT, *NOW),
    "explain-events": ("explain", SEGMENTS / "sent_but_never_opened.sql", *SILVA, *ACCOUNT, *NOW),
    "explain-many": ("explain", SEGMENTS, *SILVA, *ACCOUNT, *LISTS, *NOW),
    "funnel": ("preview", "--funnel", SEGMENTS / "us_mountain_states.sql", *ACCOUNT, *NOW),
    "funnel-empty": ("preview", "--funnel", "-q", "country = 'us' AND num_orders > 3", *ACCOUNT, *NOW),
    "overlap": ("overlap", SEGMENTS, *ACCOUNT, *LISTS, *NOW),
    "timeline": (
        *("timeline", SEGMENTS / "opened_last_30_days.sql", *ACCOUNT),
        *("--from", "2026-10-01", "--to", "2026-12-31", "--step", "week"),
    ),
    "drift": ("drift", COUNTED, *ACCOUNT, "--now", "2026-11-15"),
}
LOOKS = {"": "0", "-colour": "1"}


def golden(name: str, width: int, look: str) -> Path:
    return GOLDEN / f"{name}-{width}{look}.txt"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", COMMANDS)
def test_it_looks_as_it_was_found_good(
    name: str, width: int, look: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", LOOKS[look])
    monkeypatch.setenv("COLUMNS", str(width))
    result = run(*COMMANDS[name])
    assert result.stdout == golden(name, width, look).read_text(encoding="utf-8"), result.stderr
    assert ("\x1b" in result.stdout) is bool(look)


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NO_COLOR", raising=False)
        for look, colour in LOOKS.items():
            for width in WIDTHS:
                patch.setenv("FORCE_COLOR", colour)
                patch.setenv("COLUMNS", str(width))
                for name, arguments in COMMANDS.items():
                    golden(name, width, look).write_text(run(*arguments).stdout, encoding="utf-8")
