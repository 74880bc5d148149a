"""``sql-seg upgrade``: v1 queries as v2."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import click

from sql_seg.cli import options
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERY_ERRORS
from sql_seg.cli.output import Failure, note, notes, put, say
from sql_seg.cli.remarks import say_wrong
from sql_seg.diagnostics.formats import visible
from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.errors import SegmentFileError
from sql_seg.frozen import replace
from sql_seg.language.datatypes import Dialect
from sql_seg.sources import CannotRewriteError, QuerySource, SourceFile, rewrite
from sql_seg.syntax.formatting import WIDTH
from sql_seg.upgrading import Upgrade, upgrade
from sql_seg.upgrading.segment_files import as_v2_segments
from sql_seg.upgrading.upward import read_v1
from sql_seg.wording import counted
from sql_seg.workspace import writing
from sql_seg.workspace.query_texts import Read
from sql_seg.workspace.workspace import Workspace


@click.command("upgrade")
@options.files_and_queries
@options.workspace()
@options.now()
@options.effort
@click.option("--write", "writes", is_flag=True, help="Rewrite the files in place.")
@click.option("--diff", "shows_diff", is_flag=True, help="Change nothing; print what would change.")
@click.option("--check", "only_check", is_flag=True, help="Print nothing; say what can be upgraded.")
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    now: datetime | None,
    effort: int,
    writes: bool,
    shows_diff: bool,
    only_check: bool,
) -> int:
    """Write v1 queries as v2 queries that select the same contacts.

    The v2 text is printed; how it is known that both select the same, and why a query cannot be upgraded, is
    said on standard error. Of segments in JSON and YAML, query_version and parent_list_ids are set, too.
    Queries that are v2 already stay as they are.

    Exit codes: 0 all is upgraded; 1 a query is refused or has errors; 2 something could not be read or
    written.
    """
    options.require_places(files, queries)
    if sum((writes, shows_diff, only_check)) > 1:
        raise click.UsageError("give one of --write, --diff and --check")
    moment = now or workspace.settings.now
    work = _Work(workspace, moment, effort, writes=writes, shows_diff=shows_diff, only_check=only_check)
    for read in workspace.read(files, queries):
        work.take(read)
    notes([*workspace.notes, *workspace.unused_patterns()])
    work.sum_up()
    return max(work.codes)


_UPGRADED, _POSSIBLE, _STAYS = "upgraded", "can be upgraded", "v2 already"
_REFUSED, _WRONG = "refused", "with errors"
_FATES = (_UPGRADED, _POSSIBLE, _STAYS, _REFUSED, _WRONG)


class _Work:
    """The texts that were taken so far, and what came of them."""

    def __init__(
        self,
        workspace: Workspace,
        now: datetime | None,
        effort: int,
        *,
        writes: bool,
        shows_diff: bool,
        only_check: bool,
    ) -> None:
        self.codes = {FINE}
        self._texts_taken = 0
        self._fates: Counter[str] = Counter()
        self._workspace = workspace
        self._now = now
        self._effort = effort
        self._width = workspace.settings.width or WIDTH
        self._writes = writes
        self._shows_diff = shows_diff
        self._only_check = only_check

    def take(self, read: Read) -> None:
        """Upgrade the queries of one more text."""
        try:
            if isinstance(read, SegmentFileError):
                raise read
            self._texts_taken += 1
            found = [(source, self._upgraded(source)) for source in self._workspace.sources(read)]
            made = [(source, one) for source, one in found if one is not None]
            self._put(read, made, len(found))
            self._fates[_POSSIBLE if self._only_check or self._shows_diff else _UPGRADED] += len(made)
        except (SegmentFileError, CannotRewriteError) as error:
            Failure(str(error)).show()
            self.codes.add(COULD_NOT_RUN)

    def sum_up(self) -> None:
        """Say what became of all queries, where there are several texts."""
        if self._texts_taken < 2:
            return
        fates = [f"{self._fates[fate]:,} {fate}" for fate in _FATES if self._fates[fate]]
        note(f"{counted(self._fates.total(), 'query', 'queries')}: {', '.join(fates)}")

    def _upgraded(self, source: QuerySource) -> Upgrade | None:
        """Return what a query is in v2; None where it stays, which is said."""
        name = source.file if source.name is None else f"{source.file}: {source.name}"
        if source.dialect is Dialect.V2:
            self._fates[_STAYS] += 1
            note(f"{name}: is v2 already")
            return None
        try:
            checked, comments = read_v1(source.text, self._workspace.schema)
        except QueryError as error:
            self._fates[_WRONG] += 1
            say_wrong(source.report(error.diagnostics), self._workspace)
            self.codes.add(QUERY_ERRORS)
            return None
        made = upgrade(
            checked,
            now=self._now,
            width=self._width,
            effort=self._effort,
            in_segment=source.segment is not None,
            remarks=comments,
        )
        for refusal in made.refusals:
            say(visible(f"{name}: refused ({refusal.kind}): {refusal}"))
            self.codes.add(QUERY_ERRORS)
        if made.is_refused:
            self._fates[_REFUSED] += 1
            return None
        note(f"{name}: {made.verdict}")
        if comments:
            note(f"{name}: {counted(len(comments), 'comment')} in the v1 text, now above the query")
        for remark in made.notes:
            note(f"{name}: {remark}")
        return made

    def _put(self, read: SourceFile, made: list[tuple[QuerySource, Upgrade]], count: int) -> None:
        """Write the upgraded queries of a text to their place."""
        if not made or self._only_check:
            return
        in_segments = made[0][0].segment is not None
        if in_segments:
            after = as_v2_segments(read, made)
        else:
            ends_line = read.text.endswith("\n") or read.path is not None
            after = rewrite(read.text, [(source, one.text + "\n" * ends_line) for source, one in made])
        if self._shows_diff:
            put(writing.as_diff(read.text, after, read.name, "upgraded"), newline=False)
        elif self._writes and read.path is not None:
            writing.rewrite(read.path, read.content, read.encoded(after))
            say(f"{read.name}: {len(made):,} of {count:,} upgraded")
        elif in_segments and (read.path is None or count > 1):
            put(after.removesuffix("\n"))
        else:
            put("\n\n".join(self._texts(read, made, after)))

    def _texts(self, read: SourceFile, made: list[tuple[QuerySource, Upgrade]], after: str) -> list[str]:
        """Return the upgraded queries as they are written: with ``${names}``, where values were put in."""
        if all(source.raw is None for source, _ in made):
            return [one.text for _, one in made]
        again = self._workspace.sources(replace(read, text=after))
        return [(source.raw or source).text.rstrip("\n") for source in again]
