"""An account's files for the benchmarks: a CSV export and the webhook's events."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

HEADER = (
    "EMAIL FIRST_NAME LAST_NAME ADDRESS_LINE_1 ADDRESS_LINE_2 CITY STATE_PROVINCE_REGION POSTAL_CODE COUNTRY "
    "ALTERNATE_EMAILS PHONE_NUMBER WHATSAPP LINE FACEBOOK UNIQUE_NAME CREATED_AT UPDATED_AT CONTACT_ID "
    "PLAN AGE LAST_ORDER_AT PHONE_NUMBER_ID EXTERNAL_ID ANONYMOUS_ID"
).split()
FIELDS = {
    "custom_fields": [
        {"id": "w1", "name": "plan", "field_type": "Text"},
        {"id": "w2", "name": "age", "field_type": "Number"},
        {"id": "w3", "name": "last_order_at", "field_type": "Date"},
    ]
}
_DOMAINS = "gmail.com yahoo.com hotmail.com example.org outlook.com icloud.com".split()
_TYPES = "processed delivered deferred open open open click bounce".split()


def write_account(folder: Path, contacts: int, events: int) -> None:
    """Write ``contacts.csv``, ``events.ndjson`` and ``fields.json``."""
    draw = random.Random(3)
    addresses = _write_contacts(folder / "contacts.csv", contacts, draw)
    with (folder / "events.ndjson").open("w", encoding="utf-8") as out:
        for number in range(events):
            event = {
                "email": draw.choice(addresses),
                "timestamp": 1_700_000_000 + draw.randrange(90_000_000),
                "event": draw.choice(_TYPES),
                "sg_event_id": f"{number:022x}",
                "sg_message_id": f"m{draw.getrandbits(100):030x}.filter",
                "ip": "10.0.0.1",
                "useragent": "Mozilla/5.0 (X11; Linux x86_64)",
                "singlesend_id": f"s{draw.randrange(20)}",
                "category": ["a", "b"],
            }
            out.write(json.dumps(event) + "\n")
    (folder / "fields.json").write_text(json.dumps(FIELDS), encoding="utf-8")


def write_records(folder: Path, contacts: Iterable[Mapping[str, Any]], events: Iterable[Any]) -> None:
    """Write records as ``contacts.ndjson``, ``events.ndjson`` and ``fields.json``, with fields apart."""
    custom = [str(field["name"]) for field in FIELDS["custom_fields"]]
    with (folder / "contacts.ndjson").open("w", encoding="utf-8") as out:
        for contact in contacts:
            values = {name: contact[name] for name in custom if contact.get(name) is not None}
            others = {name: value for name, value in contact.items() if name not in custom}
            out.write(json.dumps({**others, "custom_fields": values}, default=datetime.isoformat) + "\n")
    with (folder / "events.ndjson").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(event, default=datetime.isoformat) + "\n" for event in events)
    (folder / "fields.json").write_text(json.dumps(FIELDS), encoding="utf-8")


def _write_contacts(path: Path, number: int, draw: random.Random) -> list[str]:
    """Write contacts, and return their addresses."""
    addresses = []
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        for i in range(number):
            email = f"user{i}@{draw.choice(_DOMAINS)}"
            addresses.append(email)
            writer.writerow(
                [
                    email,
                    draw.choice(("Ann", "Bob", "Zoë", "")),
                    f"Last{i % 997}",
                    f"{i % 300} Main Street" if i % 3 else "",
                    "",
                    f"City{i % 400}",
                    draw.choice(("CO", "CA", "NY", "TX", "")),
                    str(10_000 + i % 89_999),
                    draw.choice(("US", "GB", "DE", "FR", "CA", "")),
                    f'["alt{i}@example.org"]' if i % 10 == 0 else "",
                    *[""] * 5,
                    _moment(draw),
                    _moment(draw),
                    f"{draw.getrandbits(128):032x}-{i:03x}",
                    draw.choice(("free", "pro", "team", "")),
                    str(draw.randrange(18, 90)) if i % 5 else "",
                    _moment(draw) if i % 3 == 0 else "",
                    *[""] * 3,
                ]
            )
    return addresses


def _moment(draw: random.Random) -> str:
    day = f"202{draw.randrange(3, 7)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"
    return f"{day}T{draw.randrange(24):02d}:{draw.randrange(60):02d}:{draw.randrange(60):02d}Z"
