"""Single Sends: planned, given up, sent when their time comes; and the segments that they hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.server.account import NOW, SEGMENTS, SENDS, V1, Account


def at(**amount: float) -> str:
    return (NOW + timedelta(**amount)).strftime("%Y-%m-%dT%H:%M:%SZ")


def planned(account: Account, segment: dict[str, Any], send_at: str) -> str:
    body = {"name": "send", "send_to": {"segment_ids": [segment["id"]]}}
    send = str(account.post(SENDS, body).json()["id"])
    answer = account.ask("PUT", f"{SENDS}/{send}/schedule", json={"send_at": send_at})
    assert (answer.status_code, answer.json()["status"]) == (201, "scheduled")
    return send


def status(account: Account, send: str) -> tuple[str, str | None]:
    shown = account.get(f"{SENDS}/{send}").json()
    return shown["status"], shown["send_at"]


def is_held(account: Account, segment: dict[str, Any]) -> bool:
    answer = account.post(f"{V1}/delete", {"ids": [segment["id"]]})
    return answer.status_code == 200 and answer.json()["errors"][0]["error"] == "in-use"


def test_it_is_sent_when_its_time_comes_and_lets_go_of_its_segment() -> None:
    account = Account()
    segment = account.create()
    send = planned(account, segment, at(days=1))
    account.advance(hours=23)
    assert status(account, send) == ("scheduled", at(days=1))
    assert is_held(account, segment)
    account.advance(hours=1)
    assert status(account, send) == ("triggered", at(days=1))
    assert account.get(f"{SENDS}/{send}").json()["updated_at"] == at(days=1)
    assert not is_held(account, segment)


def test_one_that_is_sent_now_is_under_way_for_seconds_or_done_at_once() -> None:
    account = Account()
    segment = account.create()
    send = planned(account, segment, "now")
    assert is_held(account, segment)
    account.advance(seconds=5)
    assert status(account, send) == ("triggered", at())
    assert not is_held(account, segment)
    account = Account(timing="instant")
    send = account.post(SENDS, {"name": "send"}).json()["id"]
    answer = account.ask("PUT", f"{SENDS}/{send}/schedule", json={"send_at": "now"})
    assert (answer.status_code, answer.json()) == (201, {"send_at": at(), "status": "triggered"})


@pytest.mark.parametrize("timing", ["documented", "instant"])
def test_a_plan_that_is_given_up_or_moved_is_not_carried_out_at_its_old_time(timing: str) -> None:
    account = Account(timing=timing)
    segment, other = account.create(), account.create("other")
    given_up, moved = planned(account, segment, at(days=1)), planned(account, other, at(days=1))
    assert account.ask("DELETE", f"{SENDS}/{given_up}/schedule").status_code == 204
    answer = account.ask("PATCH", f"{SENDS}/{moved}", json={"send_at": at(days=3)})
    assert (answer.status_code, answer.json()["send_at"]) == (202, at(days=3))
    account.advance(days=2)
    assert (status(account, given_up), status(account, moved)) == (
        ("draft", None),
        ("scheduled", at(days=3)),
    )
    assert (is_held(account, segment), is_held(account, other)) == (False, True)
    account.advance(days=1)
    assert status(account, moved) == ("triggered", at(days=3))


@pytest.mark.parametrize("send_at", ["soon", "", 3, True, [], {}, at(seconds=-1), "2020-01-01T00:00:00Z"])
def test_a_time_is_checked_wherever_it_stands(send_at: Any) -> None:
    account = Account()
    send = account.post(SENDS, {"name": "send"}).json()["id"]
    path = f"{SENDS}/{send}"
    for answer in (
        account.post(SENDS, {"name": "send", "send_at": send_at}),
        account.ask("PATCH", path, json={"send_at": send_at}),
        account.ask("PUT", f"{path}/schedule", json={"send_at": send_at}),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "send_at")
    assert account.get(path).json()["status"] == "draft"


def test_a_draft_has_a_time_without_being_planned() -> None:
    account = Account()
    send = account.post(SENDS, {"name": "send", "send_at": "2026-08-01T12:00:00+02:00"}).json()
    assert (send["status"], send["send_at"]) == ("draft", "2026-08-01T10:00:00Z")
    account.advance(days=60)
    assert account.get(f"{SENDS}/{send['id']}").json() == send
    assert account.ask("PATCH", f"{SENDS}/{send['id']}", json={"send_at": None}).json()["send_at"] is None


def test_what_was_sent_is_not_planned_or_changed_again() -> None:
    account = Account(timing="instant")
    segment = account.create()
    send = planned(account, segment, at(hours=1))
    patched = account.ask("PATCH", f"{SENDS}/{send}", json={"send_at": None})
    assert (patched.status_code, patched.json()["errors"][0]["field"]) == (400, "send_at")
    assert status(account, send) == ("scheduled", at(hours=1))
    account.advance(hours=1)
    for method, path, body in (
        ("PATCH", "", {"name": "x"}),
        ("PUT", "/schedule", {"send_at": "now"}),
        ("DELETE", "/schedule", None),
    ):
        assert account.ask(method, f"{SENDS}/{send}{path}", json=body).status_code == 400
    assert account.ask("DELETE", f"{SENDS}/{send}").status_code == 204


@pytest.mark.parametrize("path", [SEGMENTS, V1])
def test_a_segment_in_use_is_deleted_with_a_hint_or_refused(path: str) -> None:
    for choice, wanted in (("allow", 202), ("refuse", 400)):
        account = Account(delete_in_use=choice)
        used, free = account.create(), account.create("free")
        send = planned(account, used, at(days=1))
        answer = account.ask("DELETE", f"{path}/{used['id']}")
        assert answer.status_code == wanted
        said = answer.headers.get("X-Sql-Seg-Hint") or answer.json()["errors"][0]["help"]
        assert f"singlesend {send}" in said
        assert account.get(f"{SEGMENTS}/{used['id']}").status_code == (404 if wanted == 202 else 200)
        unused = account.ask("DELETE", f"{path}/{free['id']}")
        assert (unused.status_code, "X-Sql-Seg-Hint" in unused.headers) == (202, False)
        account.advance(days=1)
        if choice == "refuse":
            assert account.ask("DELETE", f"{path}/{used['id']}").status_code == 202
