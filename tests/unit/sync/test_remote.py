"""The account over the network: patience with limits and errors, none with refusals, and a key that stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sql_seg.sync.remote import AuthError, RateLimitError, Remote, RemoteError

NOW = 1_700_000_000.0
KEY = "SG.very-secret"
Reply = httpx.Response | Exception


def asked(*replies: Reply, method: str = "GET") -> tuple[Any, list[float], list[httpx.Request]]:
    """Ask an account that replies one after the other; return the answer, the pauses, and the requests."""
    pauses: list[float] = []
    requests: list[httpx.Request] = []
    left = iter(replies)

    def reply(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        made = next(left)
        if isinstance(made, Exception):
            raise made
        return made

    transport = httpx.MockTransport(reply)
    remote = Remote("http://x", KEY, transport=transport, sleep=pauses.append, now=lambda: NOW)
    try:
        answer: Any = remote.ask(method, "/v3/marketing/lists")
    except RemoteError as error:
        answer = error
    remote.close()
    return answer, pauses, requests


def limited(reset: object) -> httpx.Response:
    body = {"errors": [{"field": None, "message": "too many requests"}]}
    headers = {} if reset is None else {"X-RateLimit-Reset": str(reset)}
    return httpx.Response(429, json=body, headers=headers)


FINE = httpx.Response(200, json={"result": []})


@pytest.mark.parametrize(
    ("reset", "pause"),
    [
        (14, 14.0),  # seconds that are left
        (NOW + 14, 14.0),  # a moment, in seconds since 1970
        (int(NOW) + 14, 14.0),
        (0, 1.0),  # over already: not at once, lest it is the same again
        (NOW - 100, 1.0),
        (NOW + 100_000, 65.0),  # a clock that is wrong
        (99_999, 65.0),
        (None, 1.0),
        ("soon", 1.0),
        ("nan", 1.0),
        ("inf", 65.0),
        ("-5", 1.0),
    ],
)
def test_both_meanings_of_the_reset_of_a_limit_are_waited_for(reset: object, pause: float) -> None:
    answer, pauses, _ = asked(limited(reset), FINE)
    assert answer == {"result": []}
    assert pauses == [pause]


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_limit_is_waited_for_whatever_is_asked_and_given_up_in_the_end(method: str) -> None:
    answer, pauses, requests = asked(*[limited(None)] * 9, method=method)
    assert isinstance(answer, RateLimitError)
    assert pauses == [1.0, 2.0, 4.0, 8.0]
    assert len(requests) == 5


def test_errors_of_the_server_and_the_network_are_tried_again_later_and_later_where_that_is_safe() -> None:
    failures: list[Reply] = [httpx.Response(503), httpx.ConnectError("no"), httpx.ReadTimeout("slow")]
    answer, pauses, _ = asked(*failures, FINE)
    assert (answer, pauses) == ({"result": []}, [1.0, 2.0, 4.0])
    for failure in failures:
        answer, pauses, requests = asked(failure, FINE, method="POST")
        assert isinstance(answer, RemoteError)
        assert (pauses, len(requests)) == ([], 1)  # it may have been done


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 415])
def test_a_refusal_is_told_at_once(status: int) -> None:
    answer, pauses, _ = asked(httpx.Response(status, json={"errors": [{"field": "a", "message": "no"}]}))
    assert isinstance(answer, AuthError if status in (401, 403) else RemoteError)
    assert (pauses, answer.status, "no (field a)" in str(answer)) == ([], status, True)


SHAPES: list[tuple[Callable[[], httpx.Response], str]] = [
    (lambda: httpx.Response(400, json={"errors": [{"field": None, "message": "one"}]}), "400 one"),
    (lambda: httpx.Response(404, json={"error": "two"}), "404 two"),
    (lambda: httpx.Response(400, json={"message": "three", "parameter": "ids"}), "400 three"),
    (lambda: httpx.Response(404), "404"),
    (lambda: httpx.Response(502, text="<html>bad gateway</html>"), "502 <html>bad gateway</html>"),
    (lambda: httpx.Response(400, json=["odd"]), "400"),
]


@pytest.mark.parametrize(("reply", "said"), SHAPES)
def test_all_shapes_of_errors_are_read(reply: Callable[[], httpx.Response], said: str) -> None:
    answer, _, _ = asked(*[reply()] * 5, method="POST")
    assert str(answer) == f"POST /v3/marketing/lists: {said}"


def test_the_key_is_sent_to_the_account_and_said_to_nobody() -> None:
    answer, _, (request,) = asked(httpx.Response(401, json={"errors": [{"message": "no"}]}))
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in str(answer)
    assert KEY not in repr(answer)


def test_a_file_elsewhere_is_fetched_without_the_key() -> None:
    seen: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200 if "there" in request.url.path else 404, content=iter([b"a", b"bc"]))

    remote = Remote("http://x", KEY, transport=httpx.MockTransport(reply))
    assert b"".join(remote.download("http://files/there")) == b"abc"
    with pytest.raises(RemoteError, match="not there: 404"):
        list(remote.download("http://files/gone"))
    assert all("Authorization" not in request.headers for request in seen)
    remote.close()


NO_API = [
    b"<html>hi</html>",
    *(b"", b"[]", b"null", b"{}", b'"x"', b"3", b"\xff\xfe"),
    *(b'{"result": 3}', b'{"result": [{"id": "x"}]}', b'{"result": [3]}', b'{"result": {}}'),
]


@pytest.mark.parametrize("content", NO_API)
def test_what_is_no_segments_api_is_told_and_never_taken_for_an_empty_account(content: bytes) -> None:
    replies = httpx.MockTransport(lambda _: httpx.Response(200, content=content))
    remote = Remote("http://x", KEY, transport=replies)
    for ask in (remote.list_ids, remote.updated):
        with pytest.raises(RemoteError, match="is this the address of the API"):
            ask()
    with pytest.raises(RemoteError, match="is this the address of the API"):
        remote.get("x")


def test_no_lists_may_be_null() -> None:
    replies = httpx.MockTransport(lambda _: httpx.Response(200, json={"result": None, "_metadata": None}))
    assert Remote("http://x", KEY, transport=replies).list_ids() == {}


@pytest.mark.parametrize(
    "url",
    [
        *("", "nonsense", "api.sendgrid.com", "ftp://x/", "http://", "http://[bad", "http://exa mple"),
        *("http://x:99999", "http://x:y", "file:///etc", "http://%20"),
    ],
)
def test_what_is_no_address_is_told_at_once(url: str) -> None:
    with pytest.raises(RemoteError, match="is no address"):
        Remote(url, KEY)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "https://api.eu.sendgrid.com/", "http://[::1]:80", "http://bücher.test"]
)
def test_addresses_are_taken(url: str) -> None:
    Remote(url, KEY).close()


@pytest.mark.parametrize(
    "key", ["SG.sécret", "SG.secret x", "SG.sec\nret", "SG.\x00secret", "SG.secret\u0141"]
)
def test_a_key_that_cannot_be_one_is_not_sent_and_not_shown(key: str) -> None:
    with pytest.raises(AuthError) as refused:
        Remote("http://x", key)
    assert "ret" not in str(refused.value).replace("character", "")
    assert refused.value.__cause__ is None


def test_blanks_around_a_key_do_not_count() -> None:
    seen = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200, json={"result": []})

    Remote("http://x", f" {KEY}\r\n", transport=httpx.MockTransport(reply)).list_ids()
    assert seen == [f"Bearer {KEY}"]
