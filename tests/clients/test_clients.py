"""SendGrid's own clients, as they are installed, do the whole of their work against the emulator."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sql_seg.server import Server
from tests.cli.running import run

pytestmark = [
    pytest.mark.clients,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
QUERY = "SELECT contact_id, updated_at FROM contact_data WHERE country = 'US'"
HERE = Path(__file__).parent


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(timing="instant", api_key="SG.any") as running:
        yield running


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the Node client."""
    if shutil.which("npm") is None:
        pytest.skip("there is no npm")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "whole.js", "delete.js"):
        shutil.copy(HERE / name, folder)
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(command, cwd=folder, check=True, timeout=300, capture_output=True)
    return folder


def run_node(folder: Path, script: str, server: Server, **environment: str) -> str:
    preload = run("serve", "--node-preload").stdout.strip()
    done = subprocess.run(
        ["node", "--require", preload, script],
        cwd=folder,
        env={**os.environ, "SENDGRID_BASE_URL": server.url, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def test_the_node_client(node: Path, server: Server) -> None:
    assert run_node(node, "whole.js", server) == "done\n"


def test_the_documented_snippet_that_deletes_a_segment(node: Path, server: Server) -> None:
    sg = python_client(server)
    made = sg.client.marketing.segments._("2.0").post(request_body={"name": "one", "query_dsl": QUERY})
    segment_id = made.to_dict["id"]
    written = run_node(node, "delete.js", server, SENDGRID_API_KEY="SG.any", SEGMENT_ID=segment_id)
    assert written == "202\n{}\n"
    assert sg.client.marketing.segments._("2.0").get().to_dict == {"results": []}


def from_the_guide(language: str, name: str) -> str:
    """Return a file that the guide shows."""
    guide = (HERE.parents[1] / "docs" / "server.md").read_text(encoding="utf-8")
    found = re.search(rf"^```{language} {re.escape(name)}\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_guide_s_test_in_node(node: Path, server: Server) -> None:
    (node / "segments.test.js").write_text(from_the_guide("js", "segments.test.js"))
    written = run_node(node, "segments.test.js", server)
    assert re.search(r"pass 2\b", written)
    assert re.search(r"fail 0\b", written)


def test_the_guide_s_test_in_python(tmp_path: Path) -> None:
    (tmp_path / "test_segments.py").write_text(from_the_guide("python", "test_segments.py"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def python_client(server: Server) -> Any:
    import sendgrid

    return sendgrid.SendGridAPIClient("SG.any", host=server.url)


def test_the_python_client(server: Server) -> None:
    from python_http_client.exceptions import BadRequestsError, NotFoundError, UnauthorizedError

    sg = python_client(server)
    marketing = sg.client.marketing
    made = marketing.lists.post(request_body={"name": "Łódź"})
    assert (made.status_code, made.to_dict["name"]) == (201, "Łódź")
    list_id = made.to_dict["id"]
    field = marketing.field_definitions.post(request_body={"name": "plan", "field_type": "Text"}).to_dict
    contact = {"email": "Dave@Example.com", "country": "US", "custom_fields": {field["id"]: "pro"}}
    answer = marketing.contacts.put(request_body={"list_ids": [list_id], "contacts": [contact]})
    assert answer.status_code == 202
    found = marketing.contacts.search.post(request_body={"query": "email = 'dave@example.com'"}).to_dict
    assert found["result"][0]["custom_fields"] == {"plan": "pro"}
    segments = marketing.segments._("2.0")
    made = segments.post(request_body={"name": "US", "query_dsl": QUERY})
    assert (made.status_code, made.to_dict["contacts_count"]) == (201, 1)
    one = segments._(made.to_dict["id"])
    assert len(segments.get().to_dict["results"]) == 1
    assert len(segments.get(query_params={"ids": [made.to_dict["id"], "x"]}).to_dict["results"]) == 1
    assert one.get(query_params={"contacts_sample": True}).to_dict["query_dsl"] == QUERY
    assert one.patch(request_body={"name": "USA"}).to_dict["name"] == "USA"
    refreshed = segments.refresh._(made.to_dict["id"]).post(request_body={"user_time_zone": "UTC"})
    assert refreshed.status_code == 202
    deleted = one.delete()
    assert (deleted.status_code, deleted.body) == (202, b"")
    with pytest.raises(NotFoundError) as missing:
        one.get()
    assert json.loads(missing.value.body)["errors"][0]["message"] == "segment not found"
    with pytest.raises(BadRequestsError):
        marketing.contacts.delete()
    with pytest.raises(BadRequestsError):
        segments.post(request_data={"name": "x"})
    assert marketing.lists._(list_id).delete().status_code == 204
    assert marketing.field_definitions._(field["id"]).delete().status_code == 204
    sg.client.host = server.url + "/"  # it then sends //v3
    assert segments.get().status_code == 200
    import sendgrid

    with pytest.raises(UnauthorizedError):
        sendgrid.SendGridAPIClient("SG.other", host=server.url).client.marketing.lists.get()
