"""Texts of contacts in a form in which what the query compares them with does not find them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from sql_seg.core.reads import Reads
from sql_seg.records.path_values import Met
from sql_seg.wording import counted

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


def said_of_texts(found: Mapping[OddText, Met], contacts: int, reads: Reads) -> Iterator[tuple[OddText, str]]:
    """Yield a sentence for each oddity that was found."""
    for asked, met in found.items():
        some = f"{counted(met.events, 'contact')} {'has' if met.events == 1 else 'have'}"
        if contacts > FIRST_CONTACTS:
            some = f"of the first {FIRST_CONTACTS:,} contacts, {met.events:,} have"
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
