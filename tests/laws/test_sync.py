"""A folder and an account: no sequence of edits on both sides makes a push or a pull lose one of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.server import transport
from sql_seg.server.transports import Transport
from sql_seg.sync.comparison import ChangeKind
from sql_seg.sync.folder import read_folder, text_of, write_segment
from sql_seg.sync.lock import Lock, lock_file
from sql_seg.sync.remote import Remote
from sql_seg.sync.states import SegmentState, without_comments
from sql_seg.sync.steps import Pushing, planned, pull, push
from sql_seg.workspace.workspace import Workspace

SEGMENTS = "/v3/marketing/segments/2.0"
QUERY = "SELECT contact_id, updated_at FROM contact_data WHERE city = '{}'"
WRITES = ("POST", "PATCH", "DELETE", "PUT")
PRUNING = Pushing(prune=True)


class Killed(BaseException):
    """The end of a run at any moment."""


class Deadly(httpx.BaseTransport):
    """A transport that ends a run: before or behind a request, or a write of a file."""

    def __init__(self, inner: Transport, lives: int | None = None) -> None:
        self.inner, self.lives = inner, lives
        self.counts_all = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.counts_all:
            self.live()
        answer = self.inner.handle_request(request)
        if self.counts_all or request.method in WRITES:
            self.live()
        return answer

    def live(self) -> None:
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                raise Killed

    def mortal(self, function: Any) -> Any:
        def called(*args: Any, **named: Any) -> Any:
            self.live()
            made = function(*args, **named)
            self.live()
            return made

        return called

    @contextmanager
    def killing(self, moment: int) -> Iterator[None]:
        """End what runs inside at a moment, if it lasts so long."""
        self.lives, self.counts_all = moment, True
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sql_seg.sync.steps.write_segment", self.mortal(write_segment))
            patch.setattr(Lock, "_write", self.mortal(Lock._write))
            patch.setattr(Path, "unlink", self.mortal(Path.unlink))
            try:
                yield
            except Killed:
                pass
            finally:
                self.lives, self.counts_all = None, False


class Sides:
    """A folder, an account, and the edits of each side since both were last looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.transport = Deadly(transport(timing="instant", now=datetime(2026, 1, 1, tzinfo=UTC)))
        self.remote = Remote("http://emulator", "SG.x", transport=self.transport, sleep=lambda _: None)
        self.number = 0

    def next_number(self) -> int:
        self.number += 1
        self.transport.inner.emulator.account.clock.advance(timedelta(minutes=6))
        return self.number

    def here(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in sorted(self.folder.glob("*.sql"))}

    def there(self) -> dict[str, tuple[str, str]]:
        found = {}
        for segment_id in self.remote.updated():
            state = self.remote.get(segment_id).state
            found[segment_id] = (state.name, state.query)
        return found

    def edit_here(self, what: str, at: int) -> None:
        number, files = self.next_number(), list(self.here())
        name = files[at % len(files)] if files else None
        if what == "create" or name is None:
            path = self.folder / f"h{number}.sql"
            path.write_text(f"-- name: here {number}\n{QUERY.format(number)}\n")
        elif what == "delete":
            (self.folder / name).unlink()
        else:
            path = self.folder / name
            head, _, query = path.read_text().partition("\n")
            if what == "rename":
                head = f"-- name: renamed {number}"
            path.write_text(f"{head}\n{QUERY.format(number) if what == 'edit' else query}")

    def edit_there(self, what: str, at: int) -> None:
        number, ids = self.next_number(), list(self.there())
        one = ids[at % len(ids)] if ids else None
        if what == "create" or one is None:
            body = {"name": f"there {number}", "query_dsl": QUERY.format(number)}
            self.remote.ask("POST", SEGMENTS, json=body)
        elif what == "delete":
            self.remote.delete(one)
        else:
            body = {"name": f"renamed {number}"} if what == "rename" else {"query_dsl": QUERY.format(number)}
            self.remote.ask("PATCH", f"{SEGMENTS}/{one}", json=body)

    def plan(self) -> tuple[Any, Lock]:
        lock = Lock(lock_file(self.folder, "default"))
        local = read_folder(self.folder, Workspace.open().folders, None, {})
        return planned(local, lock, self.remote), lock

    def push(self, how: Pushing = PRUNING) -> list[Any]:
        self.next_number()
        changes, lock = self.plan()
        return list(push(changes, lock, self.remote, how))

    def pull(self) -> list[Any]:
        changes, lock = self.plan()
        return list(pull(changes, self.folder, lock, {}))

    def writes(self) -> int:
        return sum(entry["method"] in WRITES for entry in self.transport.inner.emulator.requests)


@contextmanager
def sides() -> Iterator[Sides]:
    with tempfile.TemporaryDirectory() as folder:
        yield Sides(Path(folder))


EDITS = st.tuples(
    st.sampled_from(["here", "there"]),
    st.sampled_from(["create", "rename", "edit", "delete"]),
    st.integers(0, 5),
)
STEPS = st.lists(st.lists(EDITS, max_size=4), min_size=1, max_size=4)


def do(both: Sides, edits: list[Any]) -> None:
    for side, what, at in edits:
        (both.edit_here if side == "here" else both.edit_there)(what, at)


@given(STEPS, st.lists(st.booleans(), min_size=4, max_size=4))
@settings(max_examples=25)
def test_nothing_is_lost_on_the_other_side(steps: list[list[Any]], pushes: list[bool]) -> None:
    with sides() as both:
        agreed_here, agreed_there = both.here(), both.there()
        for edits, pushing in zip(steps, pushes, strict=False):
            do(both, edits)
            here, there = both.here(), both.there()
            if pushing:
                both.push()
                assert both.here() == here
                for segment_id, state in there.items():
                    if agreed_there.get(segment_id) != state:
                        assert both.there()[segment_id] == state
                gone = set(agreed_there) - set(there)
                assert not gone & set(both.there())
                before = both.writes()
                both.push()
                assert both.writes() == before
            else:
                both.pull()
                assert both.there() == there
                for name, text in here.items():
                    if agreed_here.get(name) != text:
                        assert both.here()[name] == text
                if not edits or all(side == "there" for side, *_ in edits):
                    mine = {change.kind for change in both.plan()[0]}
                    before = both.writes()
                    both.push()
                    assert both.writes() == before or mine & {
                        ChangeKind.CREATE,
                        ChangeKind.UPDATE,
                        ChangeKind.DELETE,
                    }
            agreed_here, agreed_there = both.here(), both.there()


@given(st.lists(EDITS, max_size=6), st.integers(0, 4))
@settings(max_examples=20)
def test_a_run_that_is_killed_is_gone_on_with(edits: list[Any], lives: int) -> None:
    with sides() as killed, sides() as whole:
        for both in (killed, whole):
            do(both, [("here", "create", 0), ("here", "create", 0), ("there", "create", 0)])
            both.push()
            both.pull()
            do(both, [edit for edit in edits if edit[0] == "here"])
        killed.transport.lives = lives
        try:
            killed.push()
        except Killed:
            killed.transport.lives = None
            killed.push()
        killed.transport.lives = None
        whole.push()
        assert sorted(killed.there().values()) == sorted(whole.there().values())
        before = killed.writes()
        killed.push()
        assert killed.writes() == before
        assert {change.kind for change in killed.plan()[0]} <= {ChangeKind.SAME}


@given(st.lists(EDITS, max_size=6), st.booleans(), st.integers(0, 40))
@settings(max_examples=25)
def test_the_next_run_goes_on_whatever_moment_a_run_is_killed_at(
    edits: list[Any], pulling: bool, moment: int
) -> None:
    with sides() as killed, sides() as whole:
        for both in (killed, whole):
            do(both, [("here", "create", 0), ("here", "create", 0), ("there", "create", 0)])
            both.push()
            both.pull()
            do(both, edits)
        with killed.transport.killing(moment):
            killed.pull() if pulling else killed.push()
        for both in (killed, whole):
            both.pull() if pulling else both.push()
        assert killed.here() == whole.here()
        assert sorted(killed.there().values()) == sorted(whole.there().values())
        assert [(one.kind, one.path) for one in killed.plan()[0]] == [
            (one.kind, one.path) for one in whole.plan()[0]
        ]
        before = killed.writes(), killed.here()
        killed.pull() if pulling else killed.push()
        assert (killed.writes(), killed.here()) == before


def test_a_replacement_that_is_killed_between_its_two_halves_is_gone_on_with() -> None:
    with sides() as both:
        made = both.remote.ask("POST", "/v3/marketing/lists", json={"name": "news"})
        both.edit_here("create", 0)
        both.push()
        path = next(both.folder.glob("*.sql"))
        path.write_text(path.read_text().replace("\n", f"\n-- parent_list: {made['id']}\n", 1))
        ids = {"news": made["id"]}

        def run() -> list[Any]:
            lock = Lock(lock_file(both.folder, "default"))
            local = read_folder(both.folder, Workspace.open().folders, None, ids)
            changes = planned(local, lock, both.remote)
            return list(push(changes, lock, both.remote, Pushing(replace=True)))

        both.transport.lives = 0
        with pytest.raises(Killed):
            run()
        assert not both.there()
        both.transport.lives = None
        (done,) = run()
        assert not done.error
        assert len(both.there()) == 1
        assert run() == []


@given(
    st.text(min_size=1, max_size=40).filter(lambda name: name.strip()),
    st.sampled_from(["", "-- a\n", "-- name: other\n", "/* x */ ", "\n\n"]),
)
def test_any_name_survives_its_file(name: str, start: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if any("\ud800" <= letter <= "\udfff" for letter in name):
            return
        state = SegmentState(
            name, start.strip("\n") + ("\n" if start.startswith("--") else "") + QUERY.format("x  \n y")
        )
        (folder / "one.sql").write_bytes(text_of(state, None).encode())
        (found,) = read_folder(folder, Workspace.open().folders, None, {})
        assert found.state.name == name
        assert found.state.hash == state.hash
        assert found.state.query == QUERY.format("x  \n y")


def test_comments_are_left_off_and_texts_are_kept() -> None:
    query = (
        "SELECT contact_id, updated_at -- ids\nFROM contact_data\n-- whole line\nWHERE city = '--x  \n/* y' "
    )
    assert without_comments(query, Dialect.V2) == (
        "SELECT contact_id, updated_at\nFROM contact_data\nWHERE city = '--x  \n/* y'"
    )
