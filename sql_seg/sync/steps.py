"""Doing what a plan says: pulling into the folder, pushing to the account, one segment after the other.

What is done is written to the lock file before the next thing begins, so that a run that is killed leaves
nothing that the next run does not understand.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from sql_seg.frozen import field, frozen, replace
from sql_seg.sync.comparison import PULLED, PUSHED, ChangeKind, SegmentChange, compared
from sql_seg.sync.folder import LocalSegment, new_path, write_segment
from sql_seg.sync.lock import REPLACING, Lock, LockEntry
from sql_seg.sync.remote import Remote, RemoteError, RemoteSegment, TooSoonError
from sql_seg.sync.states import SegmentState

LARGEST_SHARE = 0.3
"""A push deletes at most this share of the segments, where there are ten or more, unless it is forced."""

FIVE_MINUTES = 300.0
_AGREED = (ChangeKind.ADOPT, ChangeKind.FORM)
"""Both sides say the same: that is written down, and nothing else is done."""


@frozen
class Done:
    """What became of a change: ``error`` is empty where it was done. ``id`` is the segment's since then."""

    change: SegmentChange
    error: str = ""
    id: str = ""
    is_too_soon: bool = False
    is_invalid: bool = False


@frozen
class Pushing:
    """What a push may do beside creating and updating."""

    prune: bool = False
    replace: bool = False
    wait: bool = False
    sleep: Callable[[float], None] = field(default=time.sleep)


def fetched(remote: Remote, lock: Lock, states: dict[str, SegmentState]) -> list[RemoteSegment]:
    """Return the account's segments, asking for those alone that changed since the lock file was written.

    ``states`` are the states by hash that the folder knows, so that an unchanged one need not be asked for.
    """
    known = {entry.id: entry for entry in lock.entries.values()}
    found = []
    for segment_id, updated_at in remote.updated().items():
        entry = known.get(segment_id)
        state = states.get(entry.hash) if entry is not None and entry.updated_at == updated_at else None
        if state is None:
            try:
                found.append(remote.get(segment_id))
            except RemoteError as error:
                if error.status != 404:  # else it was deleted since the account was asked for all
                    raise
        else:
            found.append(RemoteSegment(segment_id, state, updated_at))
    return found


def planned(local: Sequence[LocalSegment], lock: Lock, remote: Remote) -> list[SegmentChange]:
    """Return what is to be done, as things stand here and there."""
    states = {segment.state.hash: segment.state for segment in local}
    return compared(local, lock.entries, fetched(remote, lock, states))


def chosen(changes: Iterable[SegmentChange], prefixes: Sequence[str]) -> list[SegmentChange]:
    """Return the changes of segments whose names start with one of some prefixes; all, without prefixes."""
    starts = tuple(prefix.removesuffix("*") for prefix in prefixes)
    return [change for change in changes if not starts or change.name.startswith(starts)]


def too_destructive(changes: Iterable[SegmentChange], kind: ChangeKind, known: int) -> str | None:
    """Return why a push, or a pull, would delete too much, or None; ``kind`` is that of its deletions."""
    deleted = sum(change.kind is kind for change in changes)
    if known < 10 or deleted <= known * LARGEST_SHARE:
        return None
    what, sure = "segments", ""
    if kind is ChangeKind.PULL_DELETED:
        what, sure = "files", "is it the right account and key? "
    return (
        f"this would delete {deleted} of {known} {what}, more than {LARGEST_SHARE:.0%}: {sure}--force does it"
    )


def pull(
    changes: Iterable[SegmentChange], folder: Path, lock: Lock, list_names: dict[str, str]
) -> Iterator[Done]:
    """Bring what changed in the account into the folder; yield what became of each change."""
    changes = list(changes)
    taken = {change.path for change in changes if change.path is not None}
    with lock.held():  # what a killed run has not written is found out again: both sides say the same
        for change in changes:
            if change.kind in _AGREED:
                _agree(change, lock)
            elif change.kind in PULLED:
                path = _pull_one(change, folder, lock, list_names, taken)
                taken.add(path)
                yield Done(change, id=change.remote.id if change.remote else "")


def _pull_one(
    change: SegmentChange, folder: Path, lock: Lock, list_names: dict[str, str], taken: set[str]
) -> str:
    if change.kind is ChangeKind.PULL_DELETED:
        assert change.path is not None
        (folder / change.path).unlink(missing_ok=True)
        lock.drop(change.path)
        return change.path
    assert change.remote is not None
    state = change.remote.state
    path = change.path or new_path(state, taken)
    comments = change.local.comments if change.local is not None else ""
    write_segment(folder, path, state, list_names.get(state.parent_list or ""), comments)
    lock.put(path, _entry(change.remote))
    return path


def push(changes: Iterable[SegmentChange], lock: Lock, remote: Remote, how: Pushing) -> Iterator[Done]:
    """Bring what changed in the folder into the account; yield what became of each change."""
    for change in changes:
        if change.kind in _AGREED:
            _agree(change, lock)
        elif change.kind is ChangeKind.DELETE and not how.prune:
            yield Done(change, "not deleted: --prune does it")
        elif change.kind is ChangeKind.REPLACE and not how.replace:
            yield Done(
                change,
                f"{change.reason}: only a new segment can have that; --replace makes one, with a new id",
            )
        elif change.kind in PUSHED:
            yield _push_one(change, lock, remote, how)


def _push_one(change: SegmentChange, lock: Lock, remote: Remote, how: Pushing) -> Done:
    try:
        if change.kind is ChangeKind.DELETE:
            assert change.base is not None
            assert change.path is not None
            _unchanged(change, remote)
            remote.delete(change.base.id)
            lock.drop(change.path)
            return Done(change)
        assert change.local is not None
        saved = _saved(change, change.local, lock, remote, how)
        lock.put(change.local.path, _entry(saved, change.local.state))
        saved = remote.validated(saved.id)
        lock.put(change.local.path, _entry(saved, change.local.state))
    except TooSoonError as error:
        return Done(change, str(error), is_too_soon=True)
    except RemoteError as error:
        if error.status in (401, 403, 429, 0):
            raise
        return Done(change, str(error))
    if saved.status == "INVALID":
        return Done(change, f"SendGrid finds it INVALID: {saved.error}", saved.id, is_invalid=True)
    return Done(change, id=saved.id)


def _unchanged(change: SegmentChange, remote: Remote) -> None:
    """Look again before something is overwritten. Raises RemoteError where it changed since the plan."""
    planned_on = change.remote
    if planned_on is not None and remote.get(planned_on.id).state.hash != planned_on.state.hash:
        raise RemoteError("it was changed there meanwhile: plan again", 409)


def _saved(
    change: SegmentChange, local: LocalSegment, lock: Lock, remote: Remote, how: Pushing
) -> RemoteSegment:
    _unchanged(change, remote)
    if change.kind is ChangeKind.REPLACE and change.remote is not None:
        lock.put(local.path, replace(_entry(change.remote), hash=REPLACING))
        remote.delete(change.remote.id)
    if change.kind in (ChangeKind.CREATE, ChangeKind.REPLACE):
        return remote.create(local.state)
    assert change.remote is not None
    try:
        return remote.update(change.remote.id, local.state)
    except TooSoonError:
        if not how.wait:
            raise
    how.sleep(FIVE_MINUTES)
    return remote.update(change.remote.id, local.state)


def _agree(change: SegmentChange, lock: Lock) -> None:
    """Write down that both sides say the same."""
    if change.local is not None and change.remote is not None:
        lock.put(change.local.path, _entry(change.remote))
    elif change.path is not None:
        lock.drop(change.path)


def _entry(remote: RemoteSegment, state: SegmentState | None = None) -> LockEntry:
    agreed = remote.state if state is None else state
    return LockEntry(remote.id, agreed.name, remote.updated_at, agreed.hash, agreed.form_hash)
