"""Where the findings of a check go: one format or several, to standard output or to files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from sql_seg.cli import options
from sql_seg.cli.output import is_colorful, put, put_utf8, room, say
from sql_seg.diagnostics import formats
from sql_seg.diagnostics.formats import QueryReport
from sql_seg.frozen import frozen
from sql_seg.linting import RULES

FOR_PEOPLE = ("full", "concise")
_WITH_STATISTICS = (*FOR_PEOPLE, "json")


@frozen
class Target:
    """A format, and the file that it goes to; None is standard output."""

    format: str
    file: str | None = None

    @property
    def is_for_people(self) -> bool:
        """Whether people read it on standard output."""
        return self.file is None and self.format in FOR_PEOPLE


def targets_of(given: Sequence[str], file: str | None, by_default: str | None) -> list[Target]:
    """Return where reports go: ``given`` are formats, or ``FORMAT=FILE``.

    Raises UsageError for a format that there is not, and for two formats on standard output.
    """
    targets = [_target(text) for text in given] or [Target(by_default or "full")]
    if file is not None:
        open_ends = [target for target in targets if target.file is None]
        if len(open_ends) != 1:
            raise click.UsageError("--output-file is for one --output-format; write FORMAT=FILE for each")
        targets = [Target(target.format, target.file or file) for target in targets]
    if sum(target.file is None for target in targets) > 1:
        raise click.UsageError("only one format can go to standard output; write FORMAT=FILE for the others")
    return targets


def _target(text: str) -> Target:
    name, equals, file = text.partition("=")
    if name not in formats.FORMATS:
        from sql_seg.wording import did_you_mean

        hint = did_you_mean(name, formats.FORMATS) or f"there are {', '.join(formats.FORMATS)}"
        raise click.UsageError(f"there is no output format {name!r}; {hint}")
    if equals and not file:
        raise click.UsageError(f"{text!r} names no file")
    return Target(name, file or None)


def check_statistics(targets: Sequence[Target]) -> None:
    """Raise UsageError where a format has no statistics."""
    if any(target.format not in _WITH_STATISTICS for target in targets):
        raise click.UsageError(f"--statistics needs one of the formats {', '.join(_WITH_STATISTICS)}")


def show(
    reports: Sequence[QueryReport], target: Target, *, statistics: bool, color: str, on_stderr: bool
) -> None:
    """Write what was found, in a format. Raises SegmentFileError where a file cannot be written."""
    on_stderr = on_stderr and target.file is None
    if statistics:
        as_text = formats.statistics_json if target.format == "json" else formats.statistics_text
        text = as_text(formats.statistics(reports))
    else:
        text = formats.render(
            target.format,
            reports,
            color=target.file is None and is_colorful(color, on_stderr=on_stderr),
            rules=RULES,
            version=options.version() if target.format == "sarif" else "",
            width=room(on_stderr=on_stderr) if target.file is None else None,
        )
    if target.file is not None:
        from sql_seg.workspace.writing import write_file

        content = f"{text}\n" if text else ""
        write_file(Path(target.file), content.encode(errors="backslashreplace"))
        return
    if not text:
        return
    if target.format == "full":
        text += "\n"
    write: Callable[[str], None] = put if target.format in FOR_PEOPLE else _put_data
    (say if on_stderr else write)(text)


def _put_data(text: str) -> None:
    put_utf8(text + "\n")
