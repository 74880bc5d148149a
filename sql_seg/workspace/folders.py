"""Which files a folder stands for: all but those that are hidden, vendored, ignored by Git, or left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sql_seg.frozen import field, frozen
from sql_seg.whole_files import is_leftover, remove_leftover

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Patterns:
    """Globs over the paths below a folder. Later ones outweigh earlier ones, and ``!`` takes back.

    pathspec takes 64 ms to import, longer than queries to check: it is only for those who have globs.
    """

    def __init__(self, globs: Iterable[str], folder: Path) -> None:
        self.globs = tuple(globs)
        self._folder = folder.resolve() if self.globs else folder
        self._spec = spec_of(self.globs) if self.globs else None
        self._used: set[int] = set()

    def verdict(self, path: Path, *, is_folder: bool = False) -> bool | None:
        """Return whether the globs take a path in, take it back, or (None) say nothing of it."""
        if self._spec is None:
            return None
        seen = relative(path, self._folder) + "/" * is_folder
        for number, pattern in enumerate(self._spec.patterns):
            if number not in self._used and pattern.match_file(seen):
                self._used.add(number)
        return self._spec.check_file(seen).include

    def unused(self) -> Iterator[str]:
        """Yield the globs that matched nothing so far."""
        for number, glob in enumerate(self.globs):
            if number not in self._used:
                yield glob


def spec_of(globs: Iterable[str]) -> GitIgnoreSpec:
    """Return globs as pathspec has them. Raises ValueError for what is no glob."""
    import re

    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines([glob.removeprefix("./") for glob in globs])
    except re.error as error:
        raise ValueError(str(error)) from error


def is_glob(glob: str) -> bool:
    """Return whether a text is a glob that can match something."""
    try:
        return any(pattern.include is not None for pattern in spec_of([glob]).patterns)
    except ValueError:
        return False


def relative(path: Path, folder: Path) -> str:
    """Return a path as it is seen from a folder, with slashes; a link is where it stands.

    The folder must be absolute and free of links. What is on another drive is seen from its root.
    """
    place = path.parent.resolve() / path.name if path.name not in ("", "..") else path.resolve()
    try:
        return Path(os.path.relpath(place, folder)).as_posix()
    except ValueError:
        return place.as_posix()


VENDORED = tuple(
    "__pycache__ __pypackages__ _build bower_components buck-out build dist node_modules site-packages "
    "third_party vendor venv".split()
)
"""Folders of other people's files, or of what was built: left out unless ``exclude`` says otherwise."""


@frozen
class Exclusion:
    """What is left out of folders.

    ``said`` are globs of settings, seen from ``folder``, ``given`` those of the command line, seen from the
    current directory. With ``leaves_vendored``, so are the folders in ``VENDORED``. ``is_forced`` leaves out
    files that are named themselves, too.
    """

    folder: Path = field(default_factory=Path)
    said: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    leaves_vendored: bool = True
    respects_gitignore: bool = True
    is_forced: bool = False


class Folders:
    """Lists the files of folders, and knows what was left out."""

    def __init__(self, exclusion: Exclusion) -> None:
        self._exclusion = exclusion
        self._said = Patterns(exclusion.said, exclusion.folder)
        self._given = Patterns(exclusion.given, Path())
        self._leaves_vendored = exclusion.leaves_vendored
        self._walked: list[Path] = []

    def is_left_out(self, file: Path) -> bool:
        """Return whether a file that people name is to be left out: only where that is forced."""
        return self._exclusion.is_forced and (
            self._is_excluded(file) or self._is_vendored(file) or self._is_ignored(file)
        )

    def files_below(self, folder: Path, wanted: Callable[[str], bool]) -> list[Path]:
        """Return the files below a folder whose names are wanted, in order, without pipes and devices.

        A link that leads nowhere is one of them. Leftovers of interrupted writes are removed on the way.
        Raises OSError where a folder cannot be listed.
        """
        self._walked.append(folder.resolve())
        is_excluded_itself = self._is_excluded(folder, is_folder=True)
        ignores = self._ignores_above(folder)
        found: list[Path] = []
        for parent, names, files in self._walk(folder, ignores, is_excluded_itself):
            for name in files:
                if is_leftover(name):
                    remove_leftover(Path(parent, name))
            found += [Path(parent, name) for name in names if wanted(name)]
        return sorted(path for path in found if path.is_file() or not path.exists())

    def unused_patterns(self) -> Iterator[str]:
        """Yield the globs that left out nothing, where all was walked that they are about."""
        if self._walked:
            yield from self._given.unused()
        if self.has_walked:
            yield from self._said.unused()

    @property
    def has_walked(self) -> bool:
        """Whether all was walked that the settings are about."""
        if not self._walked:
            return False
        home = self._exclusion.folder.resolve()
        return any(home.is_relative_to(folder) for folder in self._walked)

    def _walk(
        self, folder: Path, ignores: _Ignores, is_excluded_itself: bool
    ) -> Iterator[tuple[str, list[str], list[str]]]:
        """Yield folders with the names of files that are kept in them, and of all files."""
        known = {str(folder): ignores}
        for parent, folders, names in os.walk(folder, onerror=_raise):
            here = known.pop(parent)
            if self._exclusion.respects_gitignore and ".gitignore" in names:
                here = here.with_file(Path(parent))
            kept: list[str] = []
            for name in folders:
                if not self._hides(parent, name, here, is_excluded_itself, is_folder=True):
                    kept.append(name)
                    known[os.path.join(parent, name)] = here  # noqa: PTH118 -- as os.walk names it
            folders[:] = kept
            visible = [
                name
                for name in names
                if not self._hides(parent, name, here, is_excluded_itself, is_folder=False)
            ]
            yield parent, visible, names

    def _hides(
        self, parent: str, name: str, ignores: _Ignores, is_excluded_itself: bool, *, is_folder: bool
    ) -> bool:
        if name.startswith("."):
            return True
        if is_folder and self._leaves_vendored and name in VENDORED:
            return True
        if not (self._said.globs or self._given.globs or ignores):
            return False
        path = Path(parent, name)
        if not is_excluded_itself and self._is_excluded(path, is_folder=is_folder):
            return True
        return ignores.ignores(path, is_folder=is_folder)

    def _is_excluded(self, path: Path, *, is_folder: bool = False) -> bool:
        given = self._given.verdict(path, is_folder=is_folder)
        return given if given is not None else self._said.verdict(path, is_folder=is_folder) is True

    def _is_vendored(self, file: Path) -> bool:
        seen = Path(relative(file, self._exclusion.folder.resolve()))
        return any(
            (part.startswith(".") and part != "..") or (self._leaves_vendored and part in VENDORED)
            for part in seen.parts[:-1]
        )

    def _is_ignored(self, file: Path) -> bool:
        return self._ignores_above(file.parent, keeps_itself=False).ignores(file, is_folder=False)

    def _ignores_above(self, folder: Path, *, keeps_itself: bool = True) -> _Ignores:
        """Return what Git ignores at a folder by the files above it; a folder that is named itself is not."""
        if not self._exclusion.respects_gitignore:
            return _Ignores(())
        from sql_seg.diagnostics.formats.paths import git_top  # single files are checked without

        place = folder.resolve()
        top = git_top(place)
        if top is None:
            return _Ignores(())
        ignores = _Ignores(()).with_file(top, Path(".git", "info", "exclude"))
        between = [*reversed(place.parents), place][len(top.parents) :]
        for level in between if not keeps_itself else between[:-1]:
            ignores = ignores.with_file(level)
        if keeps_itself and any(ignores.ignores(level, is_folder=True) for level in between[1:]):
            return _Ignores(())
        return ignores


class _Ignores:
    """The ``.gitignore`` files that count at a place, outermost first: the innermost verdict decides."""

    def __init__(self, levels: Sequence[Patterns]) -> None:
        self._levels = tuple(levels)

    def __bool__(self) -> bool:
        return bool(self._levels)

    def with_file(self, folder: Path, file: Path = Path(".gitignore")) -> _Ignores:
        try:
            lines = (folder / file).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return self
        globs = [line for line in lines if is_glob(line)]
        return _Ignores((*self._levels, Patterns(globs, folder))) if globs else self

    def ignores(self, path: Path, *, is_folder: bool) -> bool:
        for level in reversed(self._levels):
            verdict = level.verdict(path, is_folder=is_folder)
            if verdict is not None:
                return verdict
        return False


def _raise(error: OSError) -> None:
    raise error
