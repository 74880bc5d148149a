"""Writing to standard output and standard error: width, colours, and never a traceback."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import IO, Any, NoReturn, TextIO

import click

from sql_seg.cli.exit_codes import COULD_NOT_RUN, READER_GONE
from sql_seg.diagnostics.formats import visible
from sql_seg.errors import SegmentFileError


class Failure(click.ClickException):
    """Why a command could not run: one sentence, and the exit code that says so."""

    def __init__(self, message: str, code: int = COULD_NOT_RUN) -> None:
        super().__init__("\n".join(map(visible, message.split("\n"))))
        setattr(self, "exit_code", code)  # noqa: B010 -- click declares it of the class

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the sentence to standard error, if there is one that takes it."""
        complain(partial(super().show, file))


def prepare_streams() -> None:
    """Let the standard streams take any text: what a terminal cannot show is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def put(text: str, *, newline: bool = True) -> None:
    """Write a result to standard output, at once."""
    if sys.stdout is None:
        raise Failure("standard output is closed")
    try:
        sys.stdout.write(text + "\n" if newline else text)
        sys.stdout.flush()
    except OSError as error:
        stop_writing(error)


def put_utf8(text: str) -> None:
    """Write data to standard output in UTF-8, whatever a terminal's encoding is, at once."""
    put_bytes(text.encode(errors="backslashreplace"))


def put_bytes(content: bytes) -> None:
    """Write bytes to standard output, at once."""
    if sys.stdout is None:
        raise Failure("standard output is closed")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        stop_writing(error)


def complain(write: Callable[[], object]) -> None:
    """Write to standard error, if there is one that takes it."""
    if sys.stderr is None:
        return
    try:
        write()
    except OSError:
        abandon(sys.stderr)


def say(text: str) -> None:
    """Write a remark to standard error, if there is one that takes it."""
    complain(partial(click.echo, text, err=True))


def stop_writing(error: OSError) -> NoReturn:
    """End the command because standard output takes no more."""
    abandon(sys.stdout)
    if isinstance(error, BrokenPipeError):
        raise click.exceptions.Exit(READER_GONE) from error
    raise Failure(f"cannot write to standard output: {error.strerror}") from error


def abandon(stream: TextIO | None) -> None:
    """Send what is still in the buffer nowhere, so that it is not tried again when Python ends."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


_QUIET = "sql_seg.quiet"


def be_quiet() -> None:
    """Leave out notes and summaries for the rest of the command."""
    click.get_current_context().meta[_QUIET] = True


def is_quiet() -> bool:
    """Return whether notes and summaries are left out."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_QUIET))


def show_failures(errors: Iterable[SegmentFileError]) -> None:
    """Write to standard error which files could not be read, and why."""
    for error in errors:
        Failure(str(error)).show()


def note(text: str) -> None:
    """Write a remark to standard error as one line that does nothing to a terminal, unless quiet."""
    if not is_quiet():
        say(visible(text))


def notes(texts: Iterable[str]) -> None:
    """Write remarks to standard error, each once."""
    for text in dict.fromkeys(texts):
        note(f"note: {text}")


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether people look at a stream."""
    return stream is not None and stream.isatty()


def is_colorful(choice: str, *, on_stderr: bool = False) -> bool:
    """Return whether to write in colours: ``always``, ``never``, or ``auto``, where a terminal takes them.

    NO_COLOR turns them off, else FORCE_COLOR turns them on; ``always`` and ``never`` have the last word.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    if os.environ.get("TERM") == "dumb":
        return False
    return is_terminal(sys.stderr if on_stderr else sys.stdout)


_STYLES: dict[str, dict[str, Any]] = {
    "TRUE": {"fg": "green"},
    "FALSE": {"fg": "red"},
    "NULL": {"fg": "yellow"},
    "strong": {"bold": True},
    "bar": {"fg": "cyan"},
    "more": {"fg": "green"},
    "less": {"fg": "red"},
    "hint": {"fg": "cyan"},
}


def painter() -> Callable[[str, str], str]:
    """Return the function that gives a text the look of a style, or none where there are no colours."""
    if not is_colorful("auto"):
        return lambda text, _: text
    return lambda text, style: click.style(text, **_STYLES[style]) if text else text


_WIDTH = 100
"""How wide lines are where no terminal says it."""


def room(*, on_stderr: bool = False) -> int | None:
    """Return how wide lines are that a terminal shows; None where nothing says it, as in a pipe."""
    if is_terminal(sys.stderr if on_stderr else sys.stdout) or os.environ.get("COLUMNS"):
        return shutil.get_terminal_size((_WIDTH, 24)).columns
    return None


def terminal_width() -> int:
    """Return how wide lines may be: as the terminal is, or as COLUMNS says."""
    return room() or _WIDTH
