"""What differs between a folder and an account: a comparison of three, with what both last agreed on.

A change on one side alone is that side's; one on both is a conflict, unless both came to the same. Nothing
here changes anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from sql_seg.frozen import frozen, replace
from sql_seg.language.datatypes import Dialect
from sql_seg.sync.folder import LocalSegment
from sql_seg.sync.lock import REPLACING, LockEntry
from sql_seg.sync.remote import RemoteSegment


class ChangeKind(StrEnum):
    """What is to be done about a segment."""

    SAME = "same"
    ADOPT = "adopt"
    """Both sides say the same, and the lock file does not know it yet."""
    FORM = "formatting only"
    """The query is laid out differently here: shown, and not uploaded."""
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    """The parent list or the generation changed: only a new segment can have another."""
    DELETE = "delete"
    PULL_NEW = "new there"
    PULL_CHANGED = "changed there"
    PULL_DELETED = "deleted there"
    CONFLICT = "conflict"


PUSHED = (ChangeKind.CREATE, ChangeKind.UPDATE, ChangeKind.REPLACE, ChangeKind.DELETE)
PULLED = (ChangeKind.PULL_NEW, ChangeKind.PULL_CHANGED, ChangeKind.PULL_DELETED)


@frozen
class SegmentChange:
    """What is to be done about one segment, and what each side says of it; ``path`` is its file's, if any."""

    kind: ChangeKind
    path: str | None
    local: LocalSegment | None = None
    base: LockEntry | None = None
    remote: RemoteSegment | None = None
    reason: str = ""

    def to(self, kind: ChangeKind, reason: str = "") -> SegmentChange:
        """Return the same with what else is to be done, and why."""
        return replace(self, kind=kind, reason=reason)

    @property
    def name(self) -> str:
        """What the segment is called, here or there."""
        if self.local is not None:
            return self.local.state.name
        if self.remote is not None:
            return self.remote.state.name
        return self.base.name if self.base is not None else str(self.path)


def compared(
    local: Iterable[LocalSegment], base: Mapping[str, LockEntry], remote: Iterable[RemoteSegment]
) -> list[SegmentChange]:
    """Return what is to be done about each segment: those of the folder by their paths, then others."""
    here = {segment.path: segment for segment in local}
    there = {segment.id: segment for segment in remote}
    known = _with_moves(here, base)
    changes = [
        _one(path, here.get(path), known.get(path), there.get(known[path].id) if path in known else None)
        for path in sorted({*here, *known})
    ]
    changes = [
        change.to(ChangeKind.ADOPT) if change.kind is ChangeKind.SAME and change.path not in base else change
        for change in changes
    ]
    claimed = {entry.id for entry in known.values()}
    by_name = {segment.state.name: segment for segment in there.values() if segment.id not in claimed}
    changes = [_adopted(change, by_name) for change in changes]
    taken = {change.remote.id for change in changes if change.remote is not None}
    changes += [
        SegmentChange(ChangeKind.PULL_NEW, None, remote=segment)
        for segment in sorted(there.values(), key=lambda segment: segment.state.name)
        if segment.id not in claimed | taken
    ]
    return [_without_swaps(change, changes) for change in changes]


def _with_moves(here: Mapping[str, LocalSegment], base: Mapping[str, LockEntry]) -> dict[str, LockEntry]:
    """Return the entries by the paths that their segments have now: a file that was moved keeps its entry."""
    known = dict(base)
    gone = {entry.name: path for path, entry in base.items() if path not in here}
    for path, segment in here.items():
        old = gone.pop(segment.state.name, None) if path not in known else None
        if old is not None:
            known[path] = known.pop(old)
    for old, path in _renamed({path: it for path, it in here.items() if path not in known}, base, gone):
        known[path] = known.pop(old)
    return known


def _renamed(
    new: Mapping[str, LocalSegment], base: Mapping[str, LockEntry], gone: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return the old and the new paths of files that were moved and have another name for it.

    A file without a name in its header is called after itself. It is the same segment still where one file
    alone is gone, and one alone is new, with the same query and list.
    """
    pairs = [
        (old, path)
        for name, old in gone.items()
        for path, segment in new.items()
        if base[old].is_of(replace(segment.state, name=name))
    ]
    counts = Counter(path for pair in pairs for path in pair)
    return [pair for pair in pairs if all(counts[path] == 1 for path in pair)]


def _one(
    path: str, local: LocalSegment | None, base: LockEntry | None, remote: RemoteSegment | None
) -> SegmentChange:
    change = SegmentChange(ChangeKind.SAME, path, local, base, remote)
    if base is None:
        return change.to(ChangeKind.CREATE)
    if local is None and remote is None:
        return change.to(ChangeKind.ADOPT)
    if base.hash == REPLACING and local is not None:
        if remote is None:
            return change.to(ChangeKind.CREATE)
        return _upload(change, local, remote)
    changed_there = remote is not None and not base.is_of(remote.state)
    if local is None:
        if changed_there:
            return change.to(ChangeKind.CONFLICT, "its file was deleted, and it was changed there")
        return change.to(ChangeKind.DELETE)
    changed_here = not base.is_of(local.state)
    if remote is None:
        if changed_here:
            return change.to(ChangeKind.CONFLICT, "changed here, and deleted there")
        return change.to(ChangeKind.PULL_DELETED)
    if local.state.hash == remote.state.hash:
        same = remote.state.hash == base.hash and remote.updated_at == base.updated_at
        return change.to(ChangeKind.SAME if same else ChangeKind.ADOPT)
    if local.state.same_but_for_form(remote.state):
        return change.to(ChangeKind.FORM)
    if not changed_here:
        if local.has_values:
            return change.to(ChangeKind.CONFLICT, "changed there, and the file has ${values}")
        lost = "the comments within its query are not kept" if local.has_comments_within else ""
        return change.to(ChangeKind.PULL_CHANGED, lost)
    if changed_there:
        return change.to(ChangeKind.CONFLICT, "changed here and there")
    return _upload(change, local, remote)


def _upload(change: SegmentChange, local: LocalSegment, remote: RemoteSegment) -> SegmentChange:
    if local.state.parent_list != remote.state.parent_list:
        return change.to(ChangeKind.REPLACE, "its parent list changed")
    if local.state.dialect is not remote.state.dialect:
        return change.to(ChangeKind.REPLACE, "it moves from v1 to v2")
    if remote.state.dialect is Dialect.V1:
        return change.to(ChangeKind.CONFLICT, "v1 segments can only be read and deleted")
    return change.to(ChangeKind.UPDATE)


def _adopted(change: SegmentChange, by_name: Mapping[str, RemoteSegment]) -> SegmentChange:
    """Return what becomes of a new file where the account has a segment of its name already."""
    if change.kind is not ChangeKind.CREATE or change.local is None:
        return change
    remote = by_name.get(change.local.state.name)
    if remote is None:
        if change.local.state.dialect is Dialect.V1:
            return change.to(ChangeKind.CONFLICT, "v1 segments can no longer be created: upgrade it")
        return change
    if remote.state.hash == change.local.state.hash or change.local.state.same_but_for_form(remote.state):
        return replace(change, remote=remote).to(ChangeKind.ADOPT)
    return replace(change, remote=remote).to(
        ChangeKind.CONFLICT, "the account has another segment of this name"
    )


def _without_swaps(change: SegmentChange, changes: Iterable[SegmentChange]) -> SegmentChange:
    """Return a conflict for a segment that takes a name which another one still has there."""
    if (
        change.kind not in (ChangeKind.UPDATE, ChangeKind.REPLACE)
        or change.local is None
        or change.remote is None
    ):
        return change
    wanted = change.local.state.name
    for other in changes:
        still = other.remote is not None and other.remote.id != change.remote.id
        if still and other.remote is not None and other.remote.state.name == wanted:
            return change.to(ChangeKind.CONFLICT, f"the name {wanted!r} is another segment's there")
    return change
