"""All endpoints, one row each: its path, what it answers, and how sure it is that SendGrid answers so."""

from __future__ import annotations

from collections.abc import Callable

from sql_seg.frozen import field, frozen
from sql_seg.server import (
    bulk,
    contacts,
    extras,
    fields,
    list_counts,
    lists,
    older_segments,
    refreshing,
    refreshing_by_hand,
    segments,
    single_sends,
    uses,
    validation_states,
    webhook,
)
from sql_seg.server.answers import Answer, Standing
from sql_seg.server.call import ApiCall
from sql_seg.server.emulated_account import AccountAction, EmulatedAccount
from sql_seg.server.schemas import FILE

DOC, SEEN, OURS = Standing.DOCUMENTED, Standing.RECORDED, Standing.OURS

Handler = Callable[[EmulatedAccount, ApiCall], Answer]


CALLS_A_MINUTE = 600
"""How many calls a minute SendGrid takes of an endpoint whose row says nothing else, and of unknown paths."""


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
    limit: int = CALLS_A_MINUTE
    """How many calls a minute SendGrid takes."""
    bare: tuple[int, ...] = ()
    """The statuses whose body is ``{"error": "…"}``."""
    on_demand: dict[int, Standing] = field(default_factory=dict)
    """What SendGrid documents and only a fault that is asked for brings about here."""
    gives: str | dict[int, str] = ""
    """The schemas of what it gives, by status, or of all that it gives; none is no body."""

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
             body={"name": "string!", "query_dsl": "string!", "parent_list_ids": "array"}, gives="Segment"),
    Endpoint("GET", _S2, segments.list_segments, {200: DOC, 400: DOC}, _FILTERS, on_demand={404: DOC}, gives="Segments"),
    Endpoint("POST", f"{_S2}/refresh/{{id}}", refreshing_by_hand.by_hand,
             {202: DOC, 400: OURS, 403: DOC, 404: DOC, 429: DOC}, body={"user_time_zone": "string!"}, bare=(404, 500), gives="JobId"),
    Endpoint("GET", f"{_S2}/{{id}}", segments.get_segment, {200: DOC, 400: OURS, 404: OURS}, ("contacts_sample",), gives="Segment"),
    Endpoint("PATCH", f"{_S2}/{{id}}", segments.update_segment, {200: DOC, 400: DOC, 404: OURS, 429: OURS},
             body={"name": "string", "query_dsl": "string"}, gives="Segment"),
    Endpoint("DELETE", f"{_S2}/{{id}}", segments.delete_segment, {202: DOC, 400: OURS, 404: DOC}),
    Endpoint("GET", _S1, older_segments.list_v1, {200: DOC, 400: DOC}, _FILTERS, gives="OlderSegments"),
    Endpoint("POST", _S1, older_segments.gone_v1, {404: OURS}),
    Endpoint("POST", f"{_S1}/delete", older_segments.delete_many, {200: DOC, 202: DOC, 400: OURS}, body={"ids": "array!"}, gives={200: "NotDeleted", 202: "Empty"}),
    Endpoint("GET", f"{_S1}/{{id}}", older_segments.get_v1, {200: DOC, 400: OURS, 404: DOC}, ("query_json",), gives="OlderSegment"),
    Endpoint("PATCH", f"{_S1}/{{id}}", older_segments.gone_v1, {404: OURS}),
    Endpoint("DELETE", f"{_S1}/{{id}}", older_segments.delete_v1, {202: DOC, 400: OURS, 404: DOC}, gives="Empty"),
    Endpoint("PUT", _C, contacts.upsert, {202: DOC, 400: SEEN, 413: OURS},
             body={"list_ids": "array", "contacts": "array!"}, gives="JobId"),
    Endpoint("GET", _C, contacts.list_contacts, {200: SEEN}, gives="LatestContacts"),
    Endpoint("DELETE", _C, contacts.delete, {202: DOC, 400: SEEN}, ("ids", "delete_all_contacts"), gives="JobId"),
    Endpoint("GET", f"{_C}/count", contacts.count_contacts, {200: DOC}, gives="Counts"),
    Endpoint("POST", f"{_C}/batch", contacts.batch, {200: DOC, 400: DOC}, body={"ids": "array!"}, gives="SomeContacts"),
    Endpoint("POST", f"{_C}/search", contacts.search, {200: DOC, 400: DOC, 408: DOC}, body={"query": "string!"}, limit=200, gives="FoundContacts"),
    Endpoint("POST", f"{_C}/search/emails", contacts.search_emails, {200: DOC, 400: DOC, 404: DOC},
             body={"emails": "array!"}, gives="ContactsByKey"),
    Endpoint("POST", f"{_C}/search/identifiers/{{identifier_type}}", contacts.search_identifiers,
             {200: DOC, 400: DOC, 404: DOC}, body={"identifiers": "array!"}, gives="ContactsByKey"),
    Endpoint("PUT", f"{_C}/imports", bulk.start_import, {200: DOC, 400: DOC},
             body={"list_ids": "array", "file_type": "string!", "field_mappings": "array!"}, gives="Import"),
    Endpoint("GET", f"{_C}/imports/{{id}}", bulk.get_job, {200: DOC, 404: DOC}, gives="Job"),
    Endpoint("POST", f"{_C}/exports", bulk.start_export, {202: DOC, 400: DOC, 404: OURS},
             body={"list_ids": "array", "segment_ids": "array", "file_type": "string"}, gives="ExportId"),
    Endpoint("GET", f"{_C}/exports", bulk.list_exports, {200: DOC}, gives="Exports"),
    Endpoint("GET", f"{_C}/exports/{{id}}", bulk.get_export, {200: DOC, 404: DOC}, gives="Export"),
    Endpoint("GET", f"{_C}/{{id}}", contacts.get_contact, {200: SEEN, 404: SEEN}, gives="Contact"),
    Endpoint("DELETE", f"{_C}/{{id}}/identifiers", contacts.delete_identifier, {202: DOC, 400: DOC, 404: DOC},
             body={"identifier_type": "string!", "identifier_value": "string!"}, gives="JobId"),
    Endpoint("POST", _L, lists.create_list, {201: DOC, 400: DOC}, body=_NAMED, gives="List"),
    Endpoint("GET", _L, lists.list_lists, {200: SEEN, 400: OURS}, ("page_size", "page_token"), gives="Lists"),
    Endpoint("GET", f"{_L}/{{id}}", lists.get_list, {200: DOC, 400: OURS, 404: DOC}, ("contact_sample",), gives="List"),
    Endpoint("PATCH", f"{_L}/{{id}}", lists.rename_list, {200: DOC, 400: DOC, 404: DOC}, body=_NAMED, gives="List"),
    Endpoint("DELETE", f"{_L}/{{id}}", lists.delete_list, {200: DOC, 204: DOC, 400: OURS, 404: DOC},
             ("delete_contacts",), gives={200: "JobId"}),
    Endpoint("DELETE", f"{_L}/{{id}}/contacts", lists.remove_contacts, {202: DOC, 400: DOC, 404: DOC},
             ("contact_ids",), gives="JobId"),
    Endpoint("GET", f"{_L}/{{id}}/contacts/count", lists.count_contacts, {200: DOC, 404: DOC}, gives="ListCounts"),
    Endpoint("POST", _F, fields.create_field, {200: DOC, 400: DOC}, body={"name": "string!", "field_type": "string!"}, gives="Field"),
    Endpoint("GET", _F, fields.list_fields, {200: SEEN}, gives="Fields"),
    Endpoint("PATCH", f"{_F}/{{id}}", fields.rename_field, {200: DOC, 400: DOC, 404: DOC}, body=_NAMED, gives="Field"),
    Endpoint("DELETE", f"{_F}/{{id}}", fields.delete_field, {204: DOC, 400: DOC, 404: DOC}),
    Endpoint("POST", _SS, single_sends.create, {201: DOC, 400: DOC}, body={"name": "string!", "send_to": "object", "send_at": "string"}, gives="SingleSend"),
    Endpoint("GET", _SS, single_sends.list_all, {200: DOC}, gives="SingleSends"),
    Endpoint("GET", f"{_SS}/{{id}}", single_sends.get, {200: DOC, 404: DOC}, gives="SingleSend"),
    Endpoint("PATCH", f"{_SS}/{{id}}", single_sends.update, {202: DOC, 400: DOC, 404: DOC},
             body={"name": "string", "send_to": "object", "send_at": "string"}, gives="SingleSend"),
    Endpoint("DELETE", f"{_SS}/{{id}}", single_sends.delete, {204: DOC, 404: DOC}),
    Endpoint("PUT", f"{_SS}/{{id}}/schedule", single_sends.schedule, {201: DOC, 400: DOC, 404: DOC},
             body={"send_at": "string!"}, gives="Scheduled"),
    Endpoint("DELETE", f"{_SS}/{{id}}/schedule", single_sends.unschedule, {204: DOC, 400: OURS, 404: DOC}),
    Endpoint("POST", f"{_W}/settings", webhook.create_setting, {201: DOC, 400: DOC}, body={"url": "string!"}, gives="Webhook"),
    Endpoint("GET", f"{_W}/settings/all", webhook.list_settings, {200: DOC}, gives="Webhooks"),
    Endpoint("GET", f"{_W}/settings", webhook.get_setting, {200: DOC, 404: DOC}, gives="Webhook"),
    Endpoint("GET", f"{_W}/settings/{{id}}", webhook.get_setting, {200: DOC, 404: DOC}, gives="Webhook"),
    Endpoint("PATCH", f"{_W}/settings/{{id}}", webhook.update_setting, {200: DOC, 400: DOC, 404: DOC},
             body={"url": "string"}, gives="Webhook"),
    Endpoint("DELETE", f"{_W}/settings/{{id}}", webhook.delete_setting, {204: DOC, 404: DOC}),
    Endpoint("POST", f"{_W}/test", webhook.send_test_event, {204: DOC, 400: DOC}),
)  # fmt: skip
"""What SendGrid has; of two paths that fit, the first one counts."""

EXTRAS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/-/health", extras.health, {200: OURS}, gives="Health"),
    Endpoint("GET", "/-/clock", extras.get_clock, {200: OURS}, gives="Clock"),
    Endpoint("PUT", "/-/clock", extras.set_clock, {200: OURS, 400: OURS}, body={"now": "string", "follows": "boolean"}, gives="Clock"),
    Endpoint("POST", "/-/clock/advance", extras.advance_clock, {200: OURS, 400: OURS},
             body={"seconds": "number", "minutes": "number", "hours": "number", "days": "number"}, gives="Clock"),
    Endpoint("POST", "/-/check", extras.check, {200: OURS, 400: OURS},
             body={"query": "string!", "parent_list_ids": "array"}, gives="Checked"),
    Endpoint("GET", "/-/state", extras.get_state, {200: OURS, 400: OURS}, ("kind", "id"), gives="State"),
    Endpoint("POST", "/-/transitions", extras.transition, {202: OURS, 400: OURS, 404: OURS},
             body={"segment_id": "string", "query_validation": "string!", "error_message": "string",
                   "after_seconds": "number", "after_reads": "integer"}, gives="Transition"),
    Endpoint("GET", "/-/faults", extras.get_faults, {200: OURS}, gives="Faults"),
    Endpoint("POST", "/-/faults", extras.add_fault, {200: OURS, 400: OURS},
             body={"path": "string", "method": "string", "status": "integer", "delay": "number",
                   "drop": "boolean", "times": "integer", "rate_limit_reset": "string"}, gives="Faults"),
    Endpoint("DELETE", "/-/faults", extras.clear_faults, {204: OURS}),
    Endpoint("POST", "/-/uses", uses.add_use, {201: OURS, 400: OURS, 404: OURS},
             body={"type": "string!", "segment_ids": "array!", "single_send_id": "string"}, gives="Use"),
    Endpoint("GET", "/-/uses", uses.list_uses, {200: OURS}, gives="Uses"),
    Endpoint("DELETE", "/-/uses/{id}", uses.delete_use, {204: OURS, 404: OURS}),
    Endpoint("POST", "/-/events", webhook.take_events, {200: OURS, 400: OURS}, gives="Taken"),
    Endpoint("PUT", "/-/uploads/{id}", bulk.upload, {200: OURS, 400: OURS, 404: OURS}),
    Endpoint("GET", "/-/files/{id}.csv.gz", bulk.download, {200: OURS, 404: OURS}, gives=FILE),
    Endpoint("GET", "/-/files/{id}.json.gz", bulk.download, {200: OURS, 404: OURS}, gives=FILE),
)  # fmt: skip
"""What only the emulator has."""

ACTIONS: dict[str, AccountAction] = {
    "upsert_contacts": contacts.do_upsert,
    "delete_contacts": contacts.do_delete,
    "import_contacts": bulk.do_import,
    "export_contacts": bulk.do_export,
    "forget_file": bulk.forget_file,
    "take_off_list": lists.take_off_list,
    "count_lists": list_counts.count_again,
    "make_field_usable": fields.make_usable,
    "trigger_single_send": single_sends.trigger,
    "refresh_segment": refreshing.do_refresh,
    "refresh_by_hand": refreshing_by_hand.do_by_hand,
    "transition": validation_states.do_transition,
}
"""What the tasks of an account do."""
