"""Dirty files of an account, drawn from a seed: all that goes wrong in exports, now and then."""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FIELDS = {
    "custom_fields": [
        {"id": "w1", "name": "plan", "field_type": "Text"},
        {"id": "w2", "name": "age", "field_type": "Number"},
        {"id": "w3", "name": "last_order_at", "field_type": "Date"},
    ]
}
_HEADER = (
    "EMAIL FIRST_NAME CITY ALTERNATE_EMAILS CREATED_AT UPDATED_AT CONTACT_ID Plan AGE LAST_ORDER_AT "
    "PHONE_NUMBER_ID EXTERNAL_ID ANONYMOUS_ID"
).split()
_EVENTS = (
    "processed delivered deferred dropped bounce open click spamreport unsubscribe group_unsubscribe"
).split()


class Dirt:
    """Draws contacts and events, some of them odd."""

    def __init__(self, seed: int, size: int) -> None:
        self._random = random.Random(seed)
        self._size = size

    def _now_and_then(self, share: float) -> bool:
        return self._random.random() < share

    def _one(self, *choices: Any) -> Any:
        return self._random.choice(choices)

    def contact(self, i: int) -> dict[str, str]:
        size, seldom, one = self._size, self._now_and_then, self._one
        time = one(
            "2024-05-07T02:49:03Z",
            "2024-05-07 02:49:03+05:30",
            "2024-05-07",
            "1715050143",
            "2024-05-07T02:49Z",
        )
        email = one("", f"User{i}@Gmail.com", f"u{i}@x.example", f"u{i}@é.example")
        return {
            "EMAIL": f"u{self._random.randrange(size)}@x.example" if seldom(0.02) else email,
            "FIRST_NAME": one("", "Zoë", 'a "b"', "x,y", "l1\nl2", "NULL", "\\N", " s "),
            "CITY": "Ÿ",
            "ALTERNATE_EMAILS": one("[1]", '["a"', "[null]")
            if seldom(0.02)
            else one("", f'["a{i}@b.example", "d@e.example"]', f"a{i}@b.example, X{i}@b.example", "[]"),
            "CREATED_AT": one("yesterday", "2024-13-01", "2024-05-07T24:00:00Z") if seldom(0.01) else time,
            "UPDATED_AT": time,
            "CONTACT_ID": "" if seldom(0.02) else f"id-{i}",
            "Plan": one("free", "pro", "", '"a","b"'),
            "AGE": one("n/a", "1_000", " 5", "inf", "1e999") if seldom(0.02) else one("", "5", "7.5", "-1e3"),
            "LAST_ORDER_AT": "2/30/2024" if seldom(0.01) else one("", "5/7/2024", "2024-05-07T01:00:00Z"),
            "PHONE_NUMBER_ID": "",
            "EXTERNAL_ID": "",
            "ANONYMOUS_ID": "",
        }

    def event(self, i: int) -> dict[str, Any]:
        size, seldom, one, draw = self._size, self._now_and_then, self._one, self._random.randrange
        event: dict[str, Any] = {
            "email": one(
                f"user{draw(size)}@gmail.com", f"U{draw(size)}@X.example", "d@e.example", "no@x.example"
            ),
            "event": one(*_EVENTS),
            "timestamp": one(1715050143, 1715050143000, 1715050143.25, "1715050143", "2024-05-07T02:49:03Z"),
            "sg_event_id": f"e{i}",
            "singlesend_id": one("s1", "s2"),
            "campaign": {"x": [1, None]},
            "n": one(1, "1", True),
        }
        if seldom(0.02):
            event.pop("sg_event_id")
        if seldom(0.05):
            event["contact_id"] = f"id-{draw(size)}"
            event.pop("email")
        if seldom(0.02):
            event.pop(one(*event))
        if seldom(0.02):
            event[one("event", "timestamp", "email")] = one(None, 5, "", {"a": 1}, "soon", True)
        return event

    def write(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """Write files of contacts, and of events."""
        contacts = [self.contact(i) for i in range(self._size)]
        again = [dict(row) for row in self._random.sample(contacts, self._size // 20)]
        for row in again[::2]:
            row["CITY"] = "other"
        third = self._size // 3
        self._write_csv(folder / "a.csv", _HEADER, contacts[:third], mark="\ufeff")
        self._write_csv(folder / "b.csv", _HEADER[:-3], contacts[third : 2 * third], is_broken=True)
        self._write_csv(folder / "c.csv.gz", _HEADER, contacts[2 * third :] + again, end="\r\n")
        events = [self.event(i) for i in range(2 * self._size)]
        for repeated in self._random.sample(events, self._size // 10):
            events.insert(self._random.randrange(len(events)), repeated)
        with (folder / "e.ndjson").open("w", encoding="utf-8") as out:
            for event in events[: self._size]:
                if self._now_and_then(0.02):
                    out.write(self._one("\n", "hello\n", '{"event": \n', "5\n"))
                out.write(json.dumps(event) + "\n")
        (folder / "e.json").write_text(json.dumps(events[self._size :]), encoding="utf-8")
        return [folder / name for name in ("a.csv", "b.csv", "c.csv.gz")], [
            folder / "e.ndjson",
            folder / "e.json",
        ]

    def _write_csv(
        self,
        path: Path,
        header: Sequence[str],
        rows: Sequence[dict[str, str]],
        *,
        mark: str = "",
        end: str = "\n",
        is_broken: bool = False,
    ) -> None:
        opened: Any = gzip.open if path.suffix == ".gz" else open
        with opened(path, "wt", encoding="utf-8", newline="") as out:
            out.write(mark)
            writer = csv.writer(out, lineterminator=end)
            writer.writerow(header)
            for at, row in enumerate(rows):
                cells = [row[name] for name in header]
                if is_broken and at > 60 and self._now_and_then(0.1):
                    few, many = "a,b\n", ",".join("x" * (len(header) + 1)) + "\n"
                    out.write(self._one("\n", few, many, 'x,"b"c' + "," * (len(header) - 2) + "\n"))
                    cells[1] = self._one("a\0b", cells[1])
                writer.writerow(cells)
