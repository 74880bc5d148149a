"""The emulator: an account, and what stands between a request and the endpoint that answers it.

It knows no HTTP but methods, paths and headers: who calls is let in, counted against limits, met with the
faults that a test has asked for, and written down. All that is due by the clock is done before the answer.
"""

from __future__ import annotations

import hmac
import re
import threading
import traceback
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sql_seg.frozen import replace
from sql_seg.server.answers import (
    HINT,
    SUBUSER,
    Answer,
    ApiError,
    empty,
    encoded,
    failed,
    refused,
    told_of_subuser,
)
from sql_seg.server.call import ApiCall
from sql_seg.server.emulated_account import EmulatedAccount, Fault
from sql_seg.server.endpoints import ACTIONS, CALLS_A_MINUTE, ENDPOINTS, EXTRAS, Endpoint
from sql_seg.server.loading import Loaded
from sql_seg.server.openapi import description
from sql_seg.server.store import FullError

_JOURNAL, _JOURNAL_BYTES = 1000, 10_000
"""So many requests are remembered, and so much of a body and of an answer."""

_OLDER = ("/v3/user/", "/v3/contactdb/")
"""Where a limit's reset is always a moment [doc]; newer endpoints tell seconds [recorded]."""

_KEY = re.compile(r"Bearer\s+(\S+)", re.IGNORECASE)


class Emulator:
    """An account and the requests to it. ``account`` may be looked into; ``requests`` is the journal."""

    def __init__(self, account: EmulatedAccount, loaded: Loaded | None = None) -> None:
        self.account = account
        self.requests: deque[dict[str, Any]] = deque(maxlen=_JOURNAL)
        self._loaded = loaded or Loaded()
        self._routes = [(endpoint, _pattern(endpoint.path)) for endpoint in (*ENDPOINTS, *EXTRAS)]
        self._calls: dict[tuple[str, datetime], int] = {}
        self._lock = threading.RLock()  # tests move the clock and reset from their own threads
        account.actions = ACTIONS
        if account.store.all("state"):
            self._restore()
        else:
            with account.store.transaction():
                self._begin(account.clock.as_state())

    def reset(self) -> None:
        """Go back to what was loaded at the start, and to the moment of the start."""
        account = self.account
        with self._lock:
            with account.store.transaction():
                started = dict(account.store.all("state")["start"])
                account.store.clear()
                account.members.clear()
                account.clock.restore(started)
                self._begin(started)
            self.requests.clear()
            self._calls.clear()

    def advance(self, by: timedelta) -> None:
        """Put the clock on, and do what falls due on the way."""
        with self._lock:
            self.account.advance(by)
            self.account.keep_clock()

    def close(self) -> None:
        """Close the store, once nothing is asked any more."""
        with self._lock:
            if self.account.store.is_open:
                with suppress(FullError):
                    self.account.keep_clock()
            self.account.store.close()

    def _begin(self, started: dict[str, Any]) -> None:
        """Load what an empty account starts with; ``started`` is how its clock stands then."""
        self.account.store.put("state", "start", started)
        self.account.keep_clock()
        self._loaded.into(self.account)

    def _restore(self) -> None:
        """Go on where a process before this one ended: with its clock, and who was in which segment."""
        account = self.account
        known = account.store.get("state", "clock")
        if known is not None:
            asked_for = None if account.clock.follows else account.now()
            account.clock.restore(known)
            if asked_for is not None and asked_for > account.now():  # a clock never goes back by itself
                account.clock.set(asked_for)
                account.clock.stop()
        if account.store.get("state", "start") is None:
            account.store.put("state", "start", account.clock.as_state())
        account.members.update(account.store.members())
        self.requests.extend(account.store.journal())

    def answer(self, call: ApiCall, headers: Mapping[str, str], fault: Fault | None = None) -> Answer | None:
        """Return what a call is answered with; None where the connection ends instead. It never raises.

        ``headers`` are keyed in small letters; ``fault`` is what ``fault`` found for the call.
        """
        with self._lock:
            try:
                special = self._special(call)
            except ApiError as error:
                special = error.answer
            except FullError as error:
                special = _of_full_disk(None, error)
            if special is not None:
                return special
            answer = self._answer(call, headers, fault)
            if answer is not None:
                answer = encoded(answer)
            if not call.path.startswith("/-/"):
                subuser = headers.get(SUBUSER.lower(), "").strip()
                if subuser and answer is not None:
                    answer = told_of_subuser(answer)
                self._write_down(call, answer, subuser)
            return answer

    def _answer(self, call: ApiCall, headers: Mapping[str, str], fault: Fault | None) -> Answer | None:
        account = self.account
        endpoint: Endpoint | None = None
        try:
            if fault is not None and fault.drop:
                return None
            endpoint, parameters = self._endpoint(call)
            if endpoint.path.startswith("/v3"):
                self._authorize(headers)
                _negotiate(call, headers)
                self._limit(endpoint)
            if fault is not None and fault.status is not None:
                raise ApiError(_failure(endpoint, fault.status, _FAULTS.get(fault.status, "fault")))
            call = replace(call, parameters=parameters)
            with account.store.transaction():
                account.run_due()
            with account.store.transaction():
                answer = endpoint.handle(account, call)
                account.keep_clock()
        except ApiError as error:
            answer = error.answer
        except FullError as error:
            answer = _of_full_disk(endpoint, error)
        except Exception:  # a fault of ours is answered as one, and the process goes on
            traceback.print_exc()
            answer = _failure(endpoint, 500, "internal server error")
        return self._with_rates(answer, endpoint, call.path, fault)

    def _special(self, call: ApiCall) -> Answer | None:
        """Return the answer to what is asked of the emulator itself rather than of its account."""
        method, path = call.method, call.path
        if (method, path) == ("GET", "/-/openapi.json"):
            return Answer(200, description())
        if (method, path) == ("POST", "/-/reset"):
            self.reset()
            return Answer(204)
        if path == "/-/requests" and method == "GET":
            last = call.number("last", _JOURNAL, 1, _JOURNAL)
            return Answer(200, {"requests": list(self.requests)[-last:]})
        if path == "/-/requests" and method == "DELETE":
            self.requests.clear()
            self.account.store.forget_journal()
            return Answer(204)
        return None

    def _write_down(self, call: ApiCall, answer: Answer | None, subuser: str) -> None:
        entry: dict[str, Any] = {
            "at": self.account.now().isoformat(),
            "method": call.method,
            "path": call.path,
            "query": list(call.query),
            "body": call.content[:_JOURNAL_BYTES].decode(errors="replace"),
            "status": None if answer is None else answer.status,
            "answer": None,
        }
        if answer is not None and answer.content is not None:
            if len(answer.content) <= _JOURNAL_BYTES:
                entry["answer"] = answer.body
            else:
                entry["answer_bytes"] = len(answer.content)
        if subuser:
            entry["on_behalf_of"] = subuser[:_JOURNAL_BYTES]
        if answer is not None and HINT in answer.headers:
            entry["hint"] = answer.headers[HINT]
        self.requests.append(entry)
        with suppress(FullError):
            self.account.store.write_down(entry, _JOURNAL)

    def _endpoint(self, call: ApiCall) -> tuple[Endpoint, dict[str, str]]:
        path = re.sub(r"^//+", "/", call.path)
        others = False
        for endpoint, pattern in self._routes:
            found = pattern.fullmatch(path)
            if found is not None:
                if endpoint.method == call.method:
                    return endpoint, found.groupdict()
                others = True
        raise self._unknown(call.method, path, others=others)

    def _unknown(self, method: str, path: str, *, others: bool) -> ApiError:
        hint = _hint(path)
        if path.startswith("/v3/contactdb"):
            return refused(403, "access forbidden", None, hint=hint)
        if others:
            return refused(405, "method not allowed", None, hint=hint or f"{path} does not take {method}")
        if path.endswith("/"):
            return empty(404, hint=hint or "leave the slash at the end out")
        return refused(404, "resource not found", None, hint=hint)

    def _authorize(self, headers: Mapping[str, str]) -> None:
        given = headers.get("authorization")
        key = _KEY.fullmatch(given.strip()) if given else None
        if key is None:
            raise refused(401, "authorization required", None, hint="send Authorization: Bearer KEY")
        wanted = self.account.options.api_key
        if wanted is not None and not hmac.compare_digest(key[1].encode(), wanted.encode()):
            answer = {"message": "The provided authorization grant is invalid, expired, or revoked"}
            raise ApiError(Answer(401, {"errors": [{**answer, "field": None, "help": None}]}))

    def _limit(self, endpoint: Endpoint) -> None:
        minute = self.account.now().replace(second=0, microsecond=0)
        self._calls = {key: count for key, count in self._calls.items() if key[1] == minute}
        key = endpoint.name, minute
        self._calls[key] = self._calls.get(key, 0) + 1
        if self.account.options.limits_rate and self._calls[key] > endpoint.limit:
            raise refused(429, "too many requests", None)

    def _with_rates(
        self, answer: Answer, endpoint: Endpoint | None, path: str, fault: Fault | None
    ) -> Answer:
        if not path.startswith("/v3"):
            return answer
        now = self.account.now()
        limit, name = (endpoint.limit, endpoint.name) if endpoint else (CALLS_A_MINUTE, path)
        minute = now.replace(second=0, microsecond=0)
        used = self._calls.get((name, minute), 0)
        if fault is not None and fault.status == 429:
            used = limit
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - used)),
            "X-RateLimit-Reset": str(60 - now.second),
        }
        meaning = "epoch" if path.startswith(_OLDER) else self.account.options.rate_limit_reset
        if fault is not None and fault.rate_limit_reset is not None:
            meaning = fault.rate_limit_reset
        if meaning == "epoch":
            # a clock that stands before 1970 has no such moment
            headers["X-RateLimit-Reset"] = str(max(0, int(minute.timestamp()) + 60))
        return replace(answer, headers={**headers, **answer.headers})

    def fault(self, method: str, path: str) -> Fault | None:
        """Return the fault that a call meets, and count it."""
        with self._lock:
            waiting = self.account.faults if self.account.store.is_open else []
            for fault in waiting:
                if path.startswith(fault.path) and fault.method in (None, method):
                    fault.times -= 1
                    with suppress(FullError):
                        self.account.put_faults(other for other in waiting if other.times)
                    return fault
        return None


def _failure(endpoint: Endpoint | None, status: int, message: str) -> Answer:
    """Return an error that any call may meet, in the shape of its endpoint."""
    is_bare = endpoint is not None and status in endpoint.bare
    error = failed(status, message) if is_bare else refused(status, message, None)
    return error.answer


def _of_full_disk(endpoint: Endpoint | None, error: FullError) -> Answer:
    answer = _failure(endpoint, 500, "internal server error")
    answer.headers[HINT] = f"nothing was changed: the file of --db takes no more ({error})"
    return answer


_FAULTS = {
    401: "authorization required",
    403: "access forbidden",
    404: "resource not found",
    408: "request timeout",
    429: "too many requests",
    500: "internal server error",
}


def _negotiate(call: ApiCall, headers: Mapping[str, str]) -> None:
    """Refuse who takes no JSON, or sends something else."""
    accepted = headers.get("accept", "").lower()
    if not any(kind in accepted for kind in ("*/*", "application/*", "json")):
        raise refused(406, "not acceptable", None, hint="send Accept: application/json")
    sent = headers.get("content-type", "json").lower()
    if call.content and "json" not in sent:
        raise refused(415, "unsupported media type", None, hint="send Content-Type: application/json")


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def _hint(path: str) -> str | None:
    """Return what a caller probably wanted where a path is unknown."""
    refresh = re.fullmatch(r"/v3/marketing/segments/2\.0/([^/]+)/refresh/?", path)
    if refresh:
        return f"POST /v3/marketing/segments/2.0/refresh/{refresh[1]}"
    if path.startswith("/v3/contactdb/segments"):
        return "the legacy API is gone: use /v3/marketing/segments/2.0"
    if path.startswith("/v3/contactdb"):
        return "the legacy API is gone: use /v3/marketing"
    if path.startswith(("/marketing/", "/v1/")):
        return f"paths start with /v3: /v3{path.removeprefix('/v1')}"
    if "//" in path:
        return f"leave out a slash: {re.sub('//+', '/', path)}"
    return None
