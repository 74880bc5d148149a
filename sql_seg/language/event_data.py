"""What the Event Webhook puts into the data of an event, and where v1 and v2 read it.

v2 reads paths: the webhook's own keys below ``data:payload``, any other key, a unique argument, below
``data:payload.unique_args``. v1 reads one flat map of both. ``singlesend_id`` stands in both places, and
queries in use read it among the unique arguments.
"""

from __future__ import annotations

_KEYS = """
    email timestamp event contact_id smtp-id useragent ip sg_event_id sg_message_id reason status
    response tls url url_offset attempt category type asm_group_id pool marketing_campaign_id
    marketing_campaign_name marketing_campaign_version marketing_campaign_split_id singlesend_id
    singlesend_name mc_stats phase_id send_at sg_template_id sg_template_name template_id
    template_version_id template_hash sg_content_type sg_machine_open sg_user_id post_type newsletter
    cert_err bounce_classification
"""
WEBHOOK_KEYS = {key: key for key in _KEYS.split()}
"""The webhook's own keys; all others are unique arguments. (A dict, so that events share the texts.)"""

_IN_ARGUMENTS = frozenset({"singlesend_id"})


def path_of_key(key: str) -> tuple[str, ...]:
    """Return the keys of the path in ``data`` that leads to a key of v1's map."""
    if key in WEBHOOK_KEYS and key not in _IN_ARGUMENTS:
        return ("payload", key)
    return ("payload", "unique_args", key)


def key_of_path(keys: tuple[str, ...]) -> str | None:
    """Return the key of v1's map that a path leads to; None where it leads to none."""
    key = keys[-1] if keys else ""
    return key if keys == path_of_key(key) else None
