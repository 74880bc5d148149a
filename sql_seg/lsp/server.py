"""The language server: from the protocol's lines and UTF-16 columns to offsets, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from sql_seg.diagnostics import Edit, Safety, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.errors import SqlSegError
from sql_seg.lsp.features import OpenDocument, PlacedFinding
from sql_seg.workspace.judging import Judge, judge_of
from sql_seg.workspace.settings import Settings, nearest_settings
from sql_seg.workspace.workspace import Workspace

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}
_KINDS = {
    "field": lsp.CompletionItemKind.Field,
    "function": lsp.CompletionItemKind.Function,
    "keyword": lsp.CompletionItemKind.Keyword,
    "table": lsp.CompletionItemKind.Class,
    "value": lsp.CompletionItemKind.EnumMember,
}


def _utf_8_units(character: str) -> int:
    code = ord(character)
    return 1 + (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF)


_UNITS: dict[str, Callable[[str], int]] = {
    "utf-8": _utf_8_units,
    "utf-16": lambda character: 1 + (ord(character) > 0xFFFF),
    "utf-32": lambda _: 1,
}
"""How many units of a position a character takes, by the name of the encoding."""


class Lines:
    """The lines of a text, for positions in the units that editor and server have agreed on.

    Those are UTF-16 code units, unless the editor offers others.
    """

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self._units = _UNITS[encoding]
        self.starts = [0]
        for index, character in enumerate(text):
            if character == "\n" or (character == "\r" and text[index + 1 : index + 2] != "\n"):
                self.starts.append(index + 1)

    def offset(self, position: lsp.Position) -> int:
        """Return the offset of a position, as near as the text has it."""
        if position.line >= len(self.starts):
            return len(self.text)
        start = self.starts[position.line]
        end = self.starts[position.line + 1] if position.line + 1 < len(self.starts) else len(self.text)
        units = 0
        for offset in range(start, end):
            if units >= position.character:
                return offset
            units += self._units(self.text[offset])
        return end

    def position(self, offset: int) -> lsp.Position:
        """Return the position of an offset."""
        from bisect import bisect_right

        line = bisect_right(self.starts, offset) - 1
        before = self.text[self.starts[line] : offset]
        return lsp.Position(line, len(before) if before.isascii() else sum(map(self._units, before)))

    def range(self, span: Span) -> lsp.Range:
        """Return the range of a span."""
        return lsp.Range(self.position(span.start), self.position(span.end))


class _Server(LanguageServer):
    """The server, with the documents as they were last seen."""

    def __init__(self) -> None:
        super().__init__("sql-seg", version("sql-seg"))
        self._documents: dict[str, tuple[int | None, OpenDocument]] = {}
        self._judges: dict[Path, Judge] = {}

    def document(self, uri: str) -> tuple[OpenDocument, Lines]:
        """Return a document as it is now, judged once for each version."""
        source = self.workspace.get_text_document(uri)
        try:
            text = source.source
        except (OSError, UnicodeDecodeError):  # it is not open, and cannot be read
            text = ""
        known = self._documents.get(uri)
        if known is None or known[0] != source.version or known[1].text != text:
            name = to_fs_path(uri) or uri
            known = source.version, OpenDocument(name, text, self.judge(Path(name).parent))
            self._documents[uri] = known
        encoding = lsp.PositionEncodingKind(self.workspace.position_encoding or "utf-16")
        return known[1], Lines(known[1].text, encoding.value)

    def forget(self, uri: str) -> None:
        """Forget a document that was closed."""
        self._documents.pop(uri, None)

    def judge(self, folder: Path) -> Judge:
        """Return what judges the documents of a folder: its nearest settings."""
        if folder not in self._judges:
            try:
                workspace = Workspace(nearest_settings(folder))
                workspace.values, workspace.schema  # noqa: B018 -- what they lack is reported once, here
            except SqlSegError as error:
                self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, str(error)))
                workspace = Workspace(Settings())
            self._judges[folder] = judge_of(workspace)
        return self._judges[folder]

    async def watch_settings(self) -> None:
        """Ask the editor to say when files of settings, fields or lists change, if it can."""
        workspace = self.client_capabilities.workspace
        watching = workspace and workspace.did_change_watched_files
        if watching and watching.dynamic_registration:
            watchers = [lsp.FileSystemWatcher(f"**/*.{kind}") for kind in ("toml", "json", "csv")]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = lsp.Registration("settings", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await self.client_register_capability_async(lsp.RegistrationParams([registration]))

    def reread(self) -> None:
        """Read settings again, after one of their files has changed."""
        self._judges.clear()
        self._documents.clear()


def make_server() -> LanguageServer:
    """Return the language server, ready to be started on standard input and output, or on a port."""
    server = _Server()

    def publish(uri: str) -> None:
        document, lines = server.document(uri)
        found = [_diagnostic(placed, lines) for placed in document.findings()]
        for problem in document.problem.problems if document.problem is not None else ():
            place = lsp.Position(max(problem.line - 1, 0), max(problem.column - 1, 0))
            found.append(lsp.Diagnostic(lsp.Range(place, place), problem.message, source="sql-seg"))
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found))

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        publish(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        publish(params.text_document.uri)

    def judge_again() -> None:
        server.reread()
        for uri in list(server.workspace.text_documents):
            publish(uri)

    @server.feature(lsp.INITIALIZED)
    async def initialized(_: lsp.InitializedParams) -> None:
        await server.watch_settings()

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(_: lsp.DidSaveTextDocumentParams) -> None:
        judge_again()  # settings and fields may have changed beside it, and not every editor says so

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(_: lsp.DidChangeWatchedFilesParams) -> None:
        judge_again()

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = params.text_document.uri
        document, lines = server.document(uri)
        start, end = lines.offset(params.range.start), lines.offset(params.range.end)
        return [
            _action(placed, uri, lines)
            for placed in document.findings()
            if placed.edits and placed.span.start <= end and start <= placed.span.end
        ]

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        document, lines = server.document(params.text_document.uri)
        found = document.hover(lines.offset(params.position))
        if found is None:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found.text), lines.range(found.span))

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[".", "'"]))
    def complete(params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        document, lines = server.document(params.text_document.uri)
        lists = server.judge(Path(document.name).parent).workspace.list_ids
        return [
            lsp.CompletionItem(item.text, kind=_KINDS[item.kind], detail=item.detail or None)
            for item in document.completions(lines.offset(params.position), lists)
        ]

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def form(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        document, lines = server.document(params.text_document.uri)
        text = document.formatted()
        if text is None or text == document.text:
            return None
        return [lsp.TextEdit(lines.range(Span(0, len(document.text))), text)]

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(params: lsp.DefinitionParams) -> lsp.Location | None:
        document, lines = server.document(params.text_document.uri)
        span = document.definition(lines.offset(params.position))
        return None if span is None else lsp.Location(params.text_document.uri, lines.range(span))

    @server.feature(lsp.TEXT_DOCUMENT_RENAME)
    def rename(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        uri = params.text_document.uri
        document, lines = server.document(uri)
        try:
            edits = document.renames(lines.offset(params.position), params.new_name)
        except ValueError as error:
            raise JsonRpcInvalidParams(str(error)) from error
        return None if edits is None else lsp.WorkspaceEdit({uri: _text_edits(edits, lines)})

    return server


def _diagnostic(placed: PlacedFinding, lines: Lines) -> lsp.Diagnostic:
    diagnostic = placed.diagnostic
    message = diagnostic.message + (f"\n{diagnostic.help}" if diagnostic.help else "")
    return lsp.Diagnostic(
        lines.range(placed.span),
        message,
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        source="sql-seg",
    )


def _action(placed: PlacedFinding, uri: str, lines: Lines) -> lsp.CodeAction:
    fix = placed.diagnostic.fix
    assert fix is not None
    is_safe = fix.safety is Safety.SAFE
    return lsp.CodeAction(
        fix.message if is_safe else f"{fix.message} (changes who is in the segment)",
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[_diagnostic(placed, lines)],
        is_preferred=is_safe,
        edit=lsp.WorkspaceEdit({uri: _text_edits(placed.edits, lines)}),
    )


def _text_edits(edits: Sequence[Edit], lines: Lines) -> list[lsp.TextEdit]:
    return [lsp.TextEdit(lines.range(edit.span), edit.text) for edit in edits]
