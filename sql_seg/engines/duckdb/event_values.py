"""The values of events as SQL: what matters of each, and what queries read of its data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sql_seg.core.reads import PRESENCE, JsonPath
from sql_seg.engines.duckdb.connection import text
from sql_seg.language.event_data import WEBHOOK_KEYS
from sql_seg.language.schema import EVENT_TYPES
from sql_seg.sql.duckdb import pointer

PLAIN_KEYS = ("email", "event", "timestamp", "contact_id", "sg_event_id")
ROW_KEYS = ("event_type", "event_timestamp", "event_source")


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


def of_webhook(path: JsonPath, value: Callable[[JsonPath], str]) -> str:
    """Return the SQL of a path's JSON text in a webhook's object, whose values at a place ``value`` gives."""
    if path in (("payload",), ("payload", "unique_args")):
        return "'{}'"  # they are there always, but are no value of any type
    found = [f"CAST({value(place)} AS VARCHAR)" for place in webhook_places(path)]
    return f"coalesce({', '.join(found)})" if found else "NULL::VARCHAR"


def columns_of(paths: Sequence[JsonPath], value: Callable[[JsonPath], str]) -> str:
    """Return the SQL of the columns of paths, ``data_0`` and so on: what stands there as JSON.

    NULL stands for null, except where ``PRESENCE`` is asked for.
    """
    found = [
        value(path[:-1]) if path[-1:] == (PRESENCE,) else f"nullif({value(path)}, 'null')" for path in paths
    ]
    return "".join(f", {each} AS data_{at}" for at, each in enumerate(found))


def text_in_object(item: str, is_webhook: str) -> Callable[[JsonPath], str]:
    """Return what gives the JSON text of a path in an event's object, a webhook's or a row of event_data."""

    def value(path: JsonPath) -> str:
        own = of_webhook(path, lambda place: f"json_extract({item}, {text(pointer(*place))})")
        row = f"CAST(json_extract({item}, {text(pointer('data', *path))}) AS VARCHAR)"
        return f"CASE WHEN {is_webhook} THEN {own} ELSE {row} END"

    return value


PLAIN_EVENT = (
    'event AS event_type, coalesce(of_unix(TRY_CAST("timestamp" AS DOUBLE)), read_ts("timestamp")) AS "timestamp", '
    # hash(NULL) is no NULL
    "'mail' AS source, CASE WHEN sg_event_id <> '' THEN hash(sg_event_id) END AS eid, contact_id AS id, "
    "CASE WHEN contact_id IS NULL THEN lower(email) END AS address"
)

DOUBT = (
    f"(event IN ({', '.join(map(text, EVENT_TYPES))}) "
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
