"""``sql-seg format``: one spelling for each query."""

from __future__ import annotations

from collections.abc import Sequence

import click

from sql_seg.cli import options
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERY_ERRORS
from sql_seg.cli.output import Failure, note, notes, put, say
from sql_seg.diagnostics import formats
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.errors import SegmentFileError
from sql_seg.sources import CannotRewriteError, QuerySource, SourceFile, rewrite
from sql_seg.syntax.formatting import WIDTH, format_text
from sql_seg.wording import counted
from sql_seg.workspace import writing
from sql_seg.workspace.query_texts import Read
from sql_seg.workspace.workspace import Workspace


@click.command("format")
@options.files_and_queries
@options.workspace(schema=False)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 if anything would change.")
@click.option(
    "--width",
    type=click.IntRange(min=20),
    help=f"How long lines may be; a query that fits stays on one.  [default: {WIDTH}]",
)
@click.option("--diff", "shows_diff", is_flag=True, help="Change nothing; print what would change.")
@click.option("--stdin-filename", metavar="FILE", help="The file whose text comes over standard input.")
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    only_check: bool,
    shows_diff: bool,
    width: int | None,
    stdin_filename: str | None,
) -> int:
    """Lay queries out as a person would; what they mean, and their comments, stay.

    Files are rewritten in place; standard input (-) and -q are printed. A directory stands for all its
    queries, those in JSON and YAML too.

    Exit codes: 0 all is well; 1 a text does not parse, or --check found something to change;
    2 something could not be read or written.
    """
    options.require_places(files, queries)
    options.require_stdin(files)
    width = width or workspace.settings.width or WIDTH
    work = _Work(workspace, width, only_check=only_check, shows_diff=shows_diff)
    for read in workspace.read(files, queries, stdin_filename):
        work.take(read)
    notes([*workspace.notes, *workspace.unused_patterns()])
    if only_check:
        note(work.sum())
    return max(work.codes)


class _Work:
    """The texts that were taken so far, and what came of them."""

    def __init__(self, workspace: Workspace, width: int, *, only_check: bool, shows_diff: bool) -> None:
        self.codes = {FINE}
        self._taken = 0
        self._changed = 0
        self._workspace = workspace
        self._width = width
        self._only_check = only_check
        self._shows_diff = shows_diff

    def take(self, read: Read) -> None:
        """Format one more text."""
        try:
            if isinstance(read, SegmentFileError):
                raise read
            sources = [source.raw or source for source in self._workspace.sources(read)]
            after = self._formatted(read, sources)
            self._taken += 1
            if self._put(read, after):
                self._changed += 1
                self.codes.add(QUERY_ERRORS if self._only_check else FINE)
        except SegmentFileError as error:
            Failure(str(error)).show()
            self.codes.add(COULD_NOT_RUN)

    def sum(self) -> str:
        """Return how many texts would be changed, and how many would not."""
        rest = self._taken - self._changed
        formatted = f"{counted(rest, 'text')} {'is' if rest == 1 else 'are'} formatted"
        if not self._changed:
            return formatted
        would = f"{counted(self._changed, 'text')} would be reformatted"
        return f"{would}, {formatted}" if rest else would

    def _formatted(self, read: SourceFile, sources: Sequence[QuerySource]) -> str:
        """Return the text of a file with its queries formatted; what cannot be is left, and named."""
        changes: list[tuple[QuerySource, str]] = []
        for source in sources:
            try:
                after = self._query(source)
                rewrite(read.text, [(source, after)])
            except QuerySyntaxError as error:
                say(formats.render("full", [source.report(error.diagnostics)]) + "\n")
                self.codes.add(QUERY_ERRORS)
            except CannotRewriteError as error:
                say(str(error))
            else:
                changes.append((source, after))
        return rewrite(read.text, changes)

    def _query(self, source: QuerySource) -> str:
        after = format_text(source.text, source.dialect, width=self._width)
        ends_line = source.segment is None and not source.is_argument
        return after + "\n" if ends_line or source.text.endswith("\n") else after

    def _put(self, read: SourceFile, after: str) -> bool:
        """Write a text to its place, and return whether it is another one."""
        is_query = not after.lstrip().startswith(("{", "["))
        changes = after != read.text or (read.has_mark and is_query)
        if self._shows_diff:
            put(writing.as_diff(read.text, after, read.name, "formatted"), newline=False)
        elif not self._only_check and read.path is None:
            put(after.removesuffix("\n"))
        if not changes:
            return False
        if self._only_check:
            say(f"{read.name}: would be reformatted")
        elif not self._shows_diff and read.path is not None:
            writing.rewrite(read.path, read.content, after.encode())
            say(f"{read.name}: reformatted")
        return True
