"""What a query reads and the data lacks, or has so that it is not found, said before anyone trusts a zero."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from sql_seg.core.reads import LIST_IDS, JsonPath, Reads
from sql_seg.frozen import field, frozen
from sql_seg.language.addresses import EMAIL_DOMAINS
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import EVENT_TYPES
from sql_seg.records.loading_report import Report
from sql_seg.records.path_values import Met, PathFound, paths_found, said_of
from sql_seg.wording import counted, did_you_mean, have

Oddity = Literal["capitals", "blanks", "no moment", "null word"]

FIRST_CONTACTS = 10_000
"""How many contacts' texts are looked at.

For two columns that takes 13 ms of dicts; all of 200,000 take 260 ms, and all of 1,000,000 in Parquet 1.2 s.
"""

MOMENT = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?"
"""What moments in UTC look like: as texts they are in the order of time."""

NULL_WORDS = ("NULL", "null", "Null", "<null>", "(null)", "None", "NaN", "nan", "\\N", "#N/A", "undefined")
"""What other programs write for no value, and a file or a record holds as a text."""

_MOMENT = re.compile(MOMENT, re.ASCII)


class OddText(NamedTuple):
    """What is looked for in a column of texts."""

    column: str
    oddity: Oddity

    def is_in(self, value: Any) -> bool:
        """Return whether a value is such a text."""
        if not isinstance(value, str):
            return False
        match self.oddity:
            case "capitals":
                return value != value.lower()
            case "blanks":
                return value != value.strip()
            case "null word":
                return value in NULL_WORDS
        return value != "" and _MOMENT.fullmatch(value) is None


def asked_of(reads: Reads) -> list[OddText]:
    """Return what is to be looked for, for what a query reads."""
    emails = [OddText("email", "capitals"), OddText("email", "blanks")] if reads.compares_emails else []
    moments = (OddText(name, "no moment") for name in reads.moments)
    return [*emails, *moments, *(OddText(name, "null word") for name in reads.null_tests)]


def odd_texts(contacts: Iterable[Mapping[str, Any]], reads: Reads) -> dict[OddText, Met]:
    """Return how many contacts have such texts, with the last of them in order."""
    asked = asked_of(reads)
    rows = list(contacts) if asked else []
    found = {each: [row[each.column] for row in rows if each.is_in(row.get(each.column))] for each in asked}
    return {each: Met(len(texts), max(texts)) for each, texts in found.items() if texts}


def said_of_texts(
    found: Mapping[OddText, Met], contacts: int, reads: Reads, looked_at: int = FIRST_CONTACTS
) -> Iterator[tuple[OddText, str]]:
    """Yield a sentence for each oddity of the contacts that were ``looked_at``: the first, so many."""
    for asked, met in found.items():
        some = have(met.events, "contact")
        if contacts > looked_at:
            some = f"of the first {looked_at:,} contacts, {met.events:,} have"
        match asked.oddity:
            case "capitals":
                what = (
                    "an email with capitals, which no address in lower case equals: "
                    "SendGrid stores emails in lower case"
                )
            case "blanks":
                what = "an email with blanks around it, which no address equals"
            case "null word":
                what = f"the text {met.example!r} under {asked.column}, which is a text and not NULL"
            case _:
                literal = reads.moments[asked.column]
                what = (
                    f"{asked.column} as a text that is no moment in UTC, such as {met.example!r:.40}, and "
                    f"the query compares it with {literal!r}: texts are compared character by character; "
                    "if it is a date, give the field definitions"
                )
        yield asked, f"{some} {what}"


_STANDS_IN = {"contact_id": ("email",), EMAIL_DOMAINS: ("email", "alternate_emails")}
"""Columns that follow from others where they are not given."""


@frozen
class Holdings:
    """What an account has of what a query reads; a home says it of its own records.

    ``contacts`` is how many contacts were looked at, ``keys`` what any of them has, NULL or not.
    ``has_list_ids`` is whether anything says which lists they are on, ``lists`` has those of the named
    lists that somebody is on. ``events`` is the number of events, ``event_types`` how many there are of each
    type; ``paths`` says of each path that is read, and of each key, as a path of one, what it finds.
    ``absent`` has the files that lack a column which others have.
    """

    contacts: int
    keys: Collection[str]
    has_list_ids: bool = True
    lists: Collection[str] = ()
    events: int = 0
    event_types: Mapping[str, int] = field(default_factory=dict)
    paths: Mapping[JsonPath, PathFound] = field(default_factory=dict)
    absent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    odd_texts: Mapping[OddText, Met] = field(default_factory=dict)
    """How many of the first contacts have a text in a form in which the query does not find it."""
    without_lists: int = 0
    """For how many of the first contacts list_ids is NULL; where it is never NULL, they are on no list."""
    looked_at: int = FIRST_CONTACTS
    """At the texts of how many contacts was looked."""


def without_lists(contacts: Sequence[Mapping[str, Any]]) -> int:
    """Return for how many of the first contacts list_ids is NULL."""
    return sum(contact.get(LIST_IDS) is None for contact in contacts[:FIRST_CONTACTS])


class Gap(NamedTuple):
    """One thing that is read and that the data lacks, or has in a form in which it is not found."""

    kind: Literal["column", "lists", "list", "events", "event type", "path", "emails"]
    name: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def gaps(reads: Reads, has: Holdings) -> list[Gap]:
    """Return what a query reads and an account lacks."""
    found = list(_of_events(reads, has)) if reads.asks_for_events else []
    if not has.contacts:
        return []
    return [*_of_columns(reads, has), *_of_texts(reads, has), *_of_lists(reads, has), *found]


def gaps_of_nobody(report: Report) -> list[Gap]:
    """Return which events were given and are no known contact's: no answer rests on them."""
    return [Gap("events", "of nobody", sentence) for sentence in report.of_nobody]


def _of_columns(reads: Reads, has: Holdings) -> Iterator[Gap]:
    nobody = f"none of the {has.contacts:,} contacts has" if has.contacts > 1 else "the one contact lacks"
    for name in reads.columns:
        if name in has.absent and name not in _STANDS_IN:
            yield Gap("column", name, _said_of_files(name, has.absent[name]))
        if name == LIST_IDS or name in has.keys or any(key in has.keys for key in _STANDS_IN.get(name, ())):
            continue
        hint = _where_it_is(name, has.keys) or did_you_mean(name, [k for k in has.keys if isinstance(k, str)])
        more = f"; {hint}" if hint else ""
        yield Gap("column", name, f"the query reads {name}, which {nobody}: it is NULL{more}")


def _where_it_is(name: str, keys: Collection[str]) -> str:
    """Return where a column may be that is in none of the keys."""
    if name == "contact_id" and "id" in keys:
        return "the key id is called contact_id here"
    if "custom_fields" in keys:
        return "custom fields stand flat beside the other columns, not under custom_fields"
    return ""


def _of_texts(reads: Reads, has: Holdings) -> Iterator[Gap]:
    for asked, sentence in said_of_texts(has.odd_texts, has.contacts, reads, has.looked_at):
        is_of_emails = asked.oddity in ("capitals", "blanks")
        yield Gap("emails" if is_of_emails else "column", asked.column, sentence)


def _said_of_files(name: str, files: Sequence[str]) -> str:
    some = files[0] if len(files) == 1 else f"{files[0]} and {counted(len(files) - 1, 'more file')}"
    is_null = "is empty" if name == LIST_IDS else "is NULL"
    return (
        f"{some} {'has' if len(files) == 1 else 'have'} no column {name}, which the query reads: "
        f"it {is_null} for the contacts there"
    )


def _of_lists(reads: Reads, has: Holdings) -> Iterator[Gap]:
    if LIST_IDS not in reads.columns:
        return
    if not has.has_list_ids:
        means = "list_ids is NULL" if has.without_lists else "nobody is on a list"
        sentence = (
            "the query asks for list_ids, but the contacts come without: give the exports of lists with "
            f"lists={{'ID': FILE}}, or list_ids with the records; as it is, {means}"
        )
        yield Gap("lists", LIST_IDS, sentence)
        return
    if has.without_lists:
        lack = have(has.without_lists, "contact")
        sentence = f"{lack} no list_ids, which is NULL there: write an empty list for a contact on no list"
        yield Gap("lists", LIST_IDS, sentence)
    for list_id in reads.lists:
        if list_id not in has.lists:
            yield Gap("list", list_id, f"the query asks for list {list_id}, which no contact is on")


def _of_events(reads: Reads, has: Holdings) -> Iterator[Gap]:
    if not has.events:
        yield Gap("events", "events", "the query asks for events, but there are none")
        return
    for name in reads.event_types:
        if name not in has.event_types:
            there = ", ".join(f"{kind} ({number:,})" for kind, number in sorted(has.event_types.items()))
            sentence = f"the query asks for events of type {name!r}, but there are none; there are {there}"
            yield Gap("event type", name, sentence)
    for name, number in has.event_types.items():
        if name not in EVENT_TYPES and name not in reads.event_types:
            known = name.lower().replace(" ", "_")
            more = f"; SendGrid's own name is {known!r}" if known in EVENT_TYPES else ""
            sentence = f"{_are(number, 'event')} of type {name!r}, which SendGrid does not know{more}"
            yield Gap("event type", name, sentence)
    for path, types in reads.all_paths:
        yield from _of_path(path, has, types)


def _of_path(path: JsonPath, has: Holdings, types: Sequence[DataType]) -> Iterator[Gap]:
    name = ".".join(path)
    found = has.paths.get(path, PathFound(0))
    if not found.events:
        yield Gap("path", name, f"the query reads {name} of events, which none of the {has.events:,} has")
    for sentence in said_of(name, found, types):
        yield Gap("path", name, sentence)


def _are(number: int, noun: str) -> str:
    return f"{counted(number, noun)} {'is' if number == 1 else 'are'}"


def holdings_of(contacts: int, events: list[Any], reads: Reads) -> Holdings:
    """Return what rows of event_data have of what a query reads."""
    types = Counter([event.get("event_type") for event in events])
    return Holdings(contacts, (), events=len(events), event_types=types, paths=paths_found(events, reads))
