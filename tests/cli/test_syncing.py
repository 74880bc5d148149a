"""``plan``, ``pull`` and ``push`` against the emulator, as people run them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sql_seg.server import Server
from sql_seg.server.emulated_account import Fault
from tests.cli.running import run

QUERY = "SELECT contact_id, updated_at FROM contact_data WHERE city = 'Oslo'\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.secret")
    with Server(timing="instant", api_key="SG.secret") as started:
        yield started


def test_a_folder_and_an_account_in_step(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "segments"
    folder.mkdir()
    (folder / "oslo.sql").write_text(QUERY)
    to = ("--url", server.url)
    assert run("plan", folder, *to).exit_code == 1
    assert run("push", folder, *to).exit_code == 1
    pushed = run("push", folder, *to, "--yes", "--output-format", "json")
    assert (pushed.exit_code, json.loads(pushed.stdout)["changes"][0]["change"]) == (0, "create")
    assert run("plan", folder, *to).exit_code == 0
    other = tmp_path / "other"
    assert run("pull", other, *to).exit_code == 0
    assert (other / "oslo.sql").read_text() == f"-- name: oslo\n{QUERY}"
    assert run("push", other, *to, "--yes").exit_code == 0
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or "SG.secret" not in file.read_text()


def test_a_segment_that_fails_its_tests_is_not_uploaded(server: Server, tmp_path: Path) -> None:
    (tmp_path / "oslo.sql").write_text(QUERY)
    (tmp_path / "oslo.test.json").write_text('{"in": [{"city": "Bergen"}]}')
    refused = run("push", tmp_path, "--url", server.url, "--yes")
    assert refused.exit_code == 1
    assert "expected in, but out" in refused.stderr
    assert not [entry for entry in server.requests if entry["method"] == "POST"]


def test_a_key_that_is_missing_or_wrong(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.wrong")
    refused = run("plan", tmp_path, "--url", server.url)
    assert refused.exit_code == 4
    assert "SG.wrong" not in refused.stderr
    monkeypatch.delenv("SENDGRID_API_KEY")
    assert run("plan", tmp_path, "--url", server.url).exit_code == 4


def test_contacts_and_lists_come_along_for_previews(server: Server, tmp_path: Path) -> None:
    sg = httpx.Client(base_url=server.url, headers={"Authorization": "Bearer SG.secret"})
    field = sg.post("/v3/marketing/field_definitions", json={"name": "plan", "field_type": "Text"}).json()
    ids = [
        sg.post("/v3/marketing/lists", json={"name": name}).json()["id"]
        for name in ("News Łódź", "news ódź", "Nobody")
    ]
    people = [
        {"email": f"p{number}@example.com", "city": ("Oslo", "Bergen")[number % 2]} for number in range(9)
    ]
    people[0]["custom_fields"] = {field["id"]: "pro"}  # type: ignore[assignment]
    sg.put("/v3/marketing/contacts", json={"contacts": people[:5], "list_ids": [ids[0]]})
    sg.put("/v3/marketing/contacts", json={"contacts": people[5:]})
    query = QUERY.strip() + " AND plan = 'pro'"
    for name, text, lists in (("Oslo", QUERY, ids[:1]), ("Pro", query, [])):
        body = {"name": name, "query_dsl": text, "parent_list_ids": lists}
        assert sg.post("/v3/marketing/segments/2.0", json=body).status_code == 201
    listed = sg.get("/v3/marketing/segments/2.0").json()["results"]
    sg.close()
    folder, data = tmp_path / "segments", tmp_path / "data"
    pulled = run("pull", folder, "--url", server.url, "--export", data)
    assert pulled.exit_code == 0, pulled.stderr
    assert "exporting the list News Łódź" in pulled.stderr
    assert sorted(path.name for path in data.rglob("*.*")) == [
        *("contacts.ndjson.gz field_definitions.json news_d.csv.gz".split()),
        *("news_d_2.csv.gz nobody.csv.gz".split()),
    ]
    command = shlex.split(pulled.stderr.partition("note: preview with: ")[2].strip())
    assert command[:2] == ["sql-seg", "preview"]
    previewed = run(*command[1:], "--output-format", "json", "--now", "2030-01-01")
    assert previewed.exit_code == 0, previewed.stderr
    counts = {Path(entry["file"]).stem: entry["count"] for entry in json.loads(previewed.stdout)["segments"]}
    assert counts == {entry["name"].lower(): entry["contacts_count"] for entry in listed}
    assert counts == {"oslo": 3, "pro": 1}


def test_an_export_that_fails_leaves_no_half_of_a_file(server: Server, tmp_path: Path) -> None:
    server.emulator.account.put_faults([Fault("/v3/marketing/contacts/exports", status=400)])
    failed = run("pull", tmp_path / "segments", "--url", server.url, "--export", tmp_path / "data")
    assert failed.exit_code == 2
    assert not list((tmp_path / "data").glob("contacts*"))


def test_json_says_what_was_done_and_what_not(server: Server, tmp_path: Path) -> None:
    (tmp_path / "good.sql").write_text(QUERY)
    to = ("--url", server.url, "--output-format", "json")
    assert json.loads(run("plan", tmp_path, *to).stdout)["version"] == 1
    pushed = json.loads(run("push", tmp_path, *to, "--yes").stdout)["changes"]
    assert [(it["change"], it["done"], it["error"]) for it in pushed] == [("create", True, None)]
    (segment_id,) = server.emulator.account.store.all("segment")
    assert pushed[0]["id"] == segment_id
    (tmp_path / "good.sql").unlink()
    refused = run("push", tmp_path, *to, "--yes")
    (entry,) = json.loads(refused.stdout)["changes"]
    assert (refused.exit_code, entry["done"], entry["error"]) == (1, False, "not deleted: --prune does it")
    assert json.loads(run("pull", tmp_path, *to).stdout)["changes"] == []


def test_warnings_are_told_and_stop_only_where_the_settings_say_so(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_BASE_URL", server.url)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "odd.sql").write_text(QUERY.replace("= 'Oslo'", "!= 'Oslo'"))
    settings = tmp_path / "sql-seg.toml"
    settings.write_text("error-on-warnings = true")
    refused = run("push", "a", "--yes")
    assert (refused.exit_code, "warning[null-blind-inequality]" in refused.stderr) == (1, True)
    assert not server.emulator.account.store.all("segment")
    settings.write_text('ignore = ["null-blind-inequality"]\nerror-on-warnings = true')
    assert run("push", "a").exit_code == 1
    settings.write_text("")
    pushed = run("push", "a", "--yes")
    assert (pushed.exit_code, "null-blind-inequality" in pushed.stderr) == (0, True)
    assert len(server.emulator.account.store.all("segment")) == 1


def edit_there(server: Server, name: str, city: str = "Paris") -> None:
    """Give the query of a segment another city, as somebody else would."""
    server.advance(minutes=6)
    account = server.emulator.account
    key = next(key for key, entry in account.store.all("segment").items() if entry["name"] == name)
    headers = {"Authorization": "Bearer SG.secret"}
    body = {"query_dsl": QUERY.replace("Oslo", city)}
    path = f"{server.url}/v3/marketing/segments/2.0/{key}"
    assert httpx.patch(path, json=body, headers=headers).status_code == 200


def test_a_conflict_stops_a_push_and_is_left_alone_by_a_pull(server: Server, tmp_path: Path) -> None:
    to = ("--url", server.url)
    for name in ("a", "b"):
        (tmp_path / f"{name}.sql").write_text(QUERY)
    assert run("push", tmp_path, *to, "--yes").exit_code == 0
    edit_there(server, "a")
    for name in ("a", "b"):
        (tmp_path / f"{name}.sql").write_text(QUERY.replace("Oslo", "Bergen"))
    assert run("plan", tmp_path, *to).exit_code == 3
    before = list(server.emulator.account.store.all("segment").values())
    refused = run("push", tmp_path, *to, "--yes")
    assert (refused.exit_code, "conflict  a (a.sql): changed here and there" in refused.stdout) == (3, True)
    assert list(server.emulator.account.store.all("segment").values()) == before
    assert run("pull", tmp_path, *to).exit_code == 3
    assert "Bergen" in (tmp_path / "a.sql").read_text()
    (tmp_path / "a.sql").write_text(QUERY.replace("Oslo", "Paris"))  # they agree
    assert run("push", tmp_path, *to, "--yes").exit_code == 0
    assert run("plan", tmp_path, *to).exit_code == 0


def test_much_is_deleted_by_force_alone(server: Server, tmp_path: Path) -> None:
    to = ("--url", server.url)
    for number in range(10):
        (tmp_path / f"s{number}.sql").write_text(QUERY)
    assert run("push", tmp_path, *to, "--yes").exit_code == 0
    for number in range(4):
        (tmp_path / f"s{number}.sql").unlink()
    assert run("push", tmp_path, *to, "--yes", "--prune").exit_code == 6
    assert len(server.emulator.account.store.all("segment")) == 10
    assert run("push", tmp_path, *to, "--yes", "--select", "s0*", "--prune").exit_code == 0
    assert run("push", tmp_path, *to, "--yes", "--prune", "--force").exit_code == 0
    assert len(server.emulator.account.store.all("segment")) == 6


def test_a_change_that_comes_too_soon_is_told_and_the_others_are_made(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, Server(timing="documented") as server:
        patch.setenv("SENDGRID_API_KEY", "SG.x")
        to = ("--url", server.url, "--yes")
        (tmp_path / "a.sql").write_text(QUERY)
        assert run("push", tmp_path, *to).exit_code == 0
        (tmp_path / "a.sql").write_text(QUERY.replace("Oslo", "Bergen"))
        (tmp_path / "b.sql").write_text(QUERY)
        soon = run("push", tmp_path, *to)
        assert (soon.exit_code, "too soon" in soon.stderr) == (5, True)
        assert len(server.emulator.account.store.all("segment")) == 2
        server.advance(minutes=5)
        assert run("push", tmp_path, *to).exit_code == 0


def test_a_network_that_is_cut_in_the_middle_leaves_what_was_done_told(
    server: Server, tmp_path: Path
) -> None:
    for name in "abc":
        (tmp_path / f"{name}.sql").write_text(QUERY)
    posts = "/v3/marketing/segments/2.0"

    def push(*options: str) -> Any:
        return run("push", tmp_path, "--url", server.url, "--yes", *options)

    first, cut_off = Fault(posts, method="POST"), Fault(posts, method="POST", drop=True)
    server.emulator.account.put_faults([first, cut_off])
    cut = push("--output-format", "json")
    assert (cut.exit_code, "cannot be reached" in cut.stderr) == (2, True)
    assert [(one["name"], one["done"]) for one in json.loads(cut.stdout)["changes"]] == [("a", True)]
    server.emulator.account.put_faults([Fault(posts, method="POST", status=500)])
    some = push()
    assert (some.exit_code, "b: POST" in some.stderr) == (1, True)
    assert " create  c (c.sql)" in some.stdout
    assert push().exit_code == 0
    assert len(server.emulator.account.store.all("segment")) == 3
    assert run("plan", tmp_path, "--url", server.url).exit_code == 0


def test_what_was_done_before_the_end_is_told(server: Server, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.sql").write_text(QUERY)
    faults = [Fault("/v3/marketing/segments/2.0", method="POST", status=status) for status in (400, 403)]
    server.emulator.account.put_faults(faults)
    ended = run("push", tmp_path, "--url", server.url, "--yes", "--output-format", "json")
    assert ended.exit_code == 4
    changes = json.loads(ended.stdout)["changes"]
    assert [(change["name"], change["done"]) for change in changes] == [("a", False)]


def test_a_file_that_is_called_after_itself_is_renamed_with_its_segment(
    server: Server, tmp_path: Path
) -> None:
    to = ("--url", server.url)
    for name in ("one", "two"):
        (tmp_path / f"{name}.sql").write_text(QUERY.replace("Oslo", name))
    assert run("push", tmp_path, *to, "--yes").exit_code == 0
    segments = server.emulator.account.store.all("segment")
    ids = {entry["name"]: key for key, entry in segments.items()}
    (tmp_path / "one.sql").rename(tmp_path / "One.sql")  # the case alone
    (tmp_path / "sub").mkdir()
    (tmp_path / "two.sql").rename(tmp_path / "sub" / "second.sql")
    server.advance(minutes=6)
    assert run("push", tmp_path, *to, "--yes").exit_code == 0
    assert {entry["name"]: key for key, entry in segments.items()} == {
        "One": ids["one"],
        "second": ids["two"],
    }
    assert run("plan", tmp_path, *to).exit_code == 0


def test_two_files_that_could_be_the_same_segment_are_not_guessed_at(server: Server, tmp_path: Path) -> None:
    to = ("--url", server.url)
    (tmp_path / "one.sql").write_text(QUERY)
    assert run("push", tmp_path, *to, "--yes").exit_code == 0
    (tmp_path / "one.sql").unlink()
    for name in ("a", "b"):
        (tmp_path / f"{name}.sql").write_text(QUERY)
    planned = json.loads(run("plan", tmp_path, *to, "--output-format", "json").stdout)["changes"]
    assert sorted(change["change"] for change in planned) == ["create", "create", "delete"]


def test_a_layout_is_no_change_and_comments_before_a_query_stay(server: Server, tmp_path: Path) -> None:
    to = ("--url", server.url)
    (tmp_path / "a.sql").write_text(QUERY)
    assert run("push", tmp_path, *to, "--yes").exit_code == 0
    (tmp_path / "a.sql").write_text("-- why it is there\n\n" + QUERY.replace(" FROM", "\nFROM"))
    shown = run("plan", tmp_path, *to)
    assert (shown.exit_code, "1 formatting only" in shown.stdout) == (0, True)
    assert not [entry for entry in server.requests if entry["method"] == "PATCH"]
    edit_there(server, "a")
    assert run("pull", tmp_path, *to).exit_code == 0
    assert (tmp_path / "a.sql").read_text() == "-- name: a\n-- why it is there\n\n" + QUERY.replace(
        "Oslo", "Paris"
    )
    (tmp_path / "a.sql").write_text(QUERY.replace("Oslo", "Paris").replace("WHERE", "/* all */ WHERE"))
    edit_there(server, "a", "Rome")
    planned = run("plan", tmp_path, *to)
    assert (planned.exit_code, "comments within its query are not kept" in planned.stdout) == (1, True)


def test_many_files_are_deleted_by_force_alone(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        (tmp_path / f"s{number}.sql").write_text(QUERY)
    assert run("push", tmp_path, "--url", server.url, "--yes").exit_code == 0
    with Server(timing="instant") as another:  # the key of another account, say
        refused = run("pull", tmp_path, "--url", another.url)
        assert (refused.exit_code, "10 of 10 files" in refused.stderr) == (6, True)
        assert len(list(tmp_path.glob("*.sql"))) == 10
        assert run("pull", tmp_path, "--url", another.url, "--force").exit_code == 0
        assert not list(tmp_path.glob("*.sql"))


def test_a_segment_that_is_deleted_while_it_is_asked_for_is_no_error(server: Server, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.sql").write_text(QUERY)
    assert run("push", other, "--url", server.url, "--yes").exit_code == 0
    server.emulator.account.put_faults([Fault("/v3/marketing/segments/2.0/", status=404)])
    assert run("pull", tmp_path / "new", "--url", server.url).exit_code == 0


def test_a_great_account_is_pulled_in_time_that_grows_with_it(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    monkeypatch.setattr("sql_seg.sync.lock.write_file", lambda _, content: written.append(len(content)))
    with httpx.Client(headers={"Authorization": "Bearer SG.secret"}) as client:
        for number in range(110):
            body = {"name": f"s{number}", "query_dsl": QUERY}
            assert client.post(f"{server.url}/v3/marketing/segments/2.0", json=body).is_success
    assert run("pull", tmp_path, "--url", server.url).exit_code == 0
    assert len(list(tmp_path.glob("*.sql"))) == 110
    assert len(written) == 2
