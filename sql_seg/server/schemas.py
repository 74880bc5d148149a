"""The bodies of all answers, as JSON Schema: what the published description says, and the tests hold.

An object has the keys that are named and no others; those behind ``|`` may be absent.
"""

from __future__ import annotations

from typing import Any

from sql_seg.language.schema import FIELD_TYPES
from sql_seg.server.contacts import IDENTIFIER_TYPES, MOST_CONTACTS, SAMPLE
from sql_seg.server.extras import VALIDATIONS
from sql_seg.server.indexes import COUNTED
from sql_seg.server.uses import TYPES
from sql_seg.server.webhook import FLAGS

BodySchema = dict[str, Any]

_TEXT: BodySchema = {"type": "string"}
_WHOLE: BodySchema = {"type": "integer", "minimum": 0}
_FLAG: BodySchema = {"type": "boolean"}
_ANY: BodySchema = {}
_UUID: BodySchema = {"type": "string", "minLength": 1}
_TIME: BodySchema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
_NANOSECONDS: BodySchema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$"}
_ANY_TIME: BodySchema = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ| \d\d:\d\d:\d\d \+0000 UTC)$",
}


def _or_null(schema: BodySchema) -> BodySchema:
    return {"anyOf": [schema, {"type": "null"}]}


def _array(items: BodySchema, most: int | None = None) -> BodySchema:
    return {"type": "array", "items": items} | ({} if most is None else {"maxItems": most})


def _one_of(*values: str) -> BodySchema:
    return {"type": "string", "enum": list(values)}


def _ref(name: str) -> BodySchema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(
    keys: str, given: dict[str, BodySchema] | None = None, *, others: BodySchema | None = None
) -> BodySchema:
    """Return an object with keys, those behind ``|`` optional; a key has the schema given, or its usual."""
    needed, _, optional = keys.partition("|")
    known = {**_USUAL, **(given or {})}
    names = [*needed.split(), *optional.split()]
    return {
        "type": "object",
        "properties": {name: known.get(name, _TEXT) for name in names},
        "required": needed.split(),
        "additionalProperties": False if others is None else others,
    }


_LINK: BodySchema = {
    "type": "object",
    "properties": {"self": _TEXT, "next": _TEXT, "prev": _TEXT, "count": _WHOLE},
    "additionalProperties": False,
}
_USUAL: dict[str, BodySchema] = {
    **dict.fromkeys("id job_id".split(), _UUID),
    **dict.fromkeys("contacts_count contact_count billable_count".split(), _WHOLE),
    **dict.fromkeys("created_at updated_at last_refreshed_at started_at finished_at".split(), _TIME),
    **dict.fromkeys("sample_updated_at next_sample_update completed_at".split(), _or_null(_TIME)),
    **dict.fromkeys("refreshes_used max_refreshes".split(), _WHOLE),
    "expires_at": _TIME,
    "_metadata": _LINK,
    "name": _TEXT,
    "query_version": _one_of("2"),
    "parent_list_ids": _or_null(_array(_UUID)),
}

_COUNTED = _object(" ".join(COUNTED), dict.fromkeys(COUNTED, _WHOLE))
_STATUS = _object("query_validation | error_message", {"query_validation": _one_of(*VALIDATIONS)})
_TEXTS = """first_name last_name unique_name email phone_number_id external_id anonymous_id address_line_1
    address_line_2 city state_province_region country postal_code phone_number whatsapp line facebook"""
_REST = "sample_updated_at next_sample_update created_at updated_at parent_list_ids status"
_USED = "refreshes_used max_refreshes last_refreshed_at"
_CUSTOM: BodySchema = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}

_LISTED_KEYS = "alternate_emails list_ids segment_ids"
_FULL: dict[str, BodySchema] = {
    **dict.fromkeys(_LISTED_KEYS.split(), _or_null(_array(_TEXT))),
    "custom_fields": _or_null(_CUSTOM),
    "created_at": _ANY_TIME,
    "updated_at": _ANY_TIME,
}
_WITHOUT_SEGMENTS = f"id {_TEXTS} alternate_emails list_ids custom_fields created_at updated_at _metadata"
_SAMPLE: dict[str, BodySchema] = {
    **dict.fromkeys(_LISTED_KEYS.split(), _array(_TEXT)),
    "custom_fields": _CUSTOM,
}
_SEGMENT: dict[str, BodySchema] = {
    "identifier_counts": _COUNTED,
    "contacts_sample": _array(_ref("SampleContact"), SAMPLE),
    "status": _STATUS,
    "query_json": _ANY,
}
_JOB_RESULTS: BodySchema = _object(
    "| requested_count created_count updated_count deleted_count errored_count errors_url",
    dict.fromkeys("requested_count created_count updated_count deleted_count errored_count".split(), _WHOLE),
)
_FAULT: dict[str, BodySchema] = {
    "method": _or_null(_TEXT),
    "status": _or_null({"type": "integer"}),
    "delay": {"type": "number"},
    "drop": _FLAG,
    "times": _WHOLE,
    "rate_limit_reset": _or_null(_one_of("seconds", "epoch")),
}
_USE: dict[str, BodySchema] = {
    "type": _one_of(*TYPES),
    "segment_ids": _array(_TEXT),
    "single_send_id": _or_null(_TEXT),
}
_LOOKED_UP: BodySchema = {
    "anyOf": [_object("contact", {"contact": _ref("Contact")}), _object("error")],
}
_FIELD: dict[str, BodySchema] = {"field_type": _one_of(*FIELD_TYPES), "read_only": {"const": True}}
_NAMED: BodySchema = _array(_object("ID Name", {"Name": _or_null(_TEXT)}))
_EXPORT: dict[str, BodySchema] = {
    "status": _one_of("pending", "ready", "failure"),
    "urls": _array(_TEXT),
    "message": _or_null(_TEXT),
    "export_type": _one_of("contacts_export", "list_export", "segment_export"),
    "segments": _NAMED,
    "lists": _NAMED,
}
_DOCUMENTS: BodySchema = _array({"type": "object"})

SCHEMAS: dict[str, BodySchema] = {
    "Errors": _object(
        "errors",
        {
            "errors": {
                **_array(
                    _object(
                        "field message | help error_id parameter",
                        {"field": _or_null(_TEXT), "help": _or_null(_TEXT)},
                    )
                ),
                "minItems": 1,
            }
        },
    ),
    "Error": _object("error"),
    "Unwrapped": _object("message parameter"),
    "JobId": _object("job_id"),
    "Empty": _object(""),
    "SampleContact": _object(
        f"id list_ids segment_ids created_at updated_at _metadata | {_TEXTS} alternate_emails custom_fields",
        _SAMPLE,
    ),
    "Contact": _object(f"{_WITHOUT_SEGMENTS} segment_ids", _FULL),
    "LatestContact": _object(
        _WITHOUT_SEGMENTS, {**_FULL, "created_at": _NANOSECONDS, "updated_at": _NANOSECONDS}
    ),
    "Segment": _object(
        f"id name query_dsl contacts_count identifier_counts {_REST} | query_version contacts_sample {_USED}",
        _SEGMENT,
    ),
    "ListedSegment": _object(f"id name contacts_count {_REST} | query_version {_USED}", _SEGMENT),
    "OlderSegment": _object(
        f"id name query_dsl contacts_count contacts_sample {_REST} parent_list_id "
        f"| query_version query_json {_USED}",
        _SEGMENT,
    ),
    "ListedOlderSegment": _object(
        "id contacts_count created_at name sample_updated_at updated_at next_sample_update parent_list_id"
    ),
    "Segments": _object("results", {"results": _array(_ref("ListedSegment"))}),
    "OlderSegments": _object("results", {"results": _array(_ref("ListedOlderSegment"))}),
    "NotDeleted": _object(
        "errors",
        {
            "errors": _array(
                _object(
                    "id error | resources",
                    {
                        "id": _TEXT,
                        "error": _one_of("in-use", "segment not found", "invalid uuid"),
                        "resources": _object("type ids", {"ids": _array(_TEXT)}),
                    },
                )
            )
        },
    ),
    "LatestContacts": _object(
        "result contact_count _metadata", {"result": _array(_ref("LatestContact"), SAMPLE)}
    ),
    "FoundContacts": _object("result contact_count _metadata", {"result": _array(_ref("Contact"), SAMPLE)}),
    "SomeContacts": _object("result", {"result": _array(_ref("Contact"), 100)}),
    "ContactsByKey": _object("result", {"result": {"type": "object", "additionalProperties": _LOOKED_UP}}),
    "Counts": _object("contact_count billable_count identifier_counts", {"identifier_counts": _COUNTED}),
    "Job": _object(
        "id status job_type | results started_at finished_at",
        {
            "status": _one_of("pending", "completed", "errored", "failed"),
            "results": _JOB_RESULTS,
        },
    ),
    "Import": _object(
        "job_id upload_uri upload_headers", {"upload_headers": _array(_object("header value"))}
    ),
    "ExportId": _object("id _metadata"),
    "Export": _object(
        "id status created_at updated_at completed_at expires_at urls message contact_count", _EXPORT
    ),
    "Exports": _object(
        "result _metadata",
        {
            "result": _array(
                _object(
                    "id status created_at completed_at expires_at urls export_type segments lists _metadata",
                    _EXPORT,
                )
            )
        },
    ),
    "List": _object(
        "id name contact_count _metadata | contact_sample",
        {"contact_sample": _array(_ref("Contact"), SAMPLE)},
    ),
    "Lists": _object("result _metadata", {"result": _array(_ref("List"))}),
    "ListCounts": _object("contact_count billable_count"),
    "Field": _object("id name field_type _metadata", _FIELD),
    "Fields": _object(
        "reserved_fields _metadata | custom_fields",
        dict.fromkeys(
            ("reserved_fields", "custom_fields"),
            _array(_object("id name field_type | read_only", _FIELD)),
        ),
    ),
    "SingleSend": _object(
        "id name status created_at updated_at | send_to send_at",
        {
            "status": _one_of("draft", "scheduled", "triggered"),
            "send_to": _or_null({"type": "object"}),
            "send_at": _or_null(_TIME),
        },
        others=_ANY,
    ),
    "SingleSends": _object("result _metadata", {"result": _array(_ref("SingleSend"))}),
    "Scheduled": _object("send_at status", {"send_at": _TIME, "status": _one_of("scheduled", "triggered")}),
    "Webhook": _object(
        f"id url created_date friendly_name {' '.join(FLAGS)}",
        {**dict.fromkeys(FLAGS, _FLAG), "created_date": _TIME, "friendly_name": _ANY},
    ),
    "Webhooks": _object("max_allowed webhooks", {"max_allowed": _WHOLE, "webhooks": _array(_ref("Webhook"))}),
    "Health": _object("status now", {"status": _one_of("ok")}),
    "Clock": _object("now follows", {"follows": _FLAG}),
    "Checked": _object(
        "count total diagnostics",
        {"count": _or_null(_WHOLE), "total": _WHOLE, "diagnostics": _DOCUMENTS},
    ),
    "State": {"type": "object", "additionalProperties": _DOCUMENTS},
    "Transition": _object("segment_id query_validation | error_message", {"segment_id": _or_null(_TEXT)}),
    "Faults": _object(
        "faults", {"faults": _array(_object("path method status delay drop times rate_limit_reset", _FAULT))}
    ),
    "Use": _object("id type segment_ids single_send_id", _USE),
    "Uses": _object("uses", {"uses": _array(_ref("Use"))}),
    "Taken": _object("taken", {"taken": _WHOLE}),
    "Description": {"type": "object", "required": ["openapi", "info", "paths"]},
    "Requests": _object("requests", {"requests": _DOCUMENTS}),
}
"""All bodies by name."""

FILE = "a file"
"""In place of a schema: a body that is no JSON."""

_TRUTH: BodySchema = {"type": "string", "enum": ["true", "false"]}
_HUNDRED: BodySchema = {**_array(_TEXT, 100), "minItems": 1}
_DSL = "SELECT contact_id, updated_at FROM contact_data WHERE country = 'US'"
_MOMENT = {"type": "string", "format": "date-time", "example": "2026-11-23T12:00:00Z"}

REQUESTS: dict[str, BodySchema] = {
    "name": {"type": "string", "minLength": 1, "maxLength": 100, "example": "Customers"},
    "query_dsl": {"type": "string", "minLength": 1, "example": _DSL},
    "query": {"type": "string", "minLength": 1, "example": "country = 'US'"},
    "user_time_zone": {"type": "string", "example": "America/Denver"},
    "parent_list_ids": _array(_TEXT, 1),
    "list_ids": _array(_TEXT),
    "segment_ids": _array(_TEXT),
    "ids": {**_array(_TEXT, 100), "example": ["115715d0-0000-4000-8000-000000000001"]},
    "emails": {**_HUNDRED, "example": ["dave@example.com"]},
    "identifiers": {**_HUNDRED, "example": ["dave@example.com"]},
    "contacts": {
        "type": "array",
        "items": {"type": "object"},
        "minItems": 1,
        "maxItems": MOST_CONTACTS,
        "example": [{"email": "dave@example.com", "country": "US"}],
    },
    "field_mappings": {**_array(_or_null(_TEXT)), "minItems": 1, "example": ["_rf2_T", None]},
    "field_type": _one_of(*FIELD_TYPES),
    "file_type": _one_of("csv", "json"),
    "identifier_type": _one_of(*IDENTIFIER_TYPES),
    "send_at": {"type": "string", "example": "now"},
    "url": {"type": "string", "pattern": "^https?://", "example": "https://example.com/events"},
    "query_validation": _one_of(*VALIDATIONS),
    "type": _one_of(*TYPES),
    "now": _MOMENT,
    "path": {"type": "string", "pattern": "^/v3", "example": "/v3/marketing/segments"},
    "status": {"type": "integer", "minimum": 400, "maximum": 599},
    "times": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
    "delay": {"type": "number", "minimum": 0, "maximum": 60},
    "rate_limit_reset": _one_of("seconds", "epoch"),
}
"""What the keys of bodies take, where that is more than their type."""

PARAMETERS: dict[str, BodySchema] = {
    **dict.fromkeys("contacts_sample no_parent_list_id query_json contact_sample".split(), _TRUTH),
    **dict.fromkeys("delete_contacts delete_all_contacts".split(), _TRUTH),
    "page_size": {"type": "integer", "minimum": 1, "maximum": 1000},
}
"""What parameters in the query take, where that is more than a text."""
