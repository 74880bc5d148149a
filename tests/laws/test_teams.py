"""Two people, one account: whatever they do, on a bad network too, no push or pull loses a change."""

from __future__ import annotations

import tempfile
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sql_seg.server import transport
from sql_seg.sources.headers import split_header
from sql_seg.sync.folder import read_folder
from sql_seg.sync.lock import Lock, lock_file
from sql_seg.sync.remote import Remote, RemoteError
from sql_seg.sync.steps import Pushing, planned, pull, push
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.parsing import parse
from sql_seg.workspace.workspace import Workspace

SEGMENTS = "/v3/marketing/segments/2.0"
QUERY = "SELECT contact_id, updated_at FROM contact_data WHERE city = '{}'"
WHO = st.sampled_from(["ada", "bo"])
AT = st.integers(0, 2)
HERE = "edit rename comment crlf layout delete move".split()
THERE = "edit rename layout delete create".split()
CUT = st.none() | st.integers(0, 30)
EDITS = st.lists(st.tuples(AT, st.sampled_from(HERE), st.sampled_from(THERE)), max_size=2)
Meaning = tuple[str, str]


def laid_out(query: str, form: int) -> str:
    """Return a query in another form, which means the same."""
    at = query.index(" WHERE")
    return (query, query.replace(" FROM", "\nFROM"), query[:at] + "\n WHERE" + query[at + 6 :])[form % 3]


def meaning(name: str, query: str) -> Meaning:
    """Return what counts of a segment: its name, and its query however it is laid out."""
    return name, to_text(parse(query))


def meaning_of_file(path: Path) -> Meaning:
    header, query = split_header(path.read_text(encoding="utf-8"))
    bare = "\n".join(line for line in query.splitlines() if not line.lstrip().startswith("--"))
    return meaning(header.get("name") or path.stem, bare)


class Cut(httpx.BaseTransport):
    """A network that is cut before or behind the request of some number."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.left: int | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._live()
        answer: httpx.Response = self.inner.handle_request(request)
        self._live()
        return answer

    def _live(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise httpx.ReadError("cut")


class Team(RuleBasedStateMachine):
    """Two folders and an account; ``agreed`` is what each person's folder and the account both had."""

    @initialize()
    def begin(self) -> None:
        self.place = tempfile.TemporaryDirectory()
        self.network = Cut(transport(timing="instant", now=datetime(2026, 1, 1, tzinfo=UTC)))
        self.account = self.network.inner.emulator.account
        self.remote = Remote("http://emulator", "SG.x", transport=self.network, sleep=lambda _: None)
        self.number = 0
        self.agreed: dict[str, dict[str, Meaning]] = {"ada": {}, "bo": {}}
        self.had: dict[str, set[Meaning]] = {"ada": set(), "bo": set()}
        for who in self.agreed:
            self.folder(who).mkdir()
        for named in (True, False):
            self.create_here("ada", named, 0)
        self.run("ada", Pushing())
        self.run("bo", None)
        for who in self.agreed:
            self.agree(who)

    def teardown(self) -> None:
        if hasattr(self, "place"):
            self.place.cleanup()

    # What there is

    def folder(self, who: str) -> Path:
        return Path(self.place.name) / who

    def files(self, who: str) -> dict[str, str]:
        paths = sorted(self.folder(who).rglob("*.sql"))
        return {path.relative_to(self.folder(who)).as_posix(): path.read_bytes().decode() for path in paths}

    def segments(self) -> dict[str, tuple[str, str]]:
        entries = self.account.store.all("segment")
        return {key: (entry["name"], entry["query_dsl"]) for key, entry in entries.items()}

    def a_file(self, who: str, at: int) -> Path | None:
        files = list(self.files(who))
        return self.folder(who) / files[at % len(files)] if files else None

    def next_number(self) -> int:
        self.number += 1
        self.account.clock.advance(timedelta(minutes=6))
        return self.number

    # Edits of a person

    @precondition(lambda self: len(self.segments()) < 4)
    @rule(who=WHO, named=st.booleans(), form=AT)
    def create_here(self, who: str, named: bool, form: int) -> None:
        number = self.next_number()
        head = f"-- name: {who} {number}\n" if named else ""
        text = head + laid_out(QUERY.format(number), form) + "\n"
        (self.folder(who) / f"{who}{number}.sql").write_text(text)

    @rule(who=WHO, at=AT, what=st.sampled_from(HERE))
    def edit_here(self, who: str, at: int, what: str) -> None:
        path, number = self.a_file(who, at), self.next_number()
        if path is None:
            return
        header, query = split_header(path.read_bytes().decode())
        name = header.get("name")
        if what == "delete":
            path.unlink()
            return
        if what == "move":
            inner = self.folder(who) / ("sub", "Sub", ".")[number % 3]
            inner.mkdir(exist_ok=True)
            path.rename(inner / (f"moved{number}.sql" if number % 2 else path.name.upper()[:-4] + ".sql"))
            return
        if what == "edit":
            query = QUERY.format(number) + "\n"
        elif what == "rename":
            name = f"{who} {number}"
        elif what == "comment":
            query = f"-- note {number}\n{query}"
        elif what == "layout":
            lines = query.splitlines()
            comments = [line for line in lines if line.lstrip().startswith("--")]
            bare = " ".join(" ".join(line for line in lines if line not in comments).split())
            query = "\n".join([*comments, laid_out(bare, number)]) + "\n"
        text = (f"-- name: {name}\n" if name is not None else "") + query
        path.write_bytes((text.replace("\n", "\r\n") if what == "crlf" else text).encode())

    # Edits of somebody at the account

    @rule(at=AT, what=st.sampled_from(THERE))
    def edit_there(self, at: int, what: str) -> None:
        number, ids = self.next_number(), list(self.segments())
        if what == "create" or not ids:
            body = {"name": f"there {number}", "query_dsl": QUERY.format(number)}
            self.remote.ask("POST", SEGMENTS, json=body)
            return
        one = ids[at % len(ids)]
        if what == "delete":
            self.remote.delete(one)
            return
        query = " ".join(self.segments()[one][1].split())
        query = QUERY.format(number) if what == "edit" else laid_out(query, number)
        body = {"name": f"there {number}"} if what == "rename" else {"query_dsl": query}
        self.remote.ask("PATCH", f"{SEGMENTS}/{one}", json=body)

    def edit_on_both_sides(self, who: str, at: int, here: str, there: str) -> None:
        """Edit a segment here and there, as far as both have it."""
        self.agree(who)
        ids = {found: key for key, found in self.agreed[who].items()}
        files = [meaning_of_file(self.folder(who) / path) for path in self.files(who)]
        common = [number for number, found in enumerate(files) if ids.get(found) in self.segments()]
        if common:
            number = common[at % len(common)]
            self.edit_there(list(self.segments()).index(ids[files[number]]), there)
            self.edit_here(who, number, here)

    # Pulls and pushes

    def run(self, who: str, how: Pushing | None) -> None:
        """Push, or pull; where the network is cut, that is how it ends."""
        with suppress(RemoteError) if self.network.left is not None else nullcontext():
            lock = Lock(lock_file(self.folder(who), "default"))
            local = read_folder(self.folder(who), Workspace.open().folders, None, {})
            changes = planned(local, lock, self.remote)
            if how is None:
                list(pull(changes, self.folder(who), lock, {}))
            else:
                list(push(changes, lock, self.remote, how))

    def agree(self, who: str) -> None:
        """Note what a person's folder and the account both have."""
        there = {meaning(*state): key for key, state in self.segments().items()}
        for path in self.folder(who).rglob("*.sql"):
            found = meaning_of_file(path)
            if found in there:
                self.agreed[who][there[found]] = found
                self.had[who].add(found)

    @rule(who=WHO, prune=st.booleans(), cut=CUT, edits=EDITS)
    def push(self, who: str, prune: bool, cut: int | None, edits: list[tuple[int, str, str]]) -> None:
        for edit in edits:
            self.edit_on_both_sides(who, *edit)
        self.agree(who)
        self.next_number()
        files, before = self.files(who), self.segments()
        known = dict(self.agreed[who])
        own = {meaning_of_file(self.folder(who) / path) for path in files}
        self.network.left = cut
        self.run(who, Pushing(prune=prune))
        self.network.left = None
        assert self.files(who) == files
        after = self.segments()
        for key, state in before.items():
            if known.get(key) != meaning(*state):
                assert after.get(key) == state  # it changed there, or this person never had it
            elif not prune:
                assert key in after
        for key in set(after) - set(before):  # what is new was this person's, and not deleted there
            assert meaning(*after[key]) in own - self.had[who]
        self.agree(who)
        self.run(who, Pushing(prune=prune))
        self.agree(who)
        settled = self.segments()
        self.run(who, Pushing(prune=prune))
        assert self.segments() == settled

    @rule(who=WHO, cut=CUT, edits=EDITS)
    def pull(self, who: str, cut: int | None, edits: list[tuple[int, str, str]]) -> None:
        for edit in edits:
            self.edit_on_both_sides(who, *edit)
        self.agree(who)
        files, before = self.files(who), self.segments()
        meanings = {path: meaning_of_file(self.folder(who) / path) for path in files}
        self.network.left = cut
        self.run(who, None)
        self.network.left = None
        assert self.segments() == before
        after = self.files(who)
        for path, text in files.items():
            if meanings[path] not in self.had[who]:
                assert after.get(path) == text  # it was changed here
            elif path in after:
                comments = {line for line in text.splitlines() if line.startswith("-- note")}
                assert comments <= set(after[path].splitlines())
        self.agree(who)
        self.run(who, None)
        self.agree(who)
        settled = self.files(who)
        self.run(who, None)
        assert (self.files(who), self.segments()) == (settled, before)

    @precondition(lambda self: self.number > 0)
    @rule(who=WHO)
    def what_is_pulled_is_not_pushed(self, who: str) -> None:
        """A folder that has nothing of its own, pulled and pushed: the account stays as it is."""
        self.agree(who)
        mine = {meaning_of_file(self.folder(who) / path) for path in self.files(who)}
        if mine - set(self.agreed[who].values()):
            return
        self.run(who, None)
        self.agree(who)
        before = self.segments()
        self.run(who, Pushing())
        assert self.segments() == before


TestTeam = Team.TestCase
TestTeam.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)
