"""Accounts made from a seed: a large one in memory to measure with, a small one in files to look at.

``python benchmarks/generate.py`` writes the small account into ``examples/``.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIST_IDS = [f"115715d0-0000-4000-8000-{number:012}" for number in range(10)]
SINGLESEND_IDS = [f"5ing1e5e-0000-4000-8000-{number:012}" for number in range(12)]

Record = dict[str, Any]


class Place(NamedTuple):
    """A city with what an address in it has."""

    city: str
    state: str
    postal_code: str
    country: str


US_PLACES = [
    Place("Denver", "CO", "80202", "US"),
    Place("Boulder", "CO", "80301", "US"),
    Place("Salt Lake City", "UT", "84101", "US"),
    Place("Boise", "ID", "83702", "US"),
    Place("New York", "NY", "10001", "US"),
    Place("Brooklyn", "NY", "10002", "US"),
    Place("Beverly Hills", "CA", "90210", "US"),
    Place("San Francisco", "CA", "94103", "US"),
    Place("Austin", "TX", "73301", "US"),
    Place("Miami", "FL", "33101", "US"),
    Place("Boston", "MA", "02108", "US"),
]
OTHER_PLACES = [
    Place("Toronto", "ON", "M5H 2N2", "CA"),
    Place("Montréal", "QC", "H2X 1Y4", "CA"),
    Place("London", "England", "SW1A 1AA", "GB"),
    Place("München", "Bayern", "80331", "DE"),
    Place("São Paulo", "SP", "01310-100", "BR"),
    Place("東京", "東京都", "100-0001", "JP"),
]
FIRST_NAMES = "Bob Alice José Zoë Mary Łukasz Chloë Ahmed Søren Yuki Dave Anna Björn 花子 Maria Tom".split()
LAST_NAMES = "Smith García Müller O'Neil Nowak Dvořák Brown Ågren Tanaka 山田 Silva Jones Lee Kim".split()
DOMAINS = {"gmail.com": 40, "yahoo.com": 15, "outlook.com": 15, "example.com": 20, "mail.example.org": 10}
PLANS = {"free": 55, "pro": 30, "team": 12, "enterprise": 3}
EVENT_TYPES = {
    "processed": 36,
    "delivered": 33,
    "open": 18,
    "click": 6,
    "deferred": 2,
    "bounce": 2,
    "dropped": 1,
    "unsubscribe": 1,
    "spamreport": 1,
}
NULLABLE = (
    "first_name",
    "last_name",
    "city",
    "state_province_region",
    "postal_code",
    "country",
    "plan",
    "age",
)

EARLIEST, LATEST = (moment.replace(tzinfo=UTC) for moment in (datetime.min, datetime.max))
MONTH_AGO = NOW - timedelta(days=30)
ODD_CONTACTS: list[Record] = [
    {"first_name": "", "last_name": "", "city": ""},
    {"first_name": "BOB", "plan": "FREE", "country": "us"},
    {"first_name": " bob", "last_name": "x" * 1000},
    {"first_name": "İrem", "last_name": "Straße", "city": "e\u0301"},
    {"first_name": "👩‍👩‍👧 Ana", "last_name": "\U0010ffff", "city": "line\nbreak"},
    {"email": "ünï.%_\\'@gmail.com", "alternate_emails": ["a@例え.jp"] * 20},
    {"email": "x@gmail.com.example", "postal_code": "０８０２０２"},
    {"created_at": EARLIEST, "updated_at": EARLIEST},
    {"created_at": LATEST, "updated_at": LATEST, "last_order_at": LATEST},
    {"created_at": NOW, "updated_at": NOW, "last_order_at": NOW},
    {"created_at": NOW - timedelta(days=60), "updated_at": MONTH_AGO},
    {"updated_at": MONTH_AGO - timedelta(microseconds=1)},
    {"age": 0, "list_ids": []},
    {"age": -1, "list_ids": LIST_IDS},
    {"age": 2**53},
    {"age": -(2**53)},
    {"age": 21},
    {"age": 65},
]
"""What some contacts have instead: texts, moments, numbers and lists at an edge."""
ODD_EVENTS: list[Record] = [
    {"timestamp": EARLIEST},
    {"timestamp": LATEST},
    {"timestamp": NOW},
    {"timestamp": MONTH_AGO, "event_type": "open"},
    {"timestamp": MONTH_AGO - timedelta(microseconds=1), "event_type": "open"},
    {"event_source": None},
    {"event_source": "Mail"},
    {"event_type": "OPEN"},
    {"data": None},
    {"data": {}},
    {"data": {"payload": None}},
    {"data": {"payload": {"unique_args": {"singlesend_id": 4, "größe": "大"}}}},
]
"""What some events have instead."""


def contacts(count: int = 200_000, seed: int = 1) -> list[Record]:
    """Return contacts of 15 fields; a tenth of each nullable one is NULL: half None, half no key.

    One in a thousand is at an edge: see ``ODD_CONTACTS``.
    """
    rng = random.Random(seed)
    return _with_odd([_contact(rng, number) for number in range(count)], ODD_CONTACTS)


def _contact(rng: random.Random, number: int) -> Record:
    created = NOW - timedelta(seconds=rng.randrange(60, 2000 * 86400))
    place = rng.choice(US_PLACES if rng.random() < 0.7 else OTHER_PLACES)
    contact: Record = {
        "contact_id": f"c0ntac70-0000-4000-8000-{number:012}",
        "email": f"person{number}@{_weighted(rng, DOMAINS)}",
        "first_name": rng.choice(FIRST_NAMES),
        "last_name": rng.choice(LAST_NAMES),
        "city": place.city,
        "state_province_region": place.state,
        "postal_code": place.postal_code,
        "country": place.country,
        "list_ids": [list_id for list_id in LIST_IDS if rng.random() < 0.15],
        "alternate_emails": [f"person{number}@alt.example"] if rng.random() < 0.1 else [],
        "created_at": created,
        "updated_at": created + rng.random() * (NOW - created),
        "plan": _weighted(rng, PLANS),
        "age": rng.randrange(16, 90),
        "last_order_at": created + rng.random() * (NOW - created),
    }
    for field in (*NULLABLE, "last_order_at"):
        chance = rng.random()
        if chance < 0.05:
            contact[field] = None
        elif chance < 0.1:
            del contact[field]
    return contact


def events(of: list[Record], count: int = 1_000_000, seed: int = 2) -> list[Record]:
    """Return event_data rows of these contacts, spread over the last year in no order.

    One in a thousand is at an edge: see ``ODD_EVENTS``.
    """
    rng = random.Random(seed)
    types = rng.choices(list(EVENT_TYPES), weights=list(EVENT_TYPES.values()), k=count)
    rows = [
        {
            "contact_id": rng.choice(of)["contact_id"],
            "event_source": "mail",
            "event_type": event_type,
            "timestamp": NOW - timedelta(seconds=rng.randrange(365 * 86400)),
            "data": {"payload": {"unique_args": {"singlesend_id": rng.choice(SINGLESEND_IDS)}}},
        }
        for event_type in types
    ]
    return _with_odd(rows, ODD_EVENTS)


def _with_odd(records: list[Record], odd: list[Record]) -> list[Record]:
    """Make every thousandth record an odd one, each kind in turn."""
    for number, record in enumerate(records[::1000]):
        record.update(odd[number % len(odd)])
    return records


def _weighted(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


HEADER = (
    "EMAIL FIRST_NAME LAST_NAME ADDRESS_LINE_1 ADDRESS_LINE_2 CITY STATE_PROVINCE_REGION POSTAL_CODE COUNTRY "
    "ALTERNATE_EMAILS PHONE_NUMBER WHATSAPP LINE FACEBOOK UNIQUE_NAME CREATED_AT UPDATED_AT CONTACT_ID "
    "PLAN NUM_ORDERS LAST_ORDER_AT FAVORITE_SPORT PHONE_NUMBER_ID EXTERNAL_ID ANONYMOUS_ID"
).split()
CUSTOM_FIELDS = {"plan": "Text", "num_orders": "Number", "last_order_at": "Date", "favorite_sport": "Text"}
SPORTS = ["cycling", "climbing", "running", "skiing", "swimming", '"cycling","running"']
SENDS = {
    "Autumn sale": timedelta(days=75),
    "October news": timedelta(days=40),
    "Black Friday preview": timedelta(days=9),
}
USER_AGENTS = ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1)", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"]


def write_examples(folder: Path, count: int = 500, seed: int = 3) -> None:
    """Write a small account into a folder, in SendGrid's own formats; the same for the same seed."""
    rng = random.Random(seed)
    rows = [_export_row(rng, number) for number in range(count)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lists").mkdir(exist_ok=True)
    _write_csv(folder / "contacts.csv", rows)
    _write_csv(folder / "lists/newsletter.csv", [row for row in rows if rng.random() < 0.5])
    _write_csv(folder / "lists/customers.csv", [row for row in rows if row["LAST_ORDER_AT"]])
    definitions = {
        "custom_fields": [
            {"id": f"w{number}_{kind[0]}", "name": name, "field_type": kind}
            for number, (name, kind) in enumerate(CUSTOM_FIELDS.items(), 1)
        ],
        "reserved_fields": [
            {"id": "_rf0_T", "name": "first_name", "field_type": "Text", "read_only": False},
            {"id": "_rf1_T", "name": "last_name", "field_type": "Text", "read_only": False},
            {"id": "_rf2_T", "name": "email", "field_type": "Text", "read_only": False},
        ],
    }
    _write_text(folder / "field_definitions.json", json.dumps(definitions, indent=2) + "\n")
    objects = sorted(_webhook_objects(rng, rows), key=lambda item: str(item["sg_event_id"]))
    _write_text(folder / "events.ndjson", "".join(json.dumps(item) + "\n" for item in objects))


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _write_csv(path: Path, rows: list[Record]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _export_row(rng: random.Random, number: int) -> Record:
    contact = _contact(rng, number)
    first, last = contact.get("first_name") or "", contact.get("last_name") or ""
    local = ".".join(filter(None, (_ascii(first), _ascii(last)))) or "contact"
    domain = contact["email"].partition("@")[2]
    ordered = contact.get("last_order_at")
    custom = {
        "PLAN": contact.get("plan") or "",
        "NUM_ORDERS": rng.choice([1, 2, 3, 5, 8, 13]) if ordered else rng.choice(["", 0]),
        "LAST_ORDER_AT": _iso(ordered) if ordered else "",
        "FAVORITE_SPORT": rng.choice([*SPORTS, ""]),
    }
    return {
        "EMAIL": f"{local}{number}@{domain}",
        "FIRST_NAME": first,
        "LAST_NAME": last,
        "ADDRESS_LINE_1": f"{rng.randrange(1, 400)} Main St, Apt {rng.randrange(1, 40)}",
        "CITY": contact.get("city") or "",
        "STATE_PROVINCE_REGION": contact.get("state_province_region") or "",
        "POSTAL_CODE": contact.get("postal_code") or "",
        "COUNTRY": contact.get("country") or "",
        "ALTERNATE_EMAILS": f"{local}{number}@work.example" if contact["alternate_emails"] else "",
        "PHONE_NUMBER": f"+1303555{number:04}" if rng.random() < 0.3 else "",
        "CREATED_AT": _iso(contact["created_at"]),
        "UPDATED_AT": _iso(contact["updated_at"]),
        "CONTACT_ID": _uuid(rng),
        **custom,
    }


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    return "".join(filter(str.isalpha, plain)).lower()


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _uuid(rng: random.Random) -> str:
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _webhook_objects(rng: random.Random, rows: list[Record]) -> Iterator[Record]:
    """Yield what the Event Webhook posts for the account's single sends: with repeats and strangers."""
    for number, (name, age) in enumerate(SENDS.items(), 1):
        strangers = [f"former{count}@example.net" for count in range(5)]
        sent_to = [row["ALTERNATE_EMAILS"] or row["EMAIL"] for row in rows if rng.random() < 0.45]
        for address in (*sent_to, *strangers):
            message = {
                "email": address if rng.random() < 0.95 else address.title(),
                "sg_message_id": f"{rng.getrandbits(64):016x}.recvd",
                "singlesend_id": SINGLESEND_IDS[number],
                "singlesend_name": name,
                "season": "autumn" if number < 3 else "winter",
            }
            for item in _life_of_a_message(rng, message, NOW - age):
                for _ in range(1 if rng.random() < 0.97 else rng.randrange(2, 5)):
                    yield item


def _life_of_a_message(rng: random.Random, message: Record, sent: datetime) -> Iterator[Record]:
    """Yield the events of one message: processed, and what came of it."""

    def event(name: str, hours: float, **more: Any) -> Record:
        seconds = int((sent + timedelta(hours=hours)).timestamp())
        timestamp = seconds if rng.random() < 0.99 else seconds * 1000
        base = {
            **message,
            "event": name,
            "timestamp": timestamp,
            "sg_event_id": f"{rng.getrandbits(88):022x}",
        }
        return {**base, **more}

    yield event("processed", 0, **{"smtp-id": f"<{rng.getrandbits(40):010x}@geopod.example>"})
    if rng.random() < 0.05:
        yield event("bounce", 0.1, type="bounce", status="5.1.1", reason="550 5.1.1 no such user")
        return
    yield event("delivered", 0.1, response="250 OK", tls=1)
    opened = rng.random() * 100
    device = {"useragent": rng.choice(USER_AGENTS), "ip": f"198.51.100.{rng.randrange(256)}"}
    if opened < 45:
        yield event("open", 0.2 + opened, **device, sg_machine_open=opened < 5)
    if opened < 8:
        yield event("click", 0.3 + opened, **device, url="https://shop.example/sale?utm=mail")
    if opened > 99:
        yield event("unsubscribe", 2)


if __name__ == "__main__":
    write_examples(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "examples")
