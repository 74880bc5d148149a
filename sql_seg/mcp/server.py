"""The server: each answer of the assistant as a tool, by the protocol's official SDK."""

from __future__ import annotations

from typing import Any

from mcp.server.mcpserver import MCPServer

from sql_seg.mcp.tools import Assistant, reference

INSTRUCTIONS = """SendGrid Marketing Campaigns segments are queries: v2 is a subset of SQL over
contact_data and event_data, v1 a predicate. Check every query before you show it; take the checker's
fixes as they are. Times are UTC. preview reads the files that the server was started with, and no
others; personal data is masked."""


def make_server(assistant: Assistant, version: str) -> MCPServer:
    """Return the server over what an assistant may ask."""
    server = MCPServer("sql-seg", instructions=INSTRUCTIONS, version=version)

    @server.tool()
    def check(query: str, dialect: str | None = None) -> dict[str, Any]:
        """Say what is wrong with a segment query, with places, help and fixes; dialect is v1, v2 or none."""
        return assistant.check(query, dialect)

    @server.tool(name="format")
    def lay_out(query: str) -> dict[str, Any]:
        """Lay a segment query out as a person would; its meaning and comments stay."""
        return assistant.format(query)

    @server.tool()
    def example(query: str) -> dict[str, Any]:
        """Give a smallest contact, with events, that is in the segment, and one that is not."""
        return assistant.example(query)

    @server.tool()
    def preview(query: str, sample: int = 5) -> dict[str, Any]:
        """Count the contacts in a segment over the account's exports, and show some, masked."""
        return assistant.preview(query, sample)

    @server.tool()
    def diff(first: str, second: str) -> dict[str, Any]:
        """Find a contact that is in one of two segments alone, or prove that they hold the same."""
        return assistant.diff(first, second)

    @server.tool()
    def upgrade(query: str) -> dict[str, Any]:
        """Write a v1 query as v2, and say how it is known that both hold the same contacts, or why not."""
        return assistant.upgrade(query)

    @server.tool()
    def fields() -> dict[str, Any]:
        """List the columns that queries may name, the account's custom fields, and its lists."""
        return assistant.fields()

    @server.resource("sql-seg://language", name="language", mime_type="text/markdown")
    def language() -> str:
        """The functions and types of both dialects, and how sure each is."""
        return reference()

    @server.resource("sql-seg://rules", name="rules", mime_type="text/markdown")
    def rules() -> str:
        """All rules: what each finds, why that is bad, and what to write instead."""
        from sql_seg.linting import RULES

        return "\n\n".join(f"## {entry.code}\n\n{entry.summary}" for entry in RULES)

    return server
