"""``sql-seg format``: one spelling for each query."""

from __future__ import annotations

import click

from sql_seg.cli import inputs, options
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERY_ERRORS
from sql_seg.cli.inputs import Input
from sql_seg.cli.output import Failure, put, say
from sql_seg.cli.rewriting import as_diff, rewrite
from sql_seg.diagnostics import report
from sql_seg.errors import QuerySyntaxError
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import WIDTH, format_text


@click.command("format")
@options.files_and_queries("[FILE|-]...")
@options.dialect
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 if anything would change.")
@click.option(
    "--width",
    type=click.IntRange(min=20),
    default=WIDTH,
    show_default=True,
    help="How long lines may be; a query that fits stays on one.",
)
@click.option("--diff", "shows_diff", is_flag=True, help="Change nothing; print what would change.")
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    dialect: Dialect | None,
    only_check: bool,
    shows_diff: bool,
    width: int,
) -> int:
    """Lay queries out as a person would; what they mean, and their comments, stay.

    Files are rewritten in place; standard input (-) and -q are printed.

    Exit codes: 0 all is well; 1 a text does not parse, or --check found something to change;
    2 something could not be read or written.
    """
    codes = {FINE}
    for read in inputs.read_all(files, queries):
        try:
            if isinstance(read, Failure):
                raise read
            changes = _format(read, dialect, width, only_check=only_check, shows_diff=shows_diff)
        except QuerySyntaxError as error:
            assert isinstance(read, Input)
            say(report.full(error.diagnostics, read.text, read.name) + "\n")
            codes.add(QUERY_ERRORS)
        except Failure as failure:
            failure.show()
            codes.add(COULD_NOT_RUN)
        else:
            codes.add(QUERY_ERRORS if changes and only_check else FINE)
    return max(codes)


def _format(read: Input, dialect: Dialect | None, width: int, *, only_check: bool, shows_diff: bool) -> bool:
    """Format one text, wherever it goes; return whether that changes it."""
    before = read.text
    after = format_text(before, dialect, width=width) + "\n"
    if shows_diff:
        put(as_diff(before, after, read.name, "formatted"), newline=False)
    elif not only_check and read.path is None:
        put(after.removesuffix("\n"))
    if before == after and not read.has_mark:
        return False
    if only_check:
        say(f"{read.name}: would be reformatted")
    elif not shows_diff and read.path is not None:
        rewrite(read.path, read.content, after.encode())
        say(f"{read.name}: reformatted")
    return True
