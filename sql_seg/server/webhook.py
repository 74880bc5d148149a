"""The event webhook: its settings, and the intake that events are sent to."""

from __future__ import annotations

from typing import Any

from sql_seg.errors import RecordError
from sql_seg.records.events import event_row
from sql_seg.server.answers import Answer, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.clock import as_text
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.store import Document

FLAGS = """enabled group_resubscribe group_unsubscribe delivered spam_report bounce unsubscribe processed
    open click dropped deferred""".split()


def create_setting(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Add a webhook."""
    setting_id = account.new_id()
    now = as_text(account.now())
    return Answer(
        201,
        account.store.put(
            "webhook", setting_id, _checked(call.object(), {"id": setting_id, "created_date": now})
        ),
    )


def list_settings(account: EmulatedAccount, _: ApiCall) -> Answer:
    """Return all webhooks."""
    return Answer(200, {"max_allowed": 5, "webhooks": list(account.store.all("webhook").values())})


def get_setting(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return one webhook."""
    return Answer(200, _found(account, call))


def update_setting(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Change a webhook."""
    setting = _found(account, call)
    return Answer(200, account.store.put("webhook", setting["id"], _checked(call.object(), setting)))


def delete_setting(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Delete a webhook."""
    account.store.delete("webhook", _found(account, call)["id"])
    return Answer(204)


def send_test_event(_: EmulatedAccount, call: ApiCall) -> Answer:
    """Take the request for a test event; the emulator sends nothing."""
    call.object()
    return Answer(204)


def take_events(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Take in what the Event Webhook sends: a JSON array of events."""
    body = call.json()
    events = body if isinstance(body, list) else [body]
    for index, event in enumerate(events):
        if not isinstance(event, dict):
            raise refused(400, "an event is an object", f"[{index}]")
        try:
            event_row(event)
        except (RecordError, TypeError, ValueError) as error:
            raise refused(400, str(error), f"[{index}]") from None
    for event in events:
        number = account.store.next_number("events")
        account.store.put("event", f"{number:012d}", {"event": event})
    return Answer(200, {"taken": len(events)})


def _found(account: EmulatedAccount, call: ApiCall) -> Document:
    setting_id = call.parameters.get("id")
    settings = account.store.all("webhook")
    setting = next(iter(settings.values()), None) if setting_id is None else settings.get(setting_id)
    if setting is None:
        raise refused(404, "webhook not found", "id")
    return setting


def _checked(body: Document, before: Document) -> Document:
    url = body.get("url", before.get("url"))
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise refused(400, "url must be an address", "url")
    flags: dict[str, Any] = {}
    for key in FLAGS:
        value = body.get(key, before.get(key, False))
        if not isinstance(value, bool):
            raise refused(400, f"{key} must be true or false", key)
        flags[key] = value
    return {
        **before,
        "url": url,
        "friendly_name": body.get("friendly_name", before.get("friendly_name")),
        **flags,
    }
