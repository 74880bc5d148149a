"""The account, over the Segments API: the few calls that are needed, with patience and without surprises."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from math import isnan
from typing import Any, NoReturn

from sql_seg.errors import SqlSegError
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import Dialect
from sql_seg.sync.states import SegmentState, normalised

DEFAULT_URL = "https://api.sendgrid.com"
TOO_SOON = "too soon"
_OTHER = "is this the address of the API, or that of a proxy or a page?"
_SEGMENTS = "/v3/marketing/segments/2.0"
_TRIES = 5
_LONGEST_WAIT = 65.0
_EPOCH = 100_000
"""A rate limit's reset below this is a number of seconds; above, it is a moment in seconds since 1970."""


class RemoteError(SqlSegError):
    """The account could not be asked, or said no; ``status`` is its answer's, 0 where there was none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class AuthError(RemoteError):
    """The key is missing, wrong, or may not do this."""


class RateLimitError(RemoteError):
    """Too many requests, even after waiting."""


class TooSoonError(RateLimitError):
    """A segment was changed less than five minutes ago."""


@frozen
class RemoteSegment:
    """A segment of the account; ``parent_list`` is an id. ``status`` is its validation."""

    id: str
    state: SegmentState
    updated_at: str
    status: str = ""
    error: str = ""


class Remote:
    """The account at a URL. The key is sent, and never shown: not in messages, not in files."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        transport: Any = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Prepare to ask; nothing is sent yet.

        Raises AuthError for a key that cannot be one, RemoteError for an address that is none.
        """
        import httpx

        key = key.strip()
        if not key.isascii() or not key.isprintable() or " " in key or not key:
            raise AuthError("the API key is empty, or has a blank or another character that no key has")
        _check_address(url)
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        self._client = httpx.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=30, transport=transport
        )
        self._files = httpx.Client(timeout=60, transport=transport)
        self._errors = httpx.HTTPError
        self._sleep, self._now = sleep, now

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._files.close()

    def list_ids(self) -> dict[str, str]:
        """Return the ids of the account's lists, by name."""
        found: dict[str, str] = {}
        token = ""
        while True:
            page = self._ask("GET", "/v3/marketing/lists", params={"page_size": "1000", "page_token": token})
            found.update({entry["name"]: entry["id"] for entry in _entries(page, "result", "id", "name")})
            metadata = page.get("_metadata")
            link = metadata.get("next") if isinstance(metadata, dict) else None
            token = str(link).rpartition("page_token=")[2] if link else ""
            if not token:
                return found

    def updated(self) -> dict[str, str]:
        """Return when each segment of the account was last changed, by id."""
        results = _entries(self._ask("GET", _SEGMENTS), "results", "id")
        return {entry["id"]: str(entry.get("updated_at") or "") for entry in results}

    def get(self, segment_id: str) -> RemoteSegment:
        """Return one segment."""
        return _segment(self._ask("GET", f"{_SEGMENTS}/{segment_id}", params={"contacts_sample": "false"}))

    def create(self, state: SegmentState) -> RemoteSegment:
        """Create a segment."""
        body: dict[str, Any] = {"name": state.name, "query_dsl": state.query}
        if state.parent_list is not None:
            body["parent_list_ids"] = [state.parent_list]
        return _segment(self._ask("POST", _SEGMENTS, json=body))

    def update(self, segment_id: str, state: SegmentState) -> RemoteSegment:
        """Give a segment another name or query, in one request."""
        body = {"name": state.name, "query_dsl": state.query}
        return _segment(self._ask("PATCH", f"{_SEGMENTS}/{segment_id}", json=body))

    def delete(self, segment_id: str) -> None:
        """Delete a segment; one that is gone already is no error."""
        try:
            self._ask("DELETE", f"{_SEGMENTS}/{segment_id}")
        except RemoteError as error:
            if error.status != 404:
                raise

    def validated(self, segment_id: str, tries: int = 20) -> RemoteSegment:
        """Return a segment once it is no longer PENDING, or as it is after some tries."""
        segment = self.get(segment_id)
        for attempt in range(tries):
            if segment.status != "PENDING":
                break
            self._sleep(min(1.0 + attempt, 10.0))
            segment = self.get(segment_id)
        return segment

    def ask(self, method: str, path: str, **request: Any) -> Any:
        """Send any request, with the same patience, and return the JSON of the answer."""
        return self._ask(method, path, **request)

    def pause(self, seconds: float) -> None:
        """Wait."""
        self._sleep(seconds)

    def download(self, url: str) -> Iterator[bytes]:
        """Yield the bytes of a file at an address that the account gave; the key is not sent there.

        Raises RemoteError where it cannot be had.
        """
        try:
            with self._files.stream("GET", url) as response:
                if not response.is_success:
                    raise RemoteError(f"the exported file is not there: {response.status_code}")
                yield from response.iter_raw()
        except self._errors as error:
            raise RemoteError(f"the exported file cannot be fetched: {error}") from error

    def _ask(self, method: str, path: str, **request: Any) -> Any:
        for attempt in range(_TRIES):
            is_last = attempt == _TRIES - 1
            try:
                response = self._client.request(method, path, **request)
            except self._errors as error:
                if is_last or method != "GET":
                    raise RemoteError(f"{self._client.base_url}: cannot be reached: {error}") from error
                self._sleep(2.0**attempt)
                continue
            if response.status_code == 429 and TOO_SOON not in response.text and not is_last:
                self._sleep(self._wait(response.headers, attempt))
            elif response.status_code >= 500 and method == "GET" and not is_last:
                self._sleep(2.0**attempt)
            elif response.is_success:
                return _read(method, path, response)
            else:
                _refuse(method, path, response.status_code, response)
        raise AssertionError("the last try answers or raises")

    def _wait(self, headers: Mapping[str, str], attempt: int) -> float:
        """Return how long to wait: until the limit is reset, in either meaning of the header."""
        try:
            reset = float(headers.get("X-RateLimit-Reset", ""))
        except ValueError:
            return float(2.0**attempt)
        if isnan(reset):
            return float(2.0**attempt)
        seconds = reset if reset < _EPOCH else reset - self._now()
        return min(max(seconds, 1.0), _LONGEST_WAIT)


def _check_address(url: str) -> None:
    """Raise RemoteError for an address that nothing can be asked at."""
    import httpx

    try:
        parsed = httpx.URL(url)
        is_one = parsed.scheme in ("http", "https") and re.fullmatch(r"[\w.:-]+", parsed.host) is not None
        is_one = is_one and (parsed.port or 1) < 65_536
    except (httpx.InvalidURL, ValueError, UnicodeError):
        is_one = False
    if not is_one:
        raise RemoteError(f"{url!r} is no address; write one such as {DEFAULT_URL}")


def _read(method: str, path: str, response: Any) -> Any:
    """Return the JSON of an answer. Raises RemoteError for something else: this is no Segments API."""
    if not response.content.strip() and method != "GET":
        return {}
    try:
        return response.json()
    except ValueError:
        said = response.text[:80].strip()
        raise RemoteError(f"{method} {path}: the answer is no JSON: {said!r}; {_OTHER}") from None


def _entries(page: Any, name: str, *keys: str) -> list[dict[str, Any]]:
    """Return the objects of a list in an answer, which have texts for some keys. Raises RemoteError."""
    entries = page.get(name, ...) if isinstance(page, dict) else ...
    entries = [] if entries is None else entries
    if not isinstance(entries, list) or not all(_has(entry, keys) for entry in entries):
        raise RemoteError(f"the answer has no {name} as the Segments API has them; {_OTHER}")
    return entries


def _has(entry: Any, keys: tuple[str, ...]) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in keys)


def _refuse(method: str, path: str, status: int, response: Any) -> NoReturn:
    said = _said(response)
    message = f"{method} {path}: {status} {said}".rstrip()
    hint = response.headers.get("X-Sql-Seg-Hint")
    message += f" ({hint})" if hint else ""
    if status in (401, 403):
        raise AuthError(message, status)
    if TOO_SOON in said:
        raise TooSoonError(message, status)
    if status == 429:
        raise RateLimitError(message, status)
    raise RemoteError(message, status)


def _said(response: Any) -> str:
    """Return what an answer says is wrong, in any of the API's shapes."""
    try:
        body = response.json()
    except ValueError:
        return str(response.text)[:200].strip()
    if not isinstance(body, dict):
        return ""
    errors = body.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        first = errors[0]
        where = f" (field {first['field']})" if first.get("field") else ""
        return f"{first.get('message', '')}{where}"
    return str(body.get("error") or body.get("message") or "")


def _segment(body: Any) -> RemoteSegment:
    if not _has(body, ("id", "name")):
        raise RemoteError(f"the answer is no segment; {_OTHER}")
    lists = body.get("parent_list_ids") or ([body["parent_list_id"]] if body.get("parent_list_id") else [])
    dialect = Dialect.V2 if str(body.get("query_version") or "").startswith("2") else Dialect.V1
    status = body.get("status") or {}
    state = SegmentState(
        str(body["name"]), normalised(str(body.get("query_dsl") or "")), lists[0] if lists else None, dialect
    )
    return RemoteSegment(
        str(body["id"]),
        state,
        str(body.get("updated_at") or ""),
        str(status.get("query_validation") or ""),
        str(status.get("error_message") or ""),
    )
