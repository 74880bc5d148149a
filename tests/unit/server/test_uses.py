"""What uses a segment: a live automation, or a Single Send that leaves its members out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.unit.server.account import NOW, QUERY, SEGMENTS, SENDS, V1, Account

US = {"email": "dave@example.com", "country": "US"}


def settled(account: Account) -> dict[str, Any]:
    """Return a segment that has not changed for two days: it is refreshed once a day by now."""
    segment = account.create()
    account.advance(days=2)
    assert hours_to_the_next(account, segment) > 4
    return segment


def hours_to_the_next(account: Account, segment: dict[str, Any]) -> int:
    """Return the hours between a segment's last refresh and its next."""
    shown = account.segment(segment)
    last, coming = (datetime.fromisoformat(shown[key]) for key in ("sample_updated_at", "next_sample_update"))
    return (coming - last) // timedelta(hours=1)


def hours_of_a_day(account: Account, segment: dict[str, Any]) -> set[int]:
    """Return the hours between the refreshes of a day, looked at once an hour."""
    found = set()
    for _ in range(24):
        account.advance(hours=1)
        found.add(hours_to_the_next(account, segment))
    return found


def use(account: Account, segment: dict[str, Any], **more: Any) -> str:
    answer = account.post("/-/uses", {"type": "automation", "segment_ids": [segment["id"]], **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def scheduled(account: Account, send_at: str, **send_to: Any) -> str:
    send = str(account.post(SENDS, {"name": "send", "send_to": send_to}).json()["id"])
    answer = account.ask("PUT", f"{SENDS}/{send}/schedule", json={"send_at": send_at})
    assert answer.status_code == 201
    return send


def at(days: int) -> str:
    return (NOW + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("timing", ["documented", "instant"])
def test_a_segment_of_a_live_automation_is_refreshed_hourly_until_the_automation_ends(timing: str) -> None:
    account = Account(timing=timing)
    segment, other = settled(account), account.create("other")
    begin = datetime.fromisoformat(account.segment(segment)["next_sample_update"])
    automation = use(account, segment)
    coming = datetime.fromisoformat(account.segment(segment)["next_sample_update"])
    assert coming <= min(begin, NOW + timedelta(days=2, hours=1))
    assert hours_of_a_day(account, segment) == {1}
    assert hours_to_the_next(account, other) > 4
    assert account.ask("DELETE", f"/-/uses/{automation}").status_code == 204
    account.advance(days=1)
    assert hours_to_the_next(account, segment) > 4


def test_a_refresh_that_is_nearer_than_an_hour_stays_where_it_is() -> None:
    account = Account()
    segment = account.create()
    use(account, segment)
    account.advance(seconds=6)
    assert account.segment(segment)["sample_updated_at"] == "2026-07-15T16:08:51Z"
    assert len(account.get("/-/state?kind=task").json()["task"]) == 1
    assert hours_of_a_day(account, segment) == {1}


def test_a_segment_left_out_of_a_single_send_is_refreshed_hourly_from_its_schedule_to_its_time() -> None:
    account = Account()
    segment = settled(account)
    send = account.post(SENDS, {"name": "send"}).json()["id"]
    use(account, segment, type="exclusion", single_send_id=send)
    account.advance(days=1)
    assert hours_to_the_next(account, segment) > 4  # a draft asks for nothing
    account.ask("PUT", f"{SENDS}/{send}/schedule", json={"send_at": at(days=5)})
    account.advance(hours=1)
    assert hours_of_a_day(account, segment) == {1}
    account.advance(days=2)  # the time of the sending is over
    assert hours_to_the_next(account, segment) > 4


def test_a_segment_left_out_of_a_single_send_that_is_deleted_is_no_longer_in_use() -> None:
    account = Account()
    segment = settled(account)
    send = scheduled(account, at(days=9))
    use(account, segment, type="exclusion", single_send_id=send)
    assert hours_of_a_day(account, segment) == {1}
    assert account.ask("DELETE", f"{SENDS}/{send}").status_code == 204
    account.advance(days=1)
    assert hours_to_the_next(account, segment) > 4
    assert account.post(f"{V1}/delete", {"ids": [segment["id"]]}).status_code == 202


def test_a_segment_that_a_single_send_goes_to_backs_off() -> None:
    account = Account()
    segment = account.create()
    scheduled(account, at(days=9), segment_ids=[segment["id"]])
    account.advance(days=2)
    assert hours_to_the_next(account, segment) > 4


def test_a_segment_in_use_is_not_deleted_with_others() -> None:
    account = Account()
    one, two, three = (account.create(name) for name in ("one", "two", "three"))
    automation = use(account, one)
    send = scheduled(account, at(days=9), segment_ids=[two["id"]])
    use(account, two, type="exclusion", single_send_id=send)
    ids = [segment["id"] for segment in (one, two, three)]
    answer = account.post(f"{V1}/delete", {"ids": ids})
    assert answer.json()["errors"] == [
        {"id": ids[0], "error": "in-use", "resources": {"type": "automation", "ids": [automation]}},
        {"id": ids[1], "error": "in-use", "resources": {"type": "singlesend", "ids": [send]}},
    ]


def test_uses_are_listed_and_gone_after_a_reset() -> None:
    account = Account()
    segment = account.create()
    send = scheduled(account, at(days=9))
    automation = use(account, segment)
    exclusion = use(account, segment, type="exclusion", single_send_id=send)
    ids = [segment["id"]]
    assert account.get("/-/uses").json()["uses"] == [
        {"id": automation, "type": "automation", "segment_ids": ids, "single_send_id": None},
        {"id": exclusion, "type": "exclusion", "segment_ids": ids, "single_send_id": send},
    ]
    account.post("/-/reset")
    assert account.get("/-/uses").json() == {"uses": []}


def test_a_segment_that_is_deleted_all_the_same_disturbs_nothing() -> None:
    account = Account()
    segment = account.create()
    send = account.post(SENDS, {"name": "send"}).json()["id"]
    use(account, segment, type="exclusion", single_send_id=send)
    assert account.ask("DELETE", f"{SEGMENTS}/{segment['id']}").status_code == 202
    assert account.ask("PUT", f"{SENDS}/{send}/schedule", json={"send_at": at(days=9)}).status_code == 201
    account.advance(days=1)
    assert account.create("again", QUERY)["id"] != segment["id"]
