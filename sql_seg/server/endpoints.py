"""All endpoints, one row each: its path, what it answers, and how sure it is that SendGrid answers so."""

from __future__ import annotations

from collections.abc import Callable

from sql_seg.frozen import frozen
from sql_seg.server import (
    bulk,
    contacts,
    extras,
    fields,
    lists,
    refreshes,
    segments,
    single_sends,
    webhook,
)
from sql_seg.server.account import Account, Action
from sql_seg.server.answers import Answer, Standing
from sql_seg.server.call import Call

DOC, SEEN, OURS = Standing.DOCUMENTED, Standing.RECORDED, Standing.OURS

Handler = Callable[[Account, Call], Answer]


@frozen
class Endpoint:
    """A method and a path with ``{names}``, what handles it, and its statuses with their standing."""

    method: str
    path: str
    handle: Handler
    statuses: dict[int, Standing]
    query: tuple[str, ...] = ()
    body: dict[str, str] | None = None
    """The keys of the body with their JSON types; a type with ``!`` is required."""
    limit: int = 600
    """How many calls a minute SendGrid takes."""
    bare: tuple[int, ...] = ()
    """The statuses whose body is ``{"error": "…"}``."""

    @property
    def name(self) -> str:
        """The method and the path."""
        return f"{self.method} {self.path}"

    @property
    def summary(self) -> str:
        """What it does, in one sentence."""
        return (self.handle.__doc__ or "").strip().splitlines()[0]


_M = "/v3/marketing"
_S2, _S1, _C = f"{_M}/segments/2.0", f"{_M}/segments", f"{_M}/contacts"
_L, _F, _SS = f"{_M}/lists", f"{_M}/field_definitions", f"{_M}/singlesends"
_W = "/v3/user/webhooks/event"
_FILTERS = ("ids", "parent_list_ids", "no_parent_list_id")
_NAMED = {"name": "string!"}

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("POST", _S2, segments.create_segment, {201: DOC, 400: DOC, 404: DOC},
             body={"name": "string!", "query_dsl": "string!", "parent_list_ids": "array"}),
    Endpoint("GET", _S2, segments.list_segments, {200: DOC, 400: DOC}, _FILTERS),
    Endpoint("POST", f"{_S2}/refresh/{{id}}", segments.refresh_segment,
             {202: DOC, 400: OURS, 403: DOC, 404: DOC, 429: DOC}, body={"user_time_zone": "string!"}, bare=(404, 500)),
    Endpoint("GET", f"{_S2}/{{id}}", segments.get_segment, {200: DOC, 400: OURS, 404: OURS}, ("contacts_sample",)),
    Endpoint("PATCH", f"{_S2}/{{id}}", segments.update_segment, {200: DOC, 400: DOC, 404: OURS, 429: OURS},
             body={"name": "string", "query_dsl": "string"}),
    Endpoint("DELETE", f"{_S2}/{{id}}", segments.delete_segment, {202: DOC, 404: DOC}),
    Endpoint("GET", _S1, segments.list_v1, {200: DOC, 400: DOC}, _FILTERS),
    Endpoint("POST", _S1, segments.gone_v1, {404: OURS}),
    Endpoint("POST", f"{_S1}/delete", segments.delete_many, {200: DOC, 202: DOC, 400: OURS}, body={"ids": "array!"}),
    Endpoint("GET", f"{_S1}/{{id}}", segments.get_v1, {200: DOC, 400: OURS, 404: DOC}, ("query_json",)),
    Endpoint("PATCH", f"{_S1}/{{id}}", segments.gone_v1, {404: OURS}),
    Endpoint("DELETE", f"{_S1}/{{id}}", segments.delete_v1, {202: DOC, 404: DOC}),
    Endpoint("PUT", _C, contacts.upsert, {202: DOC, 400: SEEN, 413: OURS},
             body={"list_ids": "array", "contacts": "array!"}),
    Endpoint("GET", _C, contacts.list_contacts, {200: SEEN}),
    Endpoint("DELETE", _C, contacts.delete, {202: DOC, 400: SEEN}, ("ids", "delete_all_contacts")),
    Endpoint("GET", f"{_C}/count", contacts.count_contacts, {200: DOC}),
    Endpoint("POST", f"{_C}/batch", contacts.batch, {200: DOC, 400: DOC}, body={"ids": "array!"}),
    Endpoint("POST", f"{_C}/search", contacts.search, {200: DOC, 400: DOC}, body={"query": "string!"}, limit=200),
    Endpoint("POST", f"{_C}/search/emails", contacts.search_emails, {200: DOC, 400: DOC, 404: DOC},
             body={"emails": "array!"}),
    Endpoint("POST", f"{_C}/search/identifiers/{{identifier_type}}", contacts.search_identifiers,
             {200: DOC, 400: DOC, 404: DOC}, body={"identifiers": "array!"}),
    Endpoint("PUT", f"{_C}/imports", bulk.start_import, {200: DOC, 400: DOC},
             body={"list_ids": "array", "file_type": "string!", "field_mappings": "array!"}),
    Endpoint("GET", f"{_C}/imports/{{id}}", bulk.get_job, {200: DOC, 404: DOC}),
    Endpoint("POST", f"{_C}/exports", bulk.start_export, {202: DOC, 400: DOC, 404: OURS},
             body={"list_ids": "array", "segment_ids": "array", "file_type": "string"}),
    Endpoint("GET", f"{_C}/exports", bulk.list_exports, {200: DOC}),
    Endpoint("GET", f"{_C}/exports/{{id}}", bulk.get_export, {200: DOC, 404: DOC}),
    Endpoint("GET", f"{_C}/{{id}}", contacts.get_contact, {200: SEEN, 404: SEEN}),
    Endpoint("DELETE", f"{_C}/{{id}}/identifiers", contacts.delete_identifier, {202: DOC, 400: DOC, 404: DOC},
             body={"identifier_type": "string!", "identifier_value": "string!"}),
    Endpoint("POST", _L, lists.create_list, {201: DOC, 400: DOC}, body=_NAMED),
    Endpoint("GET", _L, lists.list_lists, {200: SEEN, 400: OURS}, ("page_size", "page_token")),
    Endpoint("GET", f"{_L}/{{id}}", lists.get_list, {200: DOC, 400: OURS, 404: DOC}, ("contact_sample",)),
    Endpoint("PATCH", f"{_L}/{{id}}", lists.rename_list, {200: DOC, 400: DOC, 404: DOC}, body=_NAMED),
    Endpoint("DELETE", f"{_L}/{{id}}", lists.delete_list, {200: DOC, 204: DOC, 400: OURS, 404: DOC},
             ("delete_contacts",)),
    Endpoint("DELETE", f"{_L}/{{id}}/contacts", lists.remove_contacts, {202: DOC, 400: DOC, 404: DOC},
             ("contact_ids",)),
    Endpoint("GET", f"{_L}/{{id}}/contacts/count", lists.count_contacts, {200: DOC, 404: DOC}),
    Endpoint("POST", _F, fields.create_field, {200: DOC, 400: DOC}, body={"name": "string!", "field_type": "string!"}),
    Endpoint("GET", _F, fields.list_fields, {200: SEEN}),
    Endpoint("PATCH", f"{_F}/{{id}}", fields.rename_field, {200: DOC, 400: DOC, 404: DOC}, body=_NAMED),
    Endpoint("DELETE", f"{_F}/{{id}}", fields.delete_field, {204: DOC, 400: DOC, 404: DOC}),
    Endpoint("POST", _SS, single_sends.create, {201: DOC, 400: DOC}, body={"name": "string!", "send_to": "object"}),
    Endpoint("GET", _SS, single_sends.list_all, {200: DOC}),
    Endpoint("GET", f"{_SS}/{{id}}", single_sends.get, {200: DOC, 404: DOC}),
    Endpoint("PATCH", f"{_SS}/{{id}}", single_sends.update, {202: DOC, 400: DOC, 404: DOC},
             body={"name": "string", "send_to": "object"}),
    Endpoint("DELETE", f"{_SS}/{{id}}", single_sends.delete, {204: DOC, 404: DOC}),
    Endpoint("PUT", f"{_SS}/{{id}}/schedule", single_sends.schedule, {201: DOC, 400: DOC, 404: DOC},
             body={"send_at": "string!"}),
    Endpoint("POST", f"{_W}/settings", webhook.create_setting, {201: DOC, 400: DOC}, body={"url": "string!"}),
    Endpoint("GET", f"{_W}/settings/all", webhook.list_settings, {200: DOC}),
    Endpoint("GET", f"{_W}/settings", webhook.get_setting, {200: DOC, 404: DOC}),
    Endpoint("GET", f"{_W}/settings/{{id}}", webhook.get_setting, {200: DOC, 404: DOC}),
    Endpoint("PATCH", f"{_W}/settings/{{id}}", webhook.update_setting, {200: DOC, 400: DOC, 404: DOC},
             body={"url": "string"}),
    Endpoint("DELETE", f"{_W}/settings/{{id}}", webhook.delete_setting, {204: DOC, 404: DOC}),
    Endpoint("POST", f"{_W}/test", webhook.send_test_event, {204: DOC, 400: DOC}),
)  # fmt: skip
"""What SendGrid has; of two paths that fit, the first one counts."""

EXTRAS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/-/health", extras.health, {200: OURS}),
    Endpoint("GET", "/-/clock", extras.get_clock, {200: OURS}),
    Endpoint("PUT", "/-/clock", extras.set_clock, {200: OURS, 400: OURS}, body={"now": "string", "follows": "boolean"}),
    Endpoint("POST", "/-/clock/advance", extras.advance_clock, {200: OURS, 400: OURS},
             body={"seconds": "number", "minutes": "number", "hours": "number", "days": "number"}),
    Endpoint("POST", "/-/check", extras.check, {200: OURS, 400: OURS},
             body={"query": "string!", "parent_list_ids": "array"}),
    Endpoint("GET", "/-/state", extras.get_state, {200: OURS, 400: OURS}),
    Endpoint("POST", "/-/transitions", extras.transition, {202: OURS, 400: OURS, 404: OURS},
             body={"segment_id": "string", "query_validation": "string!", "error_message": "string",
                   "after_seconds": "number", "after_reads": "integer"}),
    Endpoint("GET", "/-/faults", extras.get_faults, {200: OURS}),
    Endpoint("POST", "/-/faults", extras.add_fault, {200: OURS, 400: OURS},
             body={"path": "string", "method": "string", "status": "integer", "delay": "number",
                   "drop": "boolean", "times": "integer"}),
    Endpoint("DELETE", "/-/faults", extras.clear_faults, {204: OURS}),
    Endpoint("POST", "/-/events", webhook.take_events, {200: OURS, 400: OURS}),
    Endpoint("PUT", "/-/uploads/{id}", bulk.upload, {200: OURS, 400: OURS, 404: OURS}),
    Endpoint("GET", "/-/files/{id}.csv.gz", bulk.download, {200: OURS, 404: OURS}),
    Endpoint("GET", "/-/files/{id}.json.gz", bulk.download, {200: OURS, 404: OURS}),
)  # fmt: skip
"""What only the emulator has."""

ACTIONS: dict[str, Action] = {
    "upsert_contacts": contacts.do_upsert,
    "delete_contacts": contacts.do_delete,
    "import_contacts": bulk.do_import,
    "export_contacts": bulk.do_export,
    "forget_file": bulk.forget_file,
    "take_off_list": lists.take_off_list,
    "refresh_segment": segments.do_refresh,
    "refresh_by_hand": refreshes.do_by_hand,
    "transition": segments.do_transition,
}
"""What the tasks of an account do."""
