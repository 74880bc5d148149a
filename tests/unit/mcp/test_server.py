"""The tools for assistants, called by the SDK's own client."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from mcp import Client, ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from sql_seg.engines.dataset import Dataset
from sql_seg.language.schema import SENDGRID
from sql_seg.mcp.server import make_server
from sql_seg.mcp.tools import Assistant

CONTACTS = [
    {"contact_id": "1", "email": "ann@gmail.com", "first_name": "Ann", "country": "US"},
    {"contact_id": "2", "email": "bob@web.de", "first_name": "Bob", "country": "DE"},
]


def called(tool: str, assistant: Assistant | None = None, **arguments: Any) -> dict[str, Any]:
    """Call a tool, and return what it answers."""

    async def run() -> Any:
        given = assistant or Assistant(SENDGRID, {"newsletter": "id"}, lambda: Dataset(CONTACTS))
        async with Client(make_server(given, "1")) as client:
            return await client.call_tool(tool, arguments)

    result = asyncio.run(run())
    assert not result.is_error
    answer: dict[str, Any] = result.structured_content
    return answer


def test_the_tools_and_the_resources_are_listed() -> None:
    async def run() -> tuple[set[str], set[str], str]:
        async with Client(make_server(Assistant(SENDGRID, {}), "1")) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            resources = {str(resource.uri) for resource in (await client.list_resources()).resources}
            language: Any = (await client.read_resource("sql-seg://language")).contents[0]
            return tools, resources, language.text

    tools, resources, language = asyncio.run(run())
    assert tools == {"check", "format", "example", "preview", "diff", "upgrade", "fields"}
    assert resources == {"sql-seg://language", "sql-seg://rules"}
    assert "ARRAY_CONTAINS" in language


def test_check_says_what_is_wrong_and_mends_it() -> None:
    answer = called("check", query="citty = 'Oslo'")
    assert not answer["valid"]
    assert answer["diagnostics"][0]["code"] == "unknown-column"
    assert "city = 'Oslo'" in (answer.get("with_safe_fixes"), answer.get("with_all_fixes"))
    assert called("check", query="city = 'Oslo'") == {"valid": True, "diagnostics": []}


def test_a_dialect_that_there_is_not_is_an_answer() -> None:
    assert "it is v1 or v2" in called("check", query="city = 'Oslo'", dialect="v3")["error"]


def test_of_many_findings_the_first_are_shown() -> None:
    answer = called("check", query=" OR ".join(["city = 'Oslo'"] * 80))
    assert (len(answer["diagnostics"]), answer["more_diagnostics"]) == (50, 29)


def test_format_lays_out_and_says_where_it_cannot() -> None:
    assert called("format", query="city='Oslo'") == {"query": "city = 'Oslo'"}
    assert called("format", query="city =")["error"] == "the query is not valid"


def test_a_preview_masks_personal_data() -> None:
    answer = called("preview", query="country = 'US'")
    assert (answer["count"], answer["total"]) == (1, 2)
    (contact,) = answer["sample"]
    assert (contact["email"], contact["first_name"], contact["country"]) == ("a•••@gmail.com", "A•••", "US")
    assert "ann" not in str(answer)


def test_a_preview_reads_nothing_but_what_was_given_at_the_start() -> None:
    assert "--contacts" in called("preview", Assistant(SENDGRID, {}), query="country = 'US'")["error"]


def test_example_and_diff_answer_with_contacts() -> None:
    answer = called("example", query="country = 'US'")
    assert answer["inside"]["contact"]["country"] == "US"
    assert called("diff", first="city = 'a'", second="'a' = city")["verdict"] == "same"
    assert called("diff", first="city = 'a'", second="city != 'a'")["verdict"] == "different"


def test_an_upgrade_says_how_sure_it_is_or_why_there_is_none() -> None:
    answer = called("upgrade", query="country = 'US'")
    assert (answer["is_proven"], answer["query"].splitlines()[0][:6]) == (True, "SELECT")
    assert called("upgrade", query="email LIKE '%a_b'")["refusals"][0]["kind"] == "pattern"
    assert called("upgrade", query="country =")["error"] == "the query is not valid"
    assert "v2 already" in called("upgrade", query=answer["query"])["error"]


def test_fields_are_the_accounts() -> None:
    answer = called("fields")
    assert answer["lists"] == {"newsletter": "id"}
    assert {"name": "country", "type": "VARCHAR", "custom": False} in answer["contact_data"]


def test_the_command_serves_previews_of_exports_with_bad_values(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("CONTACT_ID,COUNTRY,orders\n1,US,3\n2,US,n/a\n3,CA,1\n")
    fields = {"custom_fields": [{"name": "orders", "field_type": "Number"}]}
    (tmp_path / "fields.json").write_text(json.dumps(fields))

    def asked(*options: str) -> Any:
        given = ["--contacts", str(tmp_path / "c.csv"), "--fields", str(tmp_path / "fields.json"), *options]
        server = StdioServerParameters(command=sys.executable, args=["-m", "sql_seg", "mcp", *given])

        async def run() -> Any:
            async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
                await session.initialize()
                return (
                    await session.call_tool("preview", {"query": "country = 'US' AND orders >= 0"})
                ).content[0]

        content: Any = asyncio.run(run())
        return json.loads(content.text)

    assert "not a number" in asked()["error"]
    assert asked("--on-error", "skip")["count"] == 1
