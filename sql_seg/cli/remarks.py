"""An account read for the queries that are asked of it, and what people should know of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import datetime

from sql_seg.checking.checker import CheckedQuery
from sql_seg.cli import options
from sql_seg.cli.account import AccountOptions
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERY_ERRORS
from sql_seg.cli.output import note, notes, say, show_failures
from sql_seg.core.reads import LIST_IDS, reads_of
from sql_seg.diagnostics import formats
from sql_seg.engines.dataset import Dataset
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import Dialect
from sql_seg.records.gaps import Gap
from sql_seg.segments.candidates import Candidate, Candidates, candidates_of, subject
from sql_seg.wording import counted
from sql_seg.workspace.workspace import Workspace


def candidates_in(workspace: Workspace, files: Sequence[str], queries: Sequence[str] = ()) -> Candidates:
    """Return the queries that a command is about; say what was left alone, and what could not be read.

    Raises UsageError where people named none.
    """
    options.require_places(files, queries)
    candidates = candidates_of(workspace.gathered(files, queries))
    notes(workspace.notes)
    show_failures(candidates.failures)
    return candidates


def exit_code(candidates: Candidates, *, is_fine: bool = True) -> int:
    """Return how a command ends that answered what it could; ``is_fine`` says whether the answer is so."""
    if candidates.failures:
        return COULD_NOT_RUN
    return FINE if is_fine and not any(one.refusal for one in candidates.all) else QUERY_ERRORS


def say_refusals(candidates: Candidates, workspace: Workspace) -> None:
    """Check queries of which no data is asked, and say what is wrong with them."""
    for candidate in candidates.check(workspace.schema):
        say_wrong(candidate.report(candidate.refusal), workspace, "\n" * candidates.many)


def say_wrong(query: formats.QueryReport, workspace: Workspace, end: str = "") -> None:
    """Say what is wrong with a query, and how to give the fields that it may need."""
    say(formats.render("full", [query]) + end)
    if not workspace.knows_fields and options.lacks_fields(query.diagnostics):
        say(f"\n{options.FIELDS_NOTE}")


@frozen
class Remarks:
    """What was decided while loading, what is not as the files or the queries have it, and each problem."""

    notes: list[str]
    warnings: list[str]
    problems: list[str]

    @property
    def all(self) -> list[str]:
        """Return all of them, one sentence each."""
        return [*self.notes, *self.warnings, *self.problems]


def remarks_on(candidates: Candidates, dataset: Dataset) -> Remarks:
    """Return what people should know about the data that an answer rests on."""
    lacking = [gap for segment in candidates.segments.values() for gap in segment.gaps(dataset)]
    warnings = [
        *_disagreements(candidates),
        *dataset.report.warnings,
        *_about_lists(dataset, candidates, lacking),
        *(str(gap) for gap in lacking if gap.kind not in ("lists", "list")),
    ]
    problems = list(map(str, dataset.report.problems))
    return Remarks(_notes(dataset, candidates), list(dict.fromkeys(warnings)), problems)


def _notes(dataset: Dataset, candidates: Candidates) -> list[str]:
    """Return what was decided while loading, as far as the queries have to do with it."""
    asked = {name for segment in candidates.segments.values() for name in segment.checked.columns}
    beside = {str(choice) for key, choice in dataset.report.field_types.items() if key not in asked}
    return [remark for remark in dataset.report.notes if remark not in beside]


def _about_lists(dataset: Dataset, candidates: Candidates, lacking: Sequence[Gap]) -> Iterator[str]:
    """Yield what is lacking of lists, as the command line says it."""
    asking = candidates.that(_asks_for_lists)
    if asking and not dataset.has_list_ids:
        yield (
            f"{subject(asking, 'ask')} for list_ids, but the contacts come without: "
            "give the exports of lists with --list ID=FILE"
        )
    elif asking and len(dataset):
        nobody_on = {gap.name for gap in lacking if gap.kind == "list"}
        yield from _empty_lists(dataset, candidates, nobody_on)


def _empty_lists(dataset: Dataset, candidates: Candidates, nobody_on: Set[str]) -> Iterator[str]:
    """Yield a warning for each list that queries name, that no export was given of, and nobody is on."""
    for list_id, by in _lists_of(candidates).items():
        if list_id not in dataset.report.lists and list_id in nobody_on:
            yield (
                f"{subject(by, 'ask')} for list {list_id}, which no contact is on: "
                f"give its export with --list {list_id}=FILE"
            )


def _lists_of(candidates: Candidates) -> dict[str, list[Candidate]]:
    """Return the lists that queries name, each with the queries."""
    named: dict[str, list[Candidate]] = {}
    for candidate in candidates.that(_asks_for_lists):
        assert candidate.segment is not None
        for list_id in reads_of(candidate.segment.checked).lists:
            named.setdefault(list_id, []).append(candidate)
    return named


def _disagreements(candidates: Candidates) -> list[str]:
    """Return a warning for each custom field that queries take to be of several types."""
    return [
        f"{name} is used as "
        + ", as ".join(f"{use.type.name_in(Dialect.V2)} by {use.by.name}" for use in uses)
        + ": say with --fields FILE which it is"
        for name, uses in candidates.uses().items()
        if len(uses) > 1
    ]


def _asks_for_lists(checked: CheckedQuery) -> bool:
    return LIST_IDS in reads_of(checked).columns


_MOST_SAID = 10


def dataset_for(
    candidates: Candidates,
    account: AccountOptions,
    workspace: Workspace,
    now: datetime,
    *,
    wanted: frozenset[str] | None,
    everything: bool = False,
    writes_csv: bool = False,
) -> Dataset | None:
    """Return what the queries are asked of, and check them over it; None if all of them have errors.

    It is read for these queries alone, unless ``everything`` is to be there; it ``writes_csv`` where the
    members of one query are to be written so.
    """
    lenient = workspace.settings.lenient
    defined = account.sources.definitions is not None
    schema = workspace.schema_of(lenient=lenient or not defined)
    say_errors(candidates, candidates.check(schema))
    if not candidates.segments:
        return None
    opened = account.open_for(candidates, wanted)
    try:
        schema = opened.schema.as_lenient() if lenient else opened.schema
        say_errors(candidates, candidates.check(schema), knows_fields=defined)
        if candidates.segments:
            if everything:
                return opened.dataset()
            asked = [segment.checked for segment in candidates.segments.values()]
            return opened.dataset(asked, now, writes_csv=writes_csv)
    except BaseException:
        opened.close()
        raise
    opened.close()
    return None


_NO_SUCH_COLUMN = (
    "note: the contacts have no such column. If it is a custom field that none of them has, give the\n"
    "      account's field definitions with --fields FILE, or take it as NULL with --lenient."
)


def say_errors(candidates: Candidates, wrong: list[Candidate], *, knows_fields: bool = True) -> None:
    """Say what is wrong with queries."""
    if not wrong:
        return
    parts = [formats.render("full", [candidate.report(candidate.refusal) for candidate in wrong])]
    if not knows_fields and any(options.lacks_fields(candidate.refusal) for candidate in wrong):
        parts.append(_NO_SUCH_COLUMN)
    say("\n\n".join(parts) + "\n" * candidates.many)


def say_remarks(candidates: Candidates, dataset: Dataset, remarks: Remarks) -> None:
    """Say what people should know about the answer; of many queries, only how many have warnings."""
    warned = [candidate for candidate in candidates.all if candidate.warnings]
    if warned and candidates.many:
        note(f"note: {counted(len(warned), 'query', 'queries')} with warnings: sql-seg check says which")
    elif warned:
        say(formats.render("full", [candidate.report(candidate.warnings) for candidate in warned]) + "\n")
    _note_some("note", remarks.notes, "note")
    for warning in remarks.warnings:
        note(f"warning: {warning}")
    _note_some("warning", list(map(str, dataset.report.problems)), "problem")


def _note_some(severity: str, remarks: list[str], noun: str) -> None:
    """Say the first of some remarks, and how many more there are."""
    for remark in remarks[:_MOST_SAID]:
        note(f"{severity}: {remark}")
    if len(remarks) > _MOST_SAID:
        more = counted(len(remarks) - _MOST_SAID, f"more {noun}")
        note(f"{severity}: and {more} like these: --output-format json lists them all")
