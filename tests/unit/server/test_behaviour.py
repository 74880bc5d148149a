"""How the account behaves over time: refreshes, quotas, validation, jobs, faults, and its clock."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import httpx
import pytest

from sql_seg import Segment
from sql_seg.server import Loaded, LoadedSegment, Server, StoreError
from sql_seg.server.clock import as_text
from tests.unit.server.account import (
    CONTACTS,
    FIELDS,
    HOOKS,
    LISTS,
    NOW,
    QUERY,
    SEGMENTS,
    SENDS,
    UNKNOWN,
    V1,
    Account,
)

US = {"email": "dave@example.com", "country": "US"}


def hours_between_samples(account: Account, segment: dict[str, Any]) -> list[int]:
    """Return the hours between the refreshes of the next days."""
    found = []
    for _ in range(7):
        shown = account.segment(segment)
        next_at = datetime.fromisoformat(shown["next_sample_update"])
        found.append((next_at - datetime.fromisoformat(shown["sample_updated_at"])) // timedelta(hours=1))
        account.advance(hours=found[-1])
    return found


def test_refreshes_back_off_while_nothing_changes_and_any_change_ends_it() -> None:
    account = Account()
    segment = account.create()
    account.advance(seconds=6)
    assert hours_between_samples(account, segment) == [1, 2, 4, 8, 16, 24, 24]
    account.upsert(US)
    account.advance(hours=24)
    assert account.segment(segment)["contacts_count"] == 1
    assert hours_between_samples(account, segment)[:3] == [1, 2, 4]


def test_an_edit_within_five_minutes_is_too_soon() -> None:
    account = Account()
    segment = account.create()
    path = f"{SEGMENTS}/{segment['id']}"
    answer = account.ask("PATCH", path, json={"name": "two"})
    message = "Update request came too soon, please wait 5 minutes before trying again"
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (429, message)
    account.advance(minutes=5)
    assert account.ask("PATCH", path, json={"name": "two"}).status_code == 200
    assert account.ask("PATCH", path, json={"name": "three"}).status_code == 429


def test_everything_at_once() -> None:
    account = Account(timing="instant")
    account.upsert(US)
    segment = account.create()
    assert segment["contacts_count"] == 1
    edited = account.ask(
        "PATCH", f"{SEGMENTS}/{segment['id']}", json={"query_dsl": QUERY + " AND city = 'Oslo'"}
    )
    assert edited.json()["contacts_count"] == 0
    account.ask("DELETE", CONTACTS, params={"delete_all_contacts": "true"})
    assert account.get(f"{CONTACTS}/count").json()["contact_count"] == 0


def refresh(account: Account, segment: dict[str, Any], zone: str = "America/Denver") -> httpx.Response:
    return account.post(f"{SEGMENTS}/refresh/{segment['id']}", {"user_time_zone": zone})


def test_refreshes_by_hand_have_quotas() -> None:
    account = Account()
    segment = account.create()
    account.upsert(US)
    assert refresh(account, segment).status_code == 202
    account.advance(seconds=6)
    shown = account.segment(segment)
    assert (shown["contacts_count"], shown["refreshes_used"], shown["max_refreshes"]) == (1, 1, 2)
    assert refresh(account, segment).json() == {"error": "a segment can be refreshed once an hour"}
    account.advance(hours=1)
    assert refresh(account, segment).status_code == 202
    account.advance(hours=1)
    third = refresh(account, segment)
    assert (third.status_code, third.json()) == (429, {"error": "a segment can be refreshed 2 times a day"})
    account.advance(hours=12)  # past midnight in Denver, where the day is counted
    assert refresh(account, segment, "UTC").status_code == 202


def test_refreshes_by_hand_over_all_segments() -> None:
    account = Account()
    segments = [account.create(f"s{number}") for number in range(11)]
    answers = [refresh(account, segment).status_code for segment in segments]
    assert answers == [202] * 10 + [429]
    account.advance(hours=8)  # past midnight in UTC
    assert refresh(account, segments[10]).status_code == 202


def test_refreshes_by_hand_that_are_refused() -> None:
    account = Account()
    segment = account.create()
    unknown = account.post(f"{SEGMENTS}/refresh/{UNKNOWN}", {"user_time_zone": "UTC"})
    assert (unknown.status_code, unknown.json()) == (404, {"error": "segment not found"})
    for zone in ("", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "a\x00b", "x" * 300):
        answer = refresh(account, segment, zone)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "user_time_zone")
    free = Account(free_plan=True)
    assert refresh(free, free.create()).status_code == 403


def test_a_field_that_is_deleted_makes_its_segments_invalid_at_their_next_refresh() -> None:
    account = Account()
    field = account.post(FIELDS, {"name": "plan", "field_type": "Text"}).json()
    account.advance(seconds=5)
    segment = account.create(query=QUERY.replace("country", "plan"))
    account.advance(minutes=1)
    account.ask("DELETE", f"{FIELDS}/{field['id']}")
    assert account.segment(segment)["status"] == {"query_validation": "VALID"}
    account.advance(hours=1)
    status = account.segment(segment)["status"]
    assert status["query_validation"] == "INVALID"
    assert "plan" in status["error_message"]


def test_a_bad_query_is_refused_or_stored() -> None:
    bad = {"name": "bad", "query_dsl": QUERY.replace("country", "contry")}
    refused = Account().post(SEGMENTS, bad)
    assert refused.status_code == 400
    error = refused.json()["errors"][0]
    assert (error["field"], error["message"].partition(":")[0]) == ("query_dsl", "line 1, column 55")
    account = Account(invalid_query="store")
    stored = account.post(SEGMENTS, bad)
    assert (stored.status_code, stored.json()["status"]["query_validation"]) == (201, "INVALID")
    account.advance(hours=2)
    assert account.segment(stored.json())["status"]["error_message"]


def test_states_of_validation_come_at_once_after_seconds_or_after_reads() -> None:
    account = Account()
    assert account.post("/-/transitions", {"query_validation": "PENDING"}).status_code == 202
    account.post("/-/transitions", {"query_validation": "VALID", "after_reads": 3})
    segment = account.create()
    assert segment["status"] == {"query_validation": "PENDING"}
    account.advance(minutes=1)  # its first refresh is no answer to what was asked for
    seen = [account.segment(segment)["status"]["query_validation"] for _ in range(4)]
    assert seen == ["PENDING", "PENDING", "VALID", "VALID"]
    assert account.create("other")["status"]["query_validation"] == "VALID"
    wanted = {
        "segment_id": segment["id"],
        "query_validation": "INVALID",
        "error_message": "no",
        "after_seconds": 9,
    }
    account.post("/-/transitions", wanted)
    assert account.segment(segment)["status"]["query_validation"] == "VALID"
    account.advance(seconds=9)
    assert account.segment(segment)["status"] == {"query_validation": "INVALID", "error_message": "no"}
    account.advance(minutes=6)
    account.ask("PATCH", f"{SEGMENTS}/{segment['id']}", json={"query_dsl": QUERY})
    assert account.segment(segment)["status"] == {"query_validation": "VALID"}
    assert (
        account.post("/-/transitions", {"query_validation": "VALID", "segment_id": UNKNOWN}).status_code
        == 404
    )


def test_names_are_unique_and_segments_are_two_hundred_at_most() -> None:
    account = Account()
    for number in range(200):
        account.create(f"s{number}")
    taken = account.post(SEGMENTS, {"name": "s7", "query_dsl": QUERY})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (400, "name")
    assert account.post(SEGMENTS, {"name": "more", "query_dsl": QUERY}).status_code == 400


def test_filters_of_segments() -> None:
    account = Account()
    lists = [account.post(LISTS, {"name": name}).json()["id"] for name in "ab"]
    a = account.create("a", parent_list_ids=[lists[0]])["id"]
    b = account.create("b", parent_list_ids=[lists[1]])["id"]
    c = account.create("c")["id"]

    def ids(query: str) -> set[str]:
        return {entry["id"] for entry in account.get(f"{SEGMENTS}?{query}").json()["results"]}

    assert ids("") == {a, b, c}
    assert ids(f"ids={a}&ids={c}&parent_list_ids={lists[1]}") == {a, c} == ids(f"ids={a}%2C+{c}")
    assert ids(f"parent_list_ids={lists[0]},{lists[1]}") == {a, b}
    assert ids("no_parent_list_id=True") == {c}
    assert ids(f"no_parent_list_id=true&parent_list_ids={lists[0]}") == {a, c}
    assert ids(f"ids={UNKNOWN}") == set()
    too_many = ",".join([UNKNOWN] * 51)
    assert account.get(f"{SEGMENTS}?parent_list_ids={too_many}").status_code == 400


def test_a_parent_list_narrows_a_segment() -> None:
    account = Account()
    list_id = account.post(LISTS, {"name": "a"}).json()["id"]
    account.upsert(US, list_ids=(list_id,))
    account.upsert({"email": "jane@example.com", "country": "US"})
    segment = account.create(parent_list_ids=[list_id])
    account.advance(seconds=6)
    assert account.segment(segment)["contacts_count"] == 1


def test_a_segment_of_a_scheduled_single_send_is_in_use() -> None:
    account = Account()
    one, two = account.create("one"), account.create("two")
    body = {"name": "send", "send_to": {"segment_ids": [one["id"]]}}
    send = account.post(SENDS, body).json()
    account.ask("PUT", f"{SENDS}/{send['id']}/schedule", json={"send_at": "now"})
    answer = account.post(f"{V1}/delete", {"ids": [one["id"], two["id"], UNKNOWN, "x"]})
    assert answer.status_code == 200
    assert [(entry["id"], entry["error"]) for entry in answer.json()["errors"]] == [
        (one["id"], "in-use"),
        (UNKNOWN, "segment not found"),
        ("x", "invalid uuid"),
    ]
    assert [entry["name"] for entry in account.get(SEGMENTS).json()["results"]] == ["one"]


def test_imports_and_exports() -> None:
    account = Account()
    field = account.post(FIELDS, {"name": "spent", "field_type": "Number"}).json()["id"]
    account.advance(seconds=5)
    plan = {"file_type": "csv", "field_mappings": ["_rf2_T", None, field]}
    start = account.ask("PUT", f"{CONTACTS}/imports", json=plan).json()
    put = account.ask("PUT", start["upload_uri"], content="email,x,spent\na@b.co,1,7.5\nbad,2,3\n")
    assert put.status_code == 200
    account.advance(seconds=30)
    job = account.get(f"{CONTACTS}/imports/{start['job_id']}").json()
    assert (job["status"], job["results"]["created_count"], job["results"]["errored_count"]) == (
        "errored",
        1,
        1,
    )
    errors = gzip.decompress(account.get(job["results"]["errors_url"]).content).decode()
    assert errors.startswith("bad,2,3,invalid email")
    assert account.contact("a@b.co")["custom_fields"] == {"spent": 7.5}
    export = account.post(f"{CONTACTS}/exports", {"file_type": "json"}).json()
    path = f"{CONTACTS}/exports/{export['id']}"
    assert account.get(path).json()["status"] == "pending"
    account.advance(seconds=10)
    ready = account.get(path).json()
    assert (ready["status"], ready["contact_count"]) == ("ready", 1)
    (line,) = gzip.decompress(account.get(ready["urls"][0]).content).splitlines()
    assert json.loads(line)["custom_fields"] == {"spent": 7.5}
    account.advance(hours=25)
    assert account.get(ready["urls"][0]).status_code == 404


def test_events_decide_membership() -> None:
    account = Account()
    account.upsert(US)
    opened = (
        "SELECT c.contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e "
        "ON c.contact_id = e.contact_id WHERE e.event_type = 'open'"
    )
    segment = account.create(query=opened)
    event = {"email": "dave@example.com", "event": "open", "timestamp": 1784132000, "sg_event_id": "1"}
    assert account.post("/-/events", [event]).json() == {"taken": 1}
    account.advance(hours=1)
    assert account.segment(segment)["contacts_count"] == 1


def test_faults_on_demand() -> None:
    account = Account()
    account.post("/-/faults", {"path": SEGMENTS, "status": 429, "times": 2, "method": "GET"})
    answers = [account.get(SEGMENTS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].json() == {"errors": [{"field": None, "message": "too many requests"}]}
    assert int(answers[0].headers["X-RateLimit-Reset"]) <= 60
    account.post("/-/faults", {"drop": True})
    with pytest.raises(httpx.RemoteProtocolError):
        account.get(SEGMENTS)
    account.post("/-/faults", {"status": 500})
    assert account.ask("DELETE", "/-/faults").status_code == 204
    assert account.get(SEGMENTS).status_code == 200


@pytest.mark.parametrize("path", [SEGMENTS, f"{HOOKS}/settings/all"])
def test_a_rate_limit_ends_after_seconds_or_at_a_moment(path: str) -> None:
    end = int(NOW.replace(second=0).timestamp()) + 60
    for given, asked, meaning in (
        ("seconds", None, "seconds" if path == SEGMENTS else "epoch"),
        ("epoch", None, "epoch"),
        ("seconds", "epoch", "epoch"),
        ("epoch", "seconds", "seconds"),
    ):
        account = Account(rate_limit_reset=given)
        account.post("/-/faults", {"path": path, "status": 429, "rate_limit_reset": asked})
        answer = account.get(path)
        assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (429, "0")
        assert answer.headers["X-RateLimit-Reset"] == {"seconds": "14", "epoch": str(end)}[meaning]
        assert account.get(path).headers["X-RateLimit-Remaining"] != "0"


def test_a_rate_limit_of_a_clock_before_1970_ends_at_0() -> None:
    account = Account(rate_limit_reset="epoch", now=datetime(1960, 1, 1, tzinfo=UTC))
    assert account.get(SEGMENTS).headers["X-RateLimit-Reset"] == "0"


def test_rate_limits_on_demand() -> None:
    account = Account(limits_rate=True)
    search = {"query": "country = 'US'"}
    answers = [account.post(f"{CONTACTS}/search", search) for _ in range(201)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert answers[-1].headers["X-RateLimit-Remaining"] == "0"
    account.advance(minutes=1)
    assert account.post(f"{CONTACTS}/search", search).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "hint"),
    [
        ("GET", "/v3/contactdb/segments", None, 403, "segments/2.0"),
        ("POST", V1, {"name": "x"}, 404, "segments/2.0"),
        ("PATCH", f"{V1}/{UNKNOWN}", {"name": "x"}, 404, "segments/2.0"),
        ("GET", "/marketing/segments/2.0", None, 404, "/v3/marketing/segments/2.0"),
        ("GET", "/v1/marketing/segments/2.0", None, 404, "/v3/marketing/segments/2.0"),
        ("GET", f"{SEGMENTS}/", None, 404, "slash"),
        ("POST", f"{SEGMENTS}/{UNKNOWN}/refresh", {}, 404, "refresh/" + UNKNOWN),
        ("POST", SEGMENTS, {"name": "x", "query_dsl": QUERY, "parent_list_id": "x"}, 400, "parent_list_ids"),
        ("GET", f"{SEGMENTS}?ids[]=a", None, 400, "ids=A"),
        ("DELETE", f"{CONTACTS}?ids[]=a", None, 400, "ids=A,B"),
        ("DELETE", CONTACTS, {"ids": ["a"]}, 400, "query"),
        ("PUT", SEGMENTS, {}, 405, "PUT"),
    ],
)
def test_usual_mistakes_are_answered_with_a_hint(
    method: str, path: str, body: Any, status: int, hint: str
) -> None:
    answer = Account().ask(method, path, json=body)
    assert answer.status_code == status
    assert hint in answer.headers["X-Sql-Seg-Hint"]


def test_headers_that_say_no_json() -> None:
    account = Account()
    assert account.get(SEGMENTS, headers={"Accept": "text/html"}).status_code == 406
    form = account.ask(
        "POST", SEGMENTS, content="name=x", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert form.status_code == 415
    assert "Content-Type: application/json" in form.headers["X-Sql-Seg-Hint"]


def test_slashes_and_spellings_of_clients_are_taken() -> None:
    account = Account()
    assert account.get("http://emulator//v3/marketing/segments/2.0").status_code == 200
    assert account.get(f"{SEGMENTS}/{account.create()['id']}?contacts_sample=1").status_code == 200


def load(contacts: int, segments: int) -> Loaded:
    people = [
        {
            "contact_id": f"{number:08d}-0000-4000-8000-000000000000",
            "email": f"p{number}@example.com",
            "country": ("US", "NO", "CA")[number % 3],
            "city": f"city {number % 50}",
            "created_at": NOW - timedelta(minutes=number),
            "updated_at": NOW - timedelta(minutes=number),
        }
        for number in range(contacts)
    ]
    start = "SELECT contact_id, updated_at FROM contact_data WHERE "
    where = [
        "city = 'city {}'",
        "updated_at > TIMESTAMPADD(hour, -{}, CURRENT_TIMESTAMP)",
        "country = 'US' AND city != 'city {}'",
    ]
    made = [LoadedSegment(f"s{n}", start + where[n % 3].format(n % 60 + 1)) for n in range(segments)]
    return Loaded(people, segments=made)


def a_day(contacts: int, segments: int) -> tuple[list[Any], Account]:
    account = Account(load(contacts, segments))
    account.upsert(*[{"email": f"new{number}@example.com", "country": "US"} for number in range(10)])
    account.advance(days=1)
    return account.get("/-/state").json()["segment"], account


def test_a_day_of_many_runs_in_seconds_and_is_the_same_every_time() -> None:
    """``benchmarks/serving.py`` says how many seconds."""
    begin = process_time()
    states, account = a_day(10_000, 200)
    assert process_time() - begin < 60
    assert len(account.emulator.account.dataset) == 10_010
    refreshed = {state["sample_updated_at"] for state in states}
    assert min(refreshed) > "2026-07-16T01"
    one, other = a_day(1_000, 30)[1], a_day(1_000, 30)[1]
    assert one.get("/-/state").content == other.get("/-/state").content


def test_the_count_of_each_refresh_is_that_of_a_preview_at_that_instant() -> None:
    account = Account(load(300, 12))
    inner = account.emulator.account
    compared, changed = 0, set()
    until = NOW + timedelta(days=1)
    for number in range(12):
        account.upsert(
            *[{"email": f"p{at}@example.com", "city": f"city {number}"} for at in range(number + 1)]
        )
        while (due := inner._due.first()) and due[1]["due"] < as_text(NOW + timedelta(hours=2 * number)):
            moment = datetime.fromisoformat(due[1]["due"])
            account.ask("PUT", "/-/clock", json={"now": moment.isoformat()})
            for state in account.get("/-/state").json()["segment"]:
                if state["sample_updated_at"] == due[1]["due"]:
                    segment = Segment(state["query_dsl"], inner.schema)
                    count = segment.preview(inner.dataset, now=moment).count
                    assert state["contacts_count"] == count
                    changed.add((state["id"], count))
                    compared += 1
    assert inner.now() < until
    assert compared > 50
    assert len(changed) > 20  # they did change


def test_the_state_is_told_in_part() -> None:
    account = Account(load(20, 3))
    whole = account.get("/-/state").json()
    assert account.get("/-/state?kind=segment").json() == {"segment": whole["segment"]}
    third, first = whole["contact"][2], whole["contact"][0]
    asked = f"/-/state?kind=contact&id={third['id']},unknown&id={first['id']}"
    assert account.get(asked).json() == {"contact": [third, first]}
    assert account.get("/-/state?kind=contact&id=").json() == {"contact": []}


def test_the_latest_of_the_journal() -> None:
    account = Account()
    for _ in range(3):
        account.get("/v3/marketing/lists")
    whole = account.get("/-/requests").json()["requests"]
    assert len(whole) == 3
    assert account.get("/-/requests?last=2").json()["requests"] == whole[1:]
    assert account.get("/-/requests?last=none").status_code == 400


def test_reset_goes_back_to_what_was_loaded() -> None:
    account = Account(load(20, 3))

    def seen() -> Any:
        state = account.get("/-/state").json()
        return {kind: state[kind] for kind in state if kind not in ("job", "task")}

    before = seen()
    created = account.create()["id"]
    account.upsert(US)
    account.advance(days=3)
    assert seen() != before
    assert account.post("/-/reset").status_code == 204
    assert seen() == before
    assert account.get("/-/clock").json() == {"now": "2026-07-15T16:08:46.000Z", "follows": False}
    assert account.create()["id"] == created


def test_the_clock_follows_stands_and_is_set() -> None:
    account = Account()
    body = account.ask("PUT", "/-/clock", json={"now": "2030-01-01T00:00:00Z", "follows": False}).json()
    assert body == {"now": "2030-01-01T00:00:00.000Z", "follows": False}
    assert account.ask("PUT", "/-/clock", json={"follows": True}).json()["follows"] is True
    for wrong in (
        {"days": -1},
        {"days": "1"},
        {},
        {"days": 1e300},
        {"days": 4_000_000},
        {"days": 3_661},
        {"hours": True},
    ):
        assert account.post("/-/clock/advance", wrong).status_code == 400


def test_a_store_is_one_process_s_and_no_other_file_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    with Server(db=path, timing="instant") as server, httpx.Client(base_url=server.url) as client:
        made = client.post(
            SEGMENTS, json={"name": "one", "query_dsl": QUERY}, headers={"Authorization": "Bearer x"}
        )
        assert made.status_code == 201
        with pytest.raises(StoreError, match="another emulator has it open"):
            Account(db=path)
    again = Account(db=path)
    assert [entry["name"] for entry in again.get(SEGMENTS).json()["results"]] == ["one"]
    again.emulator.close()
    other = tmp_path / "other.txt"
    other.write_text("something else, and longer than the head of a database " * 10)
    with pytest.raises(StoreError, match="is no store"):
        Account(db=other)
    assert other.read_text().startswith("something else")


def test_a_file_that_unpacks_to_very_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sql_seg.server.bulk.MOST_UNPACKED", 1000)
    account = Account(timing="instant")
    for content, what in ((b"a" * 5000, "larger than 1000"), (b"email\na@b.co\n", "cut off")):
        plan = {"file_type": "csv", "field_mappings": ["_rf2_T"]}
        start = account.ask("PUT", f"{CONTACTS}/imports", json=plan).json()
        packed = gzip.compress(content)
        answer = account.ask("PUT", start["upload_uri"], content=packed[: -20 if what == "cut off" else None])
        assert answer.status_code == 400
        assert what in answer.json()["errors"][0]["message"]
        assert account.get(f"{CONTACTS}/imports/{start['job_id']}").json()["status"] == "failed"


def test_jobs_files_and_requests_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sql_seg.server.emulated_account.MOST_JOBS", 10)
    account = Account(timing="instant")
    jobs = [account.upsert(US) for _ in range(30)]
    assert account.get(f"{CONTACTS}/imports/{jobs[-1]}").status_code == 200
    assert account.get(f"{CONTACTS}/imports/{jobs[0]}").status_code == 404
    account.post(f"{CONTACTS}/exports", {})
    account.advance(hours=24)
    state = account.get("/-/state").json()
    assert (len(state["job"]), state["file"], state["task"]) == (10, [], [])
    account.upsert(*[{"email": f"p{number}@example.com"} for number in range(50)])
    account.get(CONTACTS)
    entry = account.get("/-/requests").json()["requests"][-1]
    assert (entry["answer"], entry["answer_bytes"] > 10_000) == (None, True)


def test_an_edit_gives_up_the_refresh_that_was_planned() -> None:
    account = Account()
    segment = account.create()
    for number in range(5):
        account.advance(minutes=6)
        account.ask("PATCH", f"{SEGMENTS}/{segment['id']}", json={"name": f"n{number}"})
    assert len(account.get("/-/state").json()["task"]) == 1
    account.ask("DELETE", f"{SEGMENTS}/{segment['id']}")
    assert account.get("/-/state").json()["task"] == []


def test_what_an_account_lacks_is_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    account = Account(timing="instant")
    asked = f"ARRAY_CONTAINS(list_ids, '{UNKNOWN}') AND city = 'Oslo'"
    account.upsert({"email": "a@b.co"})
    assert account.create(query=f"{QUERY} AND {asked}")["contacts_count"] == 0
    assert account.post(f"{CONTACTS}/search", {"query": "city = 'Oslo'"}).status_code == 200
    assert account.post("/-/check", {"query": "city = 'Oslo'"}).json()["count"] == 0
    assert not recwarn.list


def test_custom_fields_by_name_are_taken_with_a_hint() -> None:
    account = Account(timing="instant")
    field = account.post(FIELDS, {"name": "plan", "field_type": "Text"}).json()["id"]
    by_name, by_id = (
        account.ask("PUT", CONTACTS, json={"contacts": [{**US, "custom_fields": {key: "pro"}}]})
        for key in ("plan", field)
    )
    assert (by_name.status_code, by_id.status_code) == (202, 202)
    assert "plan" in by_name.headers["X-Sql-Seg-Hint"]
    assert "X-Sql-Seg-Hint" not in by_id.headers
    assert account.get("/-/requests").json()["requests"][-2]["hint"]


def test_a_custom_field_is_usable_some_seconds_after_it_was_made() -> None:
    account = Account()
    field = account.post(FIELDS, {"name": "plan", "field_type": "Text"}).json()["id"]
    assert [entry["id"] for entry in account.get(FIELDS).json()["custom_fields"]] == [field]
    contacts = {"contacts": [{**US, "custom_fields": {field: "pro"}}]}
    segment = {"name": "pro", "query_dsl": QUERY.replace("country", "plan")}
    mapped = {"file_type": "csv", "field_mappings": ["_rf2_T", field]}
    for method, path, body in (
        ("PUT", CONTACTS, contacts),
        ("POST", SEGMENTS, segment),
        ("PUT", f"{CONTACTS}/imports", mapped),
    ):
        account = Account()
        assert account.post(FIELDS, {"name": "plan", "field_type": "Text"}).json()["id"] == field
        early = account.ask(method, path, json=body)
        assert (early.status_code, "5 seconds" in early.headers["X-Sql-Seg-Hint"]) == (400, True)
        account.advance(seconds=5)
        assert account.ask(method, path, json=body).is_success


def test_the_count_of_a_list_lags_behind_its_contacts() -> None:
    account = Account()
    list_id = account.post(LISTS, {"name": "a"}).json()["id"]

    def counts() -> tuple[int, int, int]:
        listed = account.get(LISTS).json()["result"][0]["contact_count"]
        one = account.get(f"{LISTS}/{list_id}?contact_sample=true").json()
        assert account.get(f"{LISTS}/{list_id}/contacts/count").json()["contact_count"] == listed
        return listed, one["contact_count"], len(one["contact_sample"])

    account.upsert(US, {"email": "b@example.com"}, {"email": "c@example.com"}, list_ids=(list_id,))
    assert counts() == (0, 0, 3)
    account.advance(seconds=30)
    assert counts() == (3, 3, 3)
    ids = {name: account.contact(f"{name}@example.com")["id"] for name in ("dave", "b")}
    account.ask("DELETE", f"{LISTS}/{list_id}/contacts", params={"contact_ids": ids["b"]})
    account.advance(seconds=5)
    assert counts() == (3, 3, 2)
    account.advance(seconds=30)
    account.ask("DELETE", CONTACTS, params={"ids": ids["dave"]})
    account.advance(minutes=2)
    assert counts() == (2, 2, 1)
    account.advance(seconds=30)
    assert counts() == (1, 1, 1)


def test_half_a_character_is_a_mark() -> None:
    account = Account(timing="instant")
    sent = rb'{"contacts": [{"email": "a@b.co", "city": "\ud83d \ud83d\ude00"}]}'
    assert account.ask("PUT", CONTACTS, content=sent).status_code == 202
    assert account.contact("a@b.co")["city"] == "\ufffd \U0001f600"
    export = account.get(f"{CONTACTS}/exports/{account.post(f'{CONTACTS}/exports', {}).json()['id']}").json()
    assert account.get(export["urls"][0]).status_code == 200


def test_a_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sql_seg.server.contacts.SEARCH_TIMEOUT", -1.0)
    answer = Account().post(f"{CONTACTS}/search", {"query": "country = 'US'"})
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (408, "request timeout")
