"""What JSON files hold: records, objects that wrap records, or something else, said in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from sql_seg.errors import RecordError
from sql_seg.records.json_text import read_json, why_malformed

JsonForm = Literal["ndjson", "array", "any json"]

_RECORD_KEYS = {
    "contact": frozenset({"email", "contact_id"}),
    "event": frozenset({"event", "event_type"}),
}
_OF_OTHER_OBJECTS = frozenset(
    "contact_count contacts_count contacts_sample query_dsl field_type export_type job_type urls messages errors "
    "completed_at expires_at finished_at".split()
)
"""What lists, segments, field definitions and jobs have beside their ``id``, which a contact may have too."""
_LISTS = ("result", "results", "contacts", "contacts_sample", "recipients", "events")
_READ = (
    "read are a list of objects, an object a line, and objects with a list under "
    + ", ".join(_LISTS[:-1])
    + f" or {_LISTS[-1]}"
)
_FOUND = frozenset({"contact", "error"})
_MOST_KEYS_SHOWN = 8

BadValue = Callable[[int, str, Any], None]
"""Is called with the number of a value that is no JSON, why, and the value as far as it is known."""


def is_record(value: Any, noun: str) -> bool:
    """Return whether a JSON value has a key that only a record has."""
    if not isinstance(value, dict):
        return False
    keys = set(map(str.lower, value))
    if not _RECORD_KEYS[noun].isdisjoint(keys):
        return True
    return noun == "contact" and "id" in keys and _OF_OTHER_OBJECTS.isdisjoint(keys)


def _is_usual(value: Any, noun: str) -> bool:
    """Return whether a JSON value is a record as DuckDB can read it."""
    return is_record(value, noun) and not isinstance(value.get("custom_fields"), list)


def form_of(start: str, noun: str, *, is_all: bool) -> JsonForm:
    """Return how a JSON file is laid out, judged by its start."""
    stripped = start.lstrip()
    try:
        value, end = json.JSONDecoder().raw_decode(stripped)
    except (ValueError, RecursionError):
        # a long list is cut; an object that is, is no line
        return "array" if not is_all and _begins_records(stripped, noun) else "any json"
    after = stripped[end:]
    if isinstance(value, list):
        whole = is_all and not after.strip() and all(isinstance(item, dict) for item in value)
        return "array" if whole and value and _is_usual(value[0], noun) else "any json"
    is_line = "\n" not in stripped[:end] and after.lstrip(" \t\r")[:1] in ("\n", "")
    return "ndjson" if is_line and _is_usual(value, noun) else "any json"


def _begins_records(text: str, noun: str) -> bool:
    """Return whether a list that is cut begins with a record, or with an object that is cut too."""
    inside = text[1:].lstrip()
    if not text.startswith("[") or not inside.startswith("{"):
        return False
    try:
        first, _ = json.JSONDecoder().raw_decode(inside)
    except (ValueError, RecursionError):
        return True
    return _is_usual(first, noun)


def records_in(text: str, named: str, noun: str, bad: BadValue) -> Iterator[tuple[int, Any]]:
    """Yield the records of a JSON text with their numbers.

    They are elements of the one value, or lie on the lines, or follow one another without any order of
    lines; ``bad`` is called for lines that are no JSON. Raises RecordError where the text as a whole holds
    no records.
    """
    try:
        whole = read_json(text)
    except ValueError as error:
        values = _values(text, named, error, bad)
    else:
        if not isinstance(whole, list) and not isinstance(whole, dict):
            raise RecordError(f"{named}: holds one JSON value, not records; {_READ}", file=named)
        for number, item in enumerate(_top(whole, named, noun), 1):
            yield number, _with_fields_by_name(item)
        return
    first = True
    for number, value in values:
        items = _top(value, named, noun) if first else _items(value, noun)
        first = False
        for item in [value] if items is None else items:
            yield number, _with_fields_by_name(item)


def _with_fields_by_name(item: Any) -> Any:
    """Return a contact whose custom fields are an object, where they are a list as the legacy API has it."""
    fields = item.get("custom_fields") if isinstance(item, dict) else None
    if not isinstance(fields, list):
        return item
    if not all(isinstance(field, dict) and isinstance(field.get("name"), str) for field in fields):
        return item
    return {**item, "custom_fields": {field["name"]: field.get("value") for field in fields}}


def _top(value: Any, named: str, noun: str) -> list[Any]:
    items = _items(value, noun)
    if items is None:
        raise _no_records(value, named, noun)
    first = items[0] if items else None
    if isinstance(first, dict) and not is_record(first, noun) and not _OF_OTHER_OBJECTS.isdisjoint(first):
        raise _no_records(first, named, noun)
    return items


def _items(value: Any, noun: str) -> list[Any] | None:
    """Return the records that a JSON value holds, or None where it is an object that wraps none."""
    if isinstance(value, list):
        return _flat(value)
    if not isinstance(value, dict) or is_record(value, noun):
        return [value]
    named = {key.lower(): inside for key, inside in value.items()}
    for key in (*_LISTS, "body"):
        inside = named.get(key)
        if key == "result" and isinstance(inside, dict) and _is_found_by_email(inside):
            return [answer["contact"] for answer in inside.values() if "contact" in answer]
        if isinstance(inside, list | dict):
            return _items(inside, noun)
    if isinstance(named.get("body"), str):
        try:
            return _items(read_json(named["body"]), noun)
        except ValueError:
            return None
    if value and all(key.isdecimal() for key in value):
        return list(value.values())
    return None


def _flat(values: list[Any]) -> list[Any]:
    """Return the records of a list, in which there may be lists of records."""
    if not any(isinstance(value, list) for value in values):
        return values
    return [item for value in values for item in (_flat(value) if isinstance(value, list) else [value])]


def _is_found_by_email(result: Mapping[str, Any]) -> bool:
    """Return whether an object has what a search by emails has found: for each a contact, or an error."""
    return all(
        isinstance(answer, dict) and not answer.keys().isdisjoint(_FOUND) for answer in result.values()
    )


def _no_records(value: Any, named: str, noun: str) -> RecordError:
    said = _what_it_is(value)
    if said is not None:
        return RecordError(f"{named}: {said}", file=named)
    shown = ", ".join(list(value)[:_MOST_KEYS_SHOWN]) or "no keys"
    more = ", …" if len(value) > _MOST_KEYS_SHOWN else ""
    wanted = " or ".join(sorted(_RECORD_KEYS[noun]))
    article = "an" if noun == "event" else "a"
    return RecordError(
        f"{named}: holds an object that is no {noun} ({article} {noun} has {wanted}); it has {shown}{more}; {_READ}",
        file=named,
    )


def _what_it_is(value: Mapping[str, Any]) -> str | None:
    """Return what an object of SendGrid's is that holds no records, and what to give in its place."""
    errors = value.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict) and "message" in errors[0]:
        return f"is an error that the API answered: {errors[0]['message']}"
    if "messages" in value:
        return (
            "holds Email Activity's messages, which are summaries of mails, not events: give what the "
            "Event Webhook sends, or the CSV that Email Activity exports"
        )
    if "status" in value and not {"urls", "export_type", "expires_at"}.isdisjoint(value):
        return "is the job of an export, not the export: download the files that its urls name"
    if "job_type" in value or "job_id" in value:
        return "is a job of the API, and holds no contacts: give the file that was imported, or an export"
    if "query_dsl" in value or "contacts_count" in value:
        return "holds segments, not contacts: export their contacts, and give these"
    if "contact_count" in value and "name" in value:
        return "holds lists, not contacts: export their contacts, and give these"
    if "field_type" in value or "reserved_fields" in value:
        return "holds field definitions, not contacts: give them with --fields"
    return None


def _values(text: str, named: str, error: ValueError, bad: BadValue) -> Iterator[tuple[int, Any]]:
    """Yield the values of a text that is more than one, each with its number."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > 1 and (_is_json(_without_comma(lines[0][1])) or _is_json(lines[1][1])):
        yield from _on_lines(lines, bad)
        return
    decoder = json.JSONDecoder()
    at, number, known = _next(text, 0), 0, False
    while at < len(text):
        try:
            _, end = decoder.raw_decode(text, at)
            value = read_json(text[at:end])
        except (ValueError, RecursionError) as wrong:
            raise _malformed(text, named, wrong if known else error, at if known else 0) from wrong
        number, known = number + 1, True
        yield number, value
        at = _next(text, end)


def _on_lines(lines: list[tuple[int, str]], bad: BadValue) -> Iterator[tuple[int, Any]]:
    decoder = json.JSONDecoder()
    for number, line in lines:
        at = _next(line, 0)
        while at < len(line):
            try:
                _, end = decoder.raw_decode(line, at)
                value = read_json(line[at:end])
            except (ValueError, RecursionError) as error:
                bad(number, why_malformed(error), line)
                break
            yield number, value
            at = _next(line, end)


def _malformed(text: str, named: str, error: ValueError | RecursionError, start: int) -> RecordError:
    if isinstance(error, json.JSONDecodeError):
        offset = start + error.pos if error.doc != text else error.pos
        line = text.count("\n", 0, offset) + 1
        column = offset - text.rfind("\n", 0, offset)
        return RecordError(
            f"{named}, line {line}, column {column}: malformed JSON: {error.msg}", file=named, row=line
        )
    return RecordError(f"{named}: malformed JSON: {error}", file=named)


def _next(text: str, at: int) -> int:
    """Return where the next value begins, past white space and a comma."""
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _without_comma(line: str) -> str:
    return line.rstrip().removesuffix(",")


def _is_json(text: str) -> bool:
    try:
        read_json(text)
    except ValueError:
        return False
    return True
