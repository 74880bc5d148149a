"""A file is there whole or not at all, whatever ends the run that writes it; its place stays what it was."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from sql_seg import whole_files
from sql_seg.whole_files import (
    LEFTOVER,
    is_leftover,
    scratch_folder,
    take_place,
    whole_file,
    why_not_written,
    write_whole,
)

OLD, NEW = b"as it was", b"as it is now" * 1000
NOBODY = 65534


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def by_pieces(path: Path) -> None:
    with whole_file(path) as part, part.open("wb") as file:
        file.write(NEW[:100])
        file.write(NEW[100:])


def at_once(path: Path) -> None:
    write_whole(path, NEW)


def from_a_folder(path: Path) -> None:
    with scratch_folder(path) as folder:
        (folder / "made").write_bytes(NEW)
        take_place(folder / "made", path)


def why_not(write: Callable[[Path], None], path: Path) -> str:
    """Return what is said of a file that cannot be written."""
    try:
        write(path)
    except OSError as error:
        return why_not_written(error)
    return "it was written"


each_way = pytest.mark.parametrize("write", [by_pieces, at_once, from_a_folder])
Write = Callable[[Path], None]


@each_way
def test_a_new_file_has_the_mode_that_any_new_file_has(tmp_path: Path, write: Write) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "a")
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == NEW
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert names_in(tmp_path) == ["a"]


@each_way
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_the_mode_stays(tmp_path: Path, write: Write, mode: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(OLD)
    path.chmod(mode)
    write(path)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (NEW, mode)


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
@each_way
def test_the_owner_stays(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "a"
    path.write_bytes(OLD)
    os.chown(path, 1234, 4321)
    write(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


def test_what_others_may_not_read_they_may_not_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(OLD)
    path.chmod(0o600)
    with whole_file(path) as part:
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
    with scratch_folder(path) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@each_way
@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_stays_a_link_and_what_it_leads_to_is_written(
    tmp_path: Path, write: Write, is_there: bool
) -> None:
    (tmp_path / "far").mkdir()
    target = tmp_path / "far" / "a"
    if is_there:
        target.write_bytes(OLD)
    (tmp_path / "middle").symlink_to(Path("far", "a"))
    (tmp_path / "link").symlink_to("middle")
    write(tmp_path / "link")
    assert target.read_bytes() == NEW
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "middle").is_symlink()
    assert names_in(tmp_path / "far") == ["a"]


def folder(path: Path) -> None:
    path.mkdir()


def circle(path: Path) -> None:
    path.symlink_to(path.name)


def in_no_folder(path: Path) -> None:
    path.symlink_to(path.parent / "none" / "a")


@each_way
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (folder, "is a directory, not a file"),
        (circle, "cannot be written: Too many levels of symbolic links"),
        (in_no_folder, "there is no folder {folder}/none"),
    ],
)
def test_a_place_that_takes_no_file(
    tmp_path: Path, write: Write, make: Callable[[Path], None], reason: str
) -> None:
    if make is folder and write is from_a_folder:
        pytest.skip("a folder may take the place of a folder")
    make(tmp_path / "a")
    assert why_not(write, tmp_path / "a") == reason.format(folder=tmp_path)
    assert names_in(tmp_path) == ["a"]


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that is not root's, and whose own rights count: who runs the tests is nobody for a while."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        if os.getuid() == 0:
            os.chown(path, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield path
        finally:
            if os.getuid() == 0:
                os.seteuid(0)
            path.chmod(0o700)


@each_way
def test_a_file_that_is_read_only_stays(shared: Path, write: Write) -> None:
    path = shared / "a"
    path.write_bytes(OLD)
    path.chmod(0o444)
    assert why_not(write, path) == "cannot be written: it is read-only"
    assert (path.read_bytes(), names_in(shared)) == (OLD, ["a"])


@each_way
@pytest.mark.parametrize("is_there", [True, False])
def test_a_read_only_folder_is_named(shared: Path, write: Write, is_there: bool) -> None:
    path = shared / "a"
    if is_there:
        path.write_bytes(OLD)
    shared.chmod(0o555)
    assert why_not(write, path) == f"cannot be written: its folder {shared} is read-only"
    assert names_in(shared) == ["a"] * is_there


@each_way
def test_a_pipe_stays_a_pipe_and_gets_all(tmp_path: Path, write: Write) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write(pipe)
    reader.join(10)
    assert read == [NEW]
    assert pipe.is_fifo()
    assert names_in(tmp_path) == ["pipe"]


@each_way
def test_a_pipe_whose_reader_is_gone(write: Write) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        with pytest.raises(BrokenPipeError):
            write(Path(f"/dev/fd/{writer}"))
    finally:
        os.close(writer)


@each_way
def test_a_device_stays_a_device(write: Write) -> None:
    write(Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


@each_way
@pytest.mark.parametrize("named", ["/dev/fd/{}", "/proc/self/fd/{}", "link"])
def test_a_stream_gets_it_behind_what_was_there(tmp_path: Path, write: Write, named: str) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.write(b"one ")
        file.flush()
        place = Path(named.format(file.fileno()))
        if named == "link":
            place = tmp_path / "link"
            place.symlink_to(f"/dev/fd/{file.fileno()}")
        write(place)
        file.write(b" two")
    assert path.read_bytes() == b"one " + NEW + b" two"


PROGRAM = """
import os, signal, sys
from pathlib import Path
from tests.unit.test_whole_files import at_once, by_pieces, from_a_folder, killed_inside

{0}(Path(sys.argv[1]))
"""


def in_a_process(what: str, path: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(what), str(path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        **options,
    )


def no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@each_way
def test_where_there_is_no_room_what_was_there_stays(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "a"
    path.write_bytes(OLD)
    result = in_a_process(write.__name__, path, preexec_fn=no_room)
    assert "File too large" in result.stderr
    assert (path.read_bytes(), names_in(tmp_path)) == (OLD, ["a"])


def killed_inside(path: Path) -> None:
    """Make a file and a folder, and end without a chance to remove them."""
    with whole_file(path) as part, scratch_folder(path) as made:
        part.write_bytes(NEW[:10])
        (made / "inside").write_bytes(NEW)
        os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_process_leaves_is_named_and_the_next_write_removes_it(tmp_path: Path) -> None:
    path, other = tmp_path / "vip.sql", tmp_path / "other.csv"
    path.write_bytes(OLD)
    in_a_process("killed_inside", path)
    left = [name for name in names_in(tmp_path) if name != "vip.sql"]
    assert len(left) == 2
    assert all(is_leftover(name) and name.startswith(f".vip.sql{LEFTOVER}") for name in left)
    assert path.read_bytes() == OLD
    write_whole(other, NEW)
    assert names_in(tmp_path) == ["other.csv", "vip.sql"]


def test_what_somebody_may_still_write_stays(tmp_path: Path) -> None:
    mine = tmp_path / f".a{LEFTOVER}{os.getpid()}-0a0a0a0a"
    of_a_living_process = tmp_path / f".a{LEFTOVER}{os.getppid()}-0a0a0a0a"
    for path in (mine, of_a_living_process):
        path.write_bytes(OLD)
    with whole_file(tmp_path / "a"):
        write_whole(tmp_path / "b", NEW)
        assert len(names_in(tmp_path)) == 4
    os.utime(mine, (0, 0))  # a number may be that of a process that ended long ago, in another container
    os.utime(of_a_living_process, (0, 0))
    write_whole(tmp_path / "b", NEW)
    assert names_in(tmp_path) == ["a", "b"]


def test_a_folder_that_a_killed_process_has_moved_aside_goes_back(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    aside = tmp_path / f".account{LEFTOVER}{process.pid}-0a0a0a0a"
    (aside / "before").mkdir(parents=True)
    (aside / "before" / "about").write_bytes(OLD)
    write_whole(tmp_path / "b", NEW)
    assert names_in(tmp_path) == ["account", "b"]
    assert (tmp_path / "account" / "about").read_bytes() == OLD


def test_long_names_have_parts_too(tmp_path: Path) -> None:
    path = tmp_path / ("ü" * 120)
    write_whole(path, NEW)
    assert names_in(tmp_path) == [path.name]


# Ctrl-C at any moment


def a_folder(path: Path) -> None:
    with scratch_folder(path) as made:
        (made / "made").mkdir()
        (made / "made" / "inside").write_bytes(NEW)
        take_place(made / "made", path)


class Interrupting:
    """Raises KeyboardInterrupt at one of the steps that Python takes in the module."""

    def __init__(self, at: int) -> None:
        self.at, self.steps = at, 0

    def __call__(self, frame: FrameType, event: str, _argument: object) -> Any:
        """Count a step, as ``sys.settrace`` has it."""
        if frame.f_code.co_filename != whole_files.__file__:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.steps += 1
            if self.steps == self.at:
                raise KeyboardInterrupt
        return self


def interrupted(write: Write, path: Path, at: int) -> int:
    """Write, with Ctrl-C at a step, and return how many there were."""
    interrupting, before = Interrupting(at), sys.gettrace()
    sys.settrace(interrupting)
    try:
        write(path)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
    return interrupting.steps


@pytest.mark.parametrize("write", [by_pieces, a_folder])
def test_ctrl_c_at_any_moment_leaves_the_old_or_the_new_and_nothing_else(
    tmp_path: Path, write: Write
) -> None:
    path = tmp_path / "a"

    def content() -> bytes:
        return (path / "inside" if path.is_dir() else path).read_bytes()

    write(path)
    steps, seen = interrupted(write, path, 0), set()
    for at in range(1, steps + 1, 1 if steps < 600 else 3):
        (path / "inside" if path.is_dir() else path).write_bytes(OLD)
        interrupted(write, path, at)
        whole_files._remove_all()  # as when Python ends
        assert names_in(tmp_path) == ["a"]
        seen.add(content())
        whole_files._parts.clear()
    assert seen == {OLD, NEW}
