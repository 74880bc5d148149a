"""The server: the tools and what there is to read, by the protocol's official SDK."""

from __future__ import annotations

from mcp.server.mcpserver import MCPServer

from sql_seg.mcp.tools import TOOLS, Assistant, reference

INSTRUCTIONS = """SendGrid Marketing Campaigns segments are queries: v2 is a subset of SQL over
contact_data and event_data, v1 a predicate. Check every query before you show it; take the checker's
fixes as they are. Times are UTC. preview reads the files that the server was started with, and no
others; personal data is masked."""


def make_server(assistant: Assistant, version: str) -> MCPServer:
    """Return the server over what an assistant may ask."""
    server = MCPServer("sql-seg", instructions=INSTRUCTIONS, version=version)
    for tool in TOOLS:
        server.add_tool(getattr(assistant, tool.__name__))

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
