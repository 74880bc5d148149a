"""The values of events as SQL: what matters of each, and what queries read of its data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sql_seg.engines.duckdb.cells import pointer
from sql_seg.engines.duckdb.connection import text
from sql_seg.language.datatypes import DataType
from sql_seg.records.events import _WEBHOOK_KEYS as WEBHOOK_KEYS

_KNOWN = (
    "processed delivered deferred dropped bounce open click spamreport unsubscribe group_unsubscribe group_resubscribe"
).split()
PLAIN_KEYS = ("email", "event", "timestamp", "contact_id", "sg_event_id")
ROW_KEYS = ("event_type", "event_timestamp", "event_source")


@dataclass(frozen=True, slots=True)
class Read:
    """Something of an event's data that queries read: a path as a type, or a key of v1's flat map."""

    keys: tuple[str, ...]
    type: DataType
    is_map: bool = False

    @property
    def said(self) -> str:
        """How messages call it."""
        return f"the key {self.keys[0]}" if self.is_map else f"data:{'.'.join(self.keys)}"

    def columns(self) -> list[tuple[str, ...]]:
        """Return the paths that it is read from."""
        if self.is_map:
            return [("payload", *self.keys), ("payload", "unique_args", *self.keys)]
        return [self.keys]


def webhook_places(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return where a path into ``data`` leads in the webhook's own object, the first that is there.

    Unique arguments lie among its keys, or in an object ``unique_args``.
    """
    if path[:2] == ("payload", "unique_args") and len(path) > 2:
        if path[2] == "singlesend_id":
            return [path[2:]]
        own = [] if path[2] in WEBHOOK_KEYS else [path[2:]]
        return [*own, path[1:]]
    if path[:1] == ("payload",) and len(path) > 1 and path[1] in WEBHOOK_KEYS:
        return [path[1:]]
    return []


def of_webhook(read: Read, path: tuple[str, ...], value: Callable[[tuple[str, ...]], str]) -> str:
    """Return the SQL of a path's JSON text in a webhook's object, whose values at a place ``value`` gives."""
    places = webhook_places(path)
    if not places:
        # payload and its unique_args are there always, but are no value of any type
        is_there = read.type is DataType.VARIANT and path in (("payload",), ("payload", "unique_args"))
        return "'{}'" if is_there else "NULL::VARCHAR"
    found = [f"CAST({value(place)} AS VARCHAR)" for place in places]
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


SQL_TYPES = {
    DataType.VARCHAR: "VARCHAR",
    DataType.NUMBER: "DOUBLE",
    DataType.TIMESTAMP: "TIMESTAMP",
    DataType.BOOLEAN: "BOOLEAN",
    DataType.VARIANT: "VARCHAR",
}

_OF_JSON = {
    DataType.VARCHAR: "jstr({0})",
    DataType.NUMBER: "jnum({0})",
    DataType.TIMESTAMP: "read_ts(jstr({0}))",
    DataType.BOOLEAN: "jbool({0})",
    DataType.VARIANT: "nullif({0}, 'null')",
}


def as_type(read: Read, value: str) -> str:
    """Return a JSON text read as a type: what is of another kind is NULL."""
    if read.is_map:
        return f"jscalar({value})"
    return _OF_JSON[read.type].format(value)


def columns_of(reads: Sequence[Read], texts: Callable[[Read], list[str]]) -> str:
    """Return the SQL of the columns of what is read: its value, and what there is at all.

    ``texts`` are the JSON texts that a read finds it in, the first that is there. ``data_0`` has the value,
    ``seen_0`` 1 where anything stands there, 2 where that is a list.
    """
    columns = ""
    for at, read in enumerate(reads):
        found = texts(read)
        parts = [as_type(read, each) for each in found]
        value = parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"
        there = ", ".join(f"nullif({each}, 'null')" for each in found)
        first = f"(coalesce({there}))[1]" if len(found) > 1 else f"({there})[1]"
        seen = f"CASE WHEN {first} = '[' THEN 2::TINYINT WHEN {first} IS NOT NULL THEN 1::TINYINT END"
        columns += f", CAST({value} AS {SQL_TYPES[read.type]}) AS data_{at}, {seen} AS seen_{at}"
    return columns


def texts_of_object(item: str, is_webhook: str) -> Callable[[Read], list[str]]:
    """Return what gives the JSON texts of a read of an event's object, a webhook's or a row of event_data."""

    def texts(read: Read) -> list[str]:
        found = []
        for path in read.columns():
            own = of_webhook(read, path, lambda place: f"json_extract({item}, {text(pointer(*place))})")
            row = f"CAST(json_extract({item}, {text(pointer('data', *path))}) AS VARCHAR)"
            found.append(f"CASE WHEN {is_webhook} THEN {own} ELSE {row} END")
        return found

    return texts


PLAIN_EVENT = (
    'event AS event_type, coalesce(of_unix(TRY_CAST("timestamp" AS DOUBLE)), read_ts("timestamp")) AS "timestamp", '
    # hash(NULL) is no NULL
    "'mail' AS source, CASE WHEN sg_event_id <> '' THEN hash(sg_event_id) END AS eid, contact_id AS id, "
    "CASE WHEN contact_id IS NULL THEN lower(email) END AS address"
)

DOUBT = (
    f"(event IN ({', '.join(map(text, _KNOWN))}) "
    'AND CASE WHEN "timestamp" < \'3\' THEN TRY_CAST("timestamp" AS DOUBLE) >= 100000000 OR read_ts("timestamp") IS NOT NULL END '
    "AND CASE WHEN contact_id IS NULL THEN contains(email, '@') AND NOT starts_with(email, '{') AND NOT starts_with(email, '[') "
    "ELSE regexp_full_match(contact_id, '[^{\\[].*[^0-9].*') END "
    "AND NOT starts_with(coalesce(sg_event_id, ''), '{')) IS NOT TRUE"
)

EXACT_EVENT = (
    "event_type, \"timestamp\", source, CASE WHEN eid <> '' THEN hash(eid) END AS eid, id, "
    "CASE WHEN by_address THEN lower(mail) END AS address, "
    "(event_type <> '' AND \"timestamp\" IS NOT NULL AND source IS DISTINCT FROM '' "
    "AND CASE WHEN by_address THEN mail <> '' ELSE id <> '' END) IS NOT TRUE AS doubt"
)

# in steps: a macro repeats the text of what it is given
EXACT_CELLS = (
    "event IS NOT NULL AS webhook, CASE WHEN event IS NOT NULL THEN event ELSE event_type END AS e, "
    'CASE WHEN event IS NOT NULL THEN "timestamp" '
    "ELSE coalesce(nullif(\"timestamp\", 'null'), event_timestamp) END AS t, "
    "CASE WHEN event IS NOT NULL THEN '\"mail\"' ELSE nullif(event_source, 'null') END AS s, "
    "CASE WHEN event IS NOT NULL THEN sg_event_id ELSE data_id END AS i, contact_id AS c, email AS m, _row, _j"
)
EXACT_VALUES = (
    'webhook, jstr(e) AS event_type, jinstant(t) AS "timestamp", '
    "CASE WHEN s IS NOT NULL THEN coalesce(jstr(s), '') END AS source, jstr(i) AS eid, "
    "nullif(jstr(c), '') AS id, coalesce(c, 'null') IN ('null', '\"\"') AS by_address, jstr(m) AS mail, _row, _j"
)


def data_of_object(item: str, is_webhook: str) -> str:
    """Return the SQL of an event's ``data``, of a webhook's object or a row of event_data."""
    own = f"[{', '.join(map(text, WEBHOOK_KEYS))}]"
    keys = f"json_keys({item})"
    payload = f"list_filter({keys}, lambda k: list_contains({own}, k))"
    beside = f"list_filter({keys}, lambda k: NOT list_contains({own}, k) AND NOT (k = 'unique_args' AND {_IS_OBJECT.format(item)}))"
    inside = (
        f"CASE WHEN {_IS_OBJECT.format(item)} THEN list_filter(json_keys({item}, '/unique_args'), lambda k: "
        f"NOT list_contains({beside}, k)) ELSE [] END"
    )
    send = f"CASE WHEN json_exists({item}, '/singlesend_id') THEN ['singlesend_id'] ELSE [] END"
    arguments = f"list_concat({_members(beside, item, '/')}, {_members(inside, item, '/unique_args/')}, {_members(send, item, '/')})"
    whole = f"list_concat({_members(payload, item, '/')}, [{_unique(arguments)}])"
    made = f"'{{\"payload\":{{' || array_to_string({whole}, ',') || '}}}}'"
    return f"CAST(CASE WHEN {is_webhook} THEN {made} ELSE CAST(json_extract({item}, '/data') AS VARCHAR) END AS JSON)"


_IS_OBJECT = "coalesce(json_type({}, '/unique_args') = 'OBJECT', FALSE)"


def _unique(arguments: str) -> str:
    return f"'\"unique_args\":{{' || array_to_string({arguments}, ',') || '}}'"


def _members(keys: str, item: str, at: str) -> str:
    """Return the SQL of the members of a JSON object, as texts, of some keys."""
    pointer_of = "replace(replace(k, '~', '~0'), '/', '~1')"
    return (
        f"list_transform({keys}, lambda k: CAST(to_json(k) AS VARCHAR) || ':' || "
        f"CAST(json_extract({item}, '{at}' || {pointer_of}) AS VARCHAR))"
    )
