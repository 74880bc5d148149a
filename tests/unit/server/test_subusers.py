"""``On-Behalf-Of``: a request for a subuser is taken, and told."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sql_seg.server.answers import HINT
from sql_seg.server.openapi import description
from tests.unit.server.account import CONTACTS, QUERY, SEGMENTS, UNKNOWN, Account

SUBUSER = {"On-Behalf-Of": "sub one"}
TOLD = "the emulator has one account"


def last(account: Account) -> dict[str, Any]:
    return dict(account.get("/-/requests?last=1").json()["requests"][0])


def test_a_request_for_a_subuser_is_answered_from_the_one_account_with_a_hint() -> None:
    account = Account()
    made = account.ask("POST", SEGMENTS, json={"name": "one", "query_dsl": QUERY}, headers=SUBUSER)
    assert made.status_code == 201
    assert TOLD in made.headers[HINT]
    entry = last(account)
    assert entry["on_behalf_of"] == "sub one"
    assert TOLD in entry["hint"]
    seen = account.get(f"{SEGMENTS}/{made.json()['id']}")
    assert seen.status_code == 200
    assert HINT not in seen.headers
    assert "on_behalf_of" not in last(account)


@pytest.mark.parametrize(
    ("method", "path", "status", "hint"),
    [
        ("GET", f"{SEGMENTS}/{UNKNOWN}", 404, ""),
        ("GET", f"{SEGMENTS}/", 404, "slash"),
        ("DELETE", f"{CONTACTS}?ids[]=a", 400, "ids=A,B"),
        ("GET", "/v3/nothing", 404, ""),
    ],
)
def test_an_error_for_a_subuser_keeps_its_own_hint(method: str, path: str, status: int, hint: str) -> None:
    account = Account()
    answer = account.ask(method, path, headers=SUBUSER)
    assert answer.status_code == status
    assert TOLD in answer.headers[HINT]
    assert hint in answer.headers[HINT]


def test_no_name_is_no_subuser() -> None:
    account = Account()
    answer = account.get(SEGMENTS, headers={"On-Behalf-Of": " "})
    assert HINT not in answer.headers
    assert "on_behalf_of" not in last(account)


def test_a_connection_that_is_dropped_is_told_of_too() -> None:
    account = Account()
    account.post("/-/faults", {"drop": True})
    with pytest.raises(httpx.RemoteProtocolError):
        account.get(SEGMENTS, headers=SUBUSER)
    assert (last(account)["status"], last(account)["on_behalf_of"]) == (None, "sub one")


def test_the_emulator_s_own_paths_know_no_subuser() -> None:
    account = Account()
    assert HINT not in account.get("/-/health", headers=SUBUSER).headers


def test_the_description_names_the_header() -> None:
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            headers = [it["name"] for it in operation.get("parameters", ()) if it["in"] == "header"]
            assert headers == (["On-Behalf-Of"] if path.startswith("/v3") else []), (method, path)
            if path.startswith("/v3"):
                assert all(HINT in answer["headers"] for answer in operation["responses"].values())
