"""Queries and the account that they are asked of: read together, and what is to be said of them."""

from __future__ import annotations

from datetime import datetime

from sql_seg.cli import options
from sql_seg.cli.account_files import AccountOptions
from sql_seg.cli.output import counted, note, say
from sql_seg.cli.remarks import Remarks, list_questions
from sql_seg.diagnostics import report
from sql_seg.engines.dataset import Dataset
from sql_seg.segments.candidates import Candidate, Candidates
from sql_seg.workspace.workspace import Workspace

_MOST_SAID = 10


def dataset_for(
    candidates: Candidates,
    account: AccountOptions,
    workspace: Workspace,
    now: datetime,
    *,
    wanted: frozenset[str] | None,
    everything: bool = False,
) -> Dataset | None:
    """Return what the queries are asked of, and check them over it; None if all of them have errors.

    It is read for these queries alone, unless ``everything`` is to be there.
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
            return opened.dataset([*asked, *list_questions(candidates)], now)
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
    parts = [report.render("full", [candidate.report(candidate.refusal) for candidate in wrong])]
    if not knows_fields and any(options.lacks_fields(candidate.refusal) for candidate in wrong):
        parts.append(_NO_SUCH_COLUMN)
    say("\n\n".join(parts) + "\n" * candidates.many)


def say_remarks(candidates: Candidates, dataset: Dataset, remarks: Remarks) -> None:
    """Say what people should know about the answer; of many queries, only how many have warnings."""
    warned = [candidate for candidate in candidates.all if candidate.warnings]
    if warned and candidates.many:
        note(f"note: {counted(len(warned), 'query', 'queries')} with warnings: sql-seg check says which")
    elif warned:
        say(report.render("full", [candidate.report(candidate.warnings) for candidate in warned]) + "\n")
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
