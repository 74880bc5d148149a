"""The language server, asked by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

from sql_seg.lsp.server import Lines

QUERY = "SELECT contact_id, updated_at FROM contact_data WHERE citty = '👩‍👩‍👧' AND country != 'US'"


def asked(
    folder: Path,
    ask: Callable[[LanguageClient, str, list[Any]], Awaitable[None]],
    capabilities: lsp.ClientCapabilities | None = None,
) -> None:
    """Start a server for a folder, open QUERY in it, and ask."""

    async def run() -> None:
        client = LanguageClient("test", "1")
        published: list[Any] = []

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def publish(params: lsp.PublishDiagnosticsParams) -> None:
            published.append(params)

        await client.start_io(sys.executable, "-m", "sql_seg", "lsp")
        await client.initialize_async(
            lsp.InitializeParams(
                capabilities=capabilities or lsp.ClientCapabilities(), root_uri=folder.as_uri()
            )
        )
        client.initialized(lsp.InitializedParams())
        uri = (folder / "a.sql").as_uri()
        item = lsp.TextDocumentItem(uri, "sql", 1, QUERY)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        await asyncio.wait_for(_until(lambda: bool(published)), 30)
        await ask(client, uri, published)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()  # type: ignore[no-untyped-call]

    asyncio.run(run())


async def _until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.01)


def test_an_editor_is_told_and_helped(tmp_path: Path) -> None:
    (tmp_path / "sql-seg.toml").write_text('ignore = ["null-blind-inequality"]\n')

    async def ask(client: LanguageClient, uri: str, published: list[Any]) -> None:
        (found,) = published[0].diagnostics
        assert found.code == "unknown-column"
        start = QUERY.index("citty")
        assert found.range == lsp.Range(lsp.Position(0, start), lsp.Position(0, start + 5))
        document = lsp.TextDocumentIdentifier(uri)
        actions = await client.text_document_code_action_async(
            lsp.CodeActionParams(document, found.range, lsp.CodeActionContext([found]))
        )
        assert actions is not None
        action: Any = actions[0]
        (edit,) = action.edit.changes[uri]
        assert edit.new_text == "city"
        behind = QUERY.index("country")
        units = len(QUERY[:behind].encode("utf-16-le")) // 2
        hover: Any = await client.text_document_hover_async(
            lsp.HoverParams(document, lsp.Position(0, units + 1))
        )
        assert hover is not None
        assert "`country`" in hover.contents.value
        assert hover.range is not None
        assert hover.range.start.character == units
        items: Any = await client.text_document_completion_async(
            lsp.CompletionParams(document, lsp.Position(0, units + 3))
        )
        assert "country" in {item.label for item in items}
        edits = await client.text_document_formatting_async(
            lsp.DocumentFormattingParams(document, lsp.FormattingOptions(2, True))
        )
        assert edits is not None
        assert edits[0].new_text == QUERY + "\n"
        client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(2, uri),
                [lsp.TextDocumentContentChangeWholeDocument(QUERY.replace("citty", "city"))],
            )
        )
        await asyncio.wait_for(_until(lambda: len(published) > 1), 30)
        assert not published[1].diagnostics

    asked(tmp_path, ask)


def test_positions_count_utf_16_units() -> None:
    lines = Lines("a😀b\r\nc\rd")
    assert [lines.position(offset).character for offset in range(4)] == [0, 1, 3, 4]
    assert lines.position(5).line == 1
    for offset in range(8):
        assert lines.offset(lines.position(offset)) == offset
    assert lines.offset(lsp.Position(9, 9)) == 8


@pytest.mark.parametrize("encoding", lsp.PositionEncodingKind)
def test_positions_are_in_the_units_that_the_editor_offers(
    tmp_path: Path, encoding: lsp.PositionEncodingKind
) -> None:
    async def ask(client: LanguageClient, uri: str, published: list[Any]) -> None:
        width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding.value]
        codec = encoding.value if width == 1 else f"{encoding.value}-le"
        place = lsp.Position(0, len(QUERY[: QUERY.index("country")].encode(codec)) // width)
        document = lsp.TextDocumentIdentifier(uri)
        hover: Any = await client.text_document_hover_async(lsp.HoverParams(document, place))
        assert "`country`" in hover.contents.value
        assert hover.range.start == place

    general = lsp.GeneralClientCapabilities(position_encodings=[encoding])
    asked(tmp_path, ask, lsp.ClientCapabilities(general=general))


def test_changed_settings_count_at_once_for_what_is_open(tmp_path: Path) -> None:
    async def ask(client: LanguageClient, uri: str, published: list[Any]) -> None:
        whole = lsp.TextDocumentContentChangeWholeDocument(text=QUERY.replace("citty", "city"))
        version = lsp.VersionedTextDocumentIdentifier(uri=uri, version=2)
        client.text_document_did_change(lsp.DidChangeTextDocumentParams(version, [whole]))
        await asyncio.wait_for(_until(lambda: len(published) > 1), 30)
        assert [found.code for found in published[-1].diagnostics] == ["null-blind-inequality"]
        (tmp_path / "sql-seg.toml").write_text('ignore = ["null-blind-inequality"]\n')
        settings = (tmp_path / "sql-seg.toml").as_uri()
        change = lsp.FileEvent(settings, lsp.FileChangeType.Created)
        client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([change]))
        await asyncio.wait_for(_until(lambda: len(published) > 2), 30)
        assert not published[-1].diagnostics
        (tmp_path / "sql-seg.toml").write_text("")
        document = lsp.TextDocumentIdentifier(uri)
        client.text_document_did_save(lsp.DidSaveTextDocumentParams(document))
        await asyncio.wait_for(_until(lambda: len(published) > 3), 30)
        assert len(published[-1].diagnostics) == 1

    asked(tmp_path, ask)


def test_parts_of_a_text_change_and_a_text_without_a_file_is_answered(tmp_path: Path) -> None:
    async def ask(client: LanguageClient, uri: str, published: list[Any]) -> None:
        start = QUERY.index("citty")
        place = lsp.Range(lsp.Position(0, start), lsp.Position(0, start + 5))
        change = lsp.TextDocumentContentChangePartial(range=place, text="city")
        version = lsp.VersionedTextDocumentIdentifier(uri=uri, version=2)
        client.text_document_did_change(lsp.DidChangeTextDocumentParams(version, [change]))
        await asyncio.wait_for(_until(lambda: len(published) > 1), 30)
        assert [found.code for found in published[-1].diagnostics] == ["null-blind-inequality"]
        item = lsp.TextDocumentItem("untitled:Untitled-1", "sql", 1, "citty = 'x'\r\nand")
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        await asyncio.wait_for(_until(lambda: len(published) > 2), 30)
        assert published[-1].uri == "untitled:Untitled-1"
        assert published[-1].diagnostics

    asked(tmp_path, ask)


JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE e.event_type = 'open'"
)


@pytest.mark.parametrize(
    ("name", "said"), [("C", "another alias"), ("1 x", "is no name"), ("select", "a word of the language")]
)
def test_a_rename_that_cannot_be_says_why(tmp_path: Path, name: str, said: str) -> None:
    async def ask(client: LanguageClient, uri: str, published: list[Any]) -> None:
        client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(2, uri),
                [lsp.TextDocumentContentChangeWholeDocument(JOINED)],
            )
        )
        place = lsp.Position(0, JOINED.index("e.event_type"))
        document = lsp.TextDocumentIdentifier(uri)
        with pytest.raises(JsonRpcException, match=said):
            await client.text_document_rename_async(lsp.RenameParams(document, place, name))
        edit = await client.text_document_rename_async(lsp.RenameParams(document, place, "ev"))
        assert edit is not None
        assert edit.changes is not None
        assert len(edit.changes[uri]) == 3

    asked(tmp_path, ask)


def test_a_file_that_is_not_there_has_no_answers(tmp_path: Path) -> None:
    async def ask(client: LanguageClient, uri: str, published: list[Any]) -> None:
        for gone in ((tmp_path / "gone.sql").as_uri(), "untitled:Untitled-1"):
            document = lsp.TextDocumentIdentifier(gone)
            place = lsp.Position(0, 0)
            assert await client.text_document_hover_async(lsp.HoverParams(document, place)) is None
            options = lsp.FormattingOptions(2, True)
            formatting = lsp.DocumentFormattingParams(document, options)
            assert await client.text_document_formatting_async(formatting) is None
            assert await client.text_document_definition_async(lsp.DefinitionParams(document, place)) is None

    asked(tmp_path, ask)


def test_fields_that_vanish_are_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sql-seg.toml").write_text('fields = "fields.json"\n')
    (tmp_path / "fields.json").write_text('{"custom_fields": []}')

    async def ask(client: LanguageClient, uri: str, published: list[Any]) -> None:
        shown: list[str] = []

        @client.feature(lsp.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator]
        def show(params: lsp.ShowMessageParams) -> None:
            shown.append(params.message)

        (tmp_path / "fields.json").unlink()
        client.text_document_did_save(lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
        await asyncio.wait_for(_until(lambda: bool(shown) and len(published) > 1), 30)
        assert shown == [f"{tmp_path / 'fields.json'}: no such file"]

    asked(tmp_path, ask)
