"""The command line: ``sql-seg``. Each command is imported when it is called."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from shutil import get_terminal_size
from typing import Any

import click

from sql_seg.cli.exit_codes import COULD_NOT_RUN, ENDED, FINE, INTERRUPTED
from sql_seg.cli.output import Failure, abandon, complain, prepare_streams
from sql_seg.collecting import SELDOM
from sql_seg.errors import SqlSegError

_COMMANDS = (
    "check",
    "rule",
    "config",
    "preview",
    "report",
    "explain",
    "overlap",
    "timeline",
    "drift",
    "load",
    "test",
    "example",
    "diff",
    "format",
    "upgrade",
    "sql",
    "parse",
    "serve",
    "pull",
    "plan",
    "push",
    "lsp",
    "mcp",
    "completion",
)


_WIDEST_HELP = 120


class _Formatter(click.HelpFormatter):
    """Help whose column of options leaves room for what is said of them, on narrow terminals too."""

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl(rows, min(col_max, max(self.width // 2 - 4, 6)), col_spacing)


class _Context(click.Context):
    """A context whose help is as wide as the terminal."""

    formatter_class = _Formatter

    def make_formatter(self) -> click.HelpFormatter:
        """Return the formatter of the help: as wide as the terminal, or as COLUMNS says."""
        return _Formatter(width=min(get_terminal_size((80, 24)).columns - 2, _WIDEST_HELP))


class _Commands(click.Group):
    """A group whose commands live in modules of their own, and whose every end is an exit code."""

    context_class = _Context

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- as click calls it
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- as click calls it
        if cmd_name not in _COMMANDS:
            return None
        with SELDOM:  # what is imported stays: to look at it again and again takes a twentieth of the start
            command: click.Command = import_module(f"sql_seg.cli.{cmd_name}").command
        command.context_class = _Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that arguments name; of a mistyped one, say which it may be."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            from sql_seg.cli.other_tools import COMMANDS
            from sql_seg.wording import did_you_mean

            known = COMMANDS.get(name) or did_you_mean(name, _COMMANDS)
            hint = known or f"there are {', '.join(_COMMANDS)}"
            raise click.UsageError(f"there is no command {name!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command and end the process with its exit code."""

        def run() -> Any:
            return super(_Commands, self).main(
                args, prog_name or "sql-seg", complete_var, standalone_mode=False, **extra
            )

        if not standalone_mode:
            return run()
        _end_without_collecting()
        prepare_streams()
        was_ended: list[int] = []
        try:
            with _ending_by_sigterm(was_ended):
                code = run()
        except (click.Abort, KeyboardInterrupt):  # a signal may come when click has done its work
            code = ENDED if was_ended else INTERRUPTED
        except (click.ClickException, SqlSegError) as error:
            failure = _shown(error)
            complain(failure.show)
            code = failure.exit_code
        except Exception as error:
            # what was cut off in an import, or in another process, fails in its own way
            if not was_ended and not _show_what_lacks(error):
                raise
            code = ENDED if was_ended else COULD_NOT_RUN
        sys.exit(code if isinstance(code, int) else FINE)


def _show_what_lacks(error: Exception) -> bool:
    """Say it where a package is not installed or the output takes no more; return whether it is that."""
    if isinstance(error, ModuleNotFoundError):
        from sql_seg.cli.missing_packages import how_to_install

        install = how_to_install(error.name)
        if install is not None:
            Failure(install).show()
        return install is not None
    if not isinstance(error, OSError):
        return False
    Failure(f"cannot write to standard output: {error.strerror}").show()
    abandon(sys.stdout)
    return True


def _shown(error: click.ClickException | SqlSegError) -> click.ClickException:
    """Return an error as it is shown; of usage, with an answer to what people know from other tools."""
    if isinstance(error, SqlSegError) and not isinstance(error, click.ClickException):
        return Failure(str(error))
    assert isinstance(error, click.ClickException)
    if not isinstance(error, click.UsageError):
        return error
    from sql_seg.cli.other_tools import answered

    return answered(error)


class _EndedError(KeyboardInterrupt):
    """SIGTERM came.

    Python remembers a plain KeyboardInterrupt that passes code made from text, such as that of dataclasses,
    and then ends the process by SIGINT, whatever its exit code.
    """


def _end_without_collecting() -> None:
    """Let Python end without a last look at all that is alive: it took an eighth of a check of one query."""
    atexit.unregister(gc.freeze)  # it may be there already, where a process runs several commands
    atexit.register(gc.freeze)


@contextmanager
def _ending_by_sigterm(met: list[int]) -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl-C does, so that nothing half-done stays; it is put into a list.

    A command that has a use of its own for the signal takes it after that.
    """

    def end(number: int, _frame: object) -> None:
        met.append(number)
        raise _EndedError

    try:
        before = signal.getsignal(signal.SIGTERM)
        is_ours = before is signal.SIG_DFL
        if is_ours:
            signal.signal(signal.SIGTERM, end)
    except ValueError:  # signals are the main thread's
        is_ours = False
    try:
        yield
    finally:
        if is_ours:
            signal.signal(signal.SIGTERM, before)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sql-seg", message="%(prog)s %(version)s")
def main() -> None:
    """Check, preview and format SendGrid segment queries, offline.

    Exit codes: 0 all is well; 1 a query has errors, a test fails, or "format --check" would change a file;
    2 the command could not run.
    """
