"""What the emulator has and SendGrid has not, all under ``/-/``: clock, reset, journal, state, faults."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.errors import RecordError
from sql_seg.language.timestamps import read_timestamp
from sql_seg.linting import diagnose
from sql_seg.server.answers import Answer, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.emulated_account import EmulatedAccount, Fault
from sql_seg.server.store import KINDS, Document
from sql_seg.server.validation_states import ask_for

LONGEST_STEP = timedelta(days=3660)
VALIDATIONS = ("PENDING", "VALID", "INVALID")


def health(account: EmulatedAccount, _: ApiCall) -> Answer:
    """Say that the emulator is there."""
    return Answer(200, {"status": "ok", "now": _shown(account.now())})


def get_clock(account: EmulatedAccount, _: ApiCall) -> Answer:
    """Return what the clock shows, and whether it follows the wall."""
    return Answer(200, {"now": _shown(account.now()), "follows": account.clock.follows})


def set_clock(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Set the clock, let it stand or follow."""
    body = call.object()
    if body.get("now") is not None:
        moment = read_timestamp(body["now"]) if isinstance(body["now"], str) else None
        if moment is None:
            raise refused(400, "now is a time such as 2026-11-23T12:00:00Z", "now")
        _check_step(moment - account.now(), "now")
        account.clock.set(moment)
    if isinstance(body.get("follows"), bool):
        (account.clock.follow if body["follows"] else account.clock.stop)()
    account.run_due()
    return get_clock(account, call)


def advance_clock(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Put the clock on, and do what falls due on the way."""
    body = call.object()
    names = ("seconds", "minutes", "hours", "days")
    amounts = {name: body[name] for name in names if isinstance(body.get(name), int | float)}
    if not amounts or any(isinstance(value, bool) for value in amounts.values()):
        raise refused(400, f"give one of {', '.join(names)} as a number", None)
    try:
        step = timedelta(**amounts)
        _check_step(step, None)
        account.advance(step)
    except (ValueError, OverflowError) as error:
        raise refused(400, str(error), None) from None
    return get_clock(account, call)


def _check_step(step: timedelta, name: str | None) -> None:
    """Refuse a step on whose way so much falls due that no answer would come. Raises ApiError."""
    if step > LONGEST_STEP:
        raise refused(400, f"the clock is put on by at most {LONGEST_STEP.days} days at once", name)


def get_state(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return everything that the emulator remembers, by kind; of given kinds or ids, these alone."""
    known = [kind for kind in KINDS if kind != "state"]
    kinds = call.values("kind") or known
    if not set(kinds) <= set(known):
        raise refused(400, f"kind is one of {', '.join(known)}", "kind")
    if not call.has("id"):
        return Answer(200, {kind: list(account.store.all(kind).values()) for kind in kinds})
    ids = call.values("id")
    found = {kind: [account.store.get(kind, one) for one in ids] for kind in kinds}
    return Answer(200, {kind: [one for one in some if one is not None] for kind, some in found.items()})


def transition(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Put a segment, or the next one that is made or edited, into a state of validation.

    The state comes at once, ``after_seconds``, or with the read number ``after_reads``; PENDING and INVALID
    last until another one is asked for, or the query is edited.
    """
    body = call.object()
    segment_id, validation = body.get("segment_id"), body.get("query_validation")
    if validation not in VALIDATIONS:
        raise refused(400, f"query_validation is one of {', '.join(VALIDATIONS)}", "query_validation")
    status = {"query_validation": validation}
    if validation == "INVALID":
        status["error_message"] = str(body.get("error_message") or "invalid query")
    wanted = {"status": status, "after_seconds": _amount(body, "after_seconds")}
    wanted["after_reads"] = int(_amount(body, "after_reads"))
    if segment_id is None:
        account.put_pending([*account.pending, wanted])
    elif not isinstance(segment_id, str) or account.store.get("segment", segment_id) is None:
        raise refused(404, "segment not found", "segment_id")
    else:
        ask_for(account, segment_id, wanted)
    return Answer(202, {"segment_id": segment_id, **status})


def _amount(body: Document, name: str) -> float:
    amount = body.get(name, 0)
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < 1e9:
        raise refused(400, f"{name} is a number from 0 on", name)
    return float(amount)


def check(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Say what is wrong with a query, and how many contacts it has now; nothing is stored."""
    body = call.object()
    query, lists = body.get("query"), body.get("parent_list_ids") or []
    if not isinstance(query, str):
        raise refused(400, "query is a text", "query")
    if not isinstance(lists, list) or not all(isinstance(item, str) for item in lists):
        raise refused(400, "parent_list_ids is an array of texts", "parent_list_ids")
    found = diagnose(query, account.schema)
    count: int | None = None
    if not any(item.is_error for item in found):
        try:
            count = len(account.members_of(account.segment(query, lists), account.now()))
        except (QueryError, RecordError) as error:
            raise refused(400, str(error), "query") from None
    diagnostics = [
        {
            "severity": item.severity.value,
            "code": item.code,
            "message": item.message,
            "help": item.help,
            "line": item.line,
            "column": item.column,
            "start": item.span.start,
            "end": item.span.end,
        }
        for item in found
    ]
    total = len(account.store.all("contact"))
    return Answer(200, {"count": count, "total": total, "diagnostics": diagnostics})


def get_faults(account: EmulatedAccount, _: ApiCall) -> Answer:
    """Return the faults that wait for calls."""
    return Answer(200, {"faults": [asdict(fault) for fault in account.faults]})


def add_fault(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Let the next calls of a path meet a status, a delay, or a closed connection."""
    body = call.object()
    path, status, times = body.get("path", "/v3/"), body.get("status"), body.get("times", 1)
    delay, method, reset = body.get("delay", 0.0), body.get("method"), body.get("rate_limit_reset")
    if not isinstance(path, str) or not path.startswith("/v3"):
        raise refused(400, "path starts with /v3", "path")
    if status is not None and (
        isinstance(status, bool) or not isinstance(status, int) or not 400 <= status < 600
    ):
        raise refused(400, "status is a number from 400 to 599", "status")
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= 1_000_000:
        raise refused(400, "times is a number from 1 on", "times")
    if isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay <= 60:
        raise refused(400, "delay is a number of seconds up to 60", "delay")
    if method is not None and not isinstance(method, str):
        raise refused(400, "method is a text such as GET", "method")
    if reset not in (None, "seconds", "epoch"):
        raise refused(400, "rate_limit_reset is seconds or epoch", "rate_limit_reset")
    method = method.upper() if method else None
    fault = Fault(path, method, status, float(delay), bool(body.get("drop")), times, reset)
    account.put_faults([*account.faults, fault])
    return get_faults(account, call)


def clear_faults(account: EmulatedAccount, _: ApiCall) -> Answer:
    """Forget all faults."""
    account.put_faults(())
    return Answer(204)


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
