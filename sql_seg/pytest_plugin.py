"""The pytest plugin: it runs the tests beside segments, and gives tests a pinned now and accounts.

It is loaded whenever pytest starts, and imports the rest of sql-seg only where that is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sql_seg.engines.dataset import Dataset
    from sql_seg.segment_tests import Case, SegmentTests
    from sql_seg.server import Server
    from sql_seg.workspace.settings import Settings

_NOW, _FIELDS = "segment_now", "segment_fields"
_EXAMPLE = "2026-11-23T12:00:00Z"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings."""
    parser.addini(_NOW, f"sql-seg: the moment of tests that give none, such as {_EXAMPLE}", default="")
    parser.addini(_FIELDS, "sql-seg: the account's field definitions, a path seen from rootdir", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line("markers", "sendgrid_api(**settings): how the fixture sendgrid_api behaves")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Collect vip.test.json, .yaml and .yml where vip.sql or vip.sgql is beside it."""
    if ".test." not in file_path.name.lower():
        return None
    from sql_seg.segment_tests import has_segment

    return SegmentFile.from_parent(parent, path=file_path) if has_segment(file_path) else None


class SegmentFile(pytest.File):
    """The tests of a segment."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each contact; a file or query that is wrong is an error without a traceback."""
        from sql_seg.diagnostics import formats
        from sql_seg.diagnostics.query_errors import QueryError
        from sql_seg.errors import SqlSegError
        from sql_seg.segment_tests import read_segment_tests, segment_beside
        from sql_seg.workspace.settings import values_of

        path = _as_people_see_it(self.path)
        try:
            values = values_of(_settings(self.config))
            tests = read_segment_tests(
                path, fields=_fields(self.config), now=_now(self.config), values=values
            )
        except QueryError as error:
            name = str(segment_beside(path))
            raise self.CollectError(formats.full(error.diagnostics, error.text, name)) from None
        except SqlSegError as error:
            raise self.CollectError(str(error)) from None
        for name, case in zip(tests.case_names, tests.cases, strict=True):
            yield SegmentItem.from_parent(self, name=formats.visible(name), tests=tests, case=case)


class SegmentItem(pytest.Item):
    """The test that a contact is in a segment, or is not."""

    def __init__(self, *, tests: SegmentTests, case: Case, **others: Any) -> None:
        super().__init__(**others)
        self._tests = tests
        self._case = case

    def runtest(self) -> None:
        """Ask the segment."""
        from sql_seg.diagnostics.formats import visible
        from sql_seg.segment_tests import expectation, explained, outcome_of

        outcome = outcome_of(self._tests, self._case)
        if not outcome.holds:
            lines = [expectation(outcome), *(f"  {line}" for line in explained(self._tests, outcome))]
            raise UnexpectedError("\n".join(map(visible, lines)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **others: Any) -> Any:
        """Return which conditions decided, where that is the failure."""
        if isinstance(excinfo.value, UnexpectedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **others)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place of the contact in the test file."""
        return self.path, self._case.line - 1, self.name


class UnexpectedError(AssertionError):
    """A contact is in although it must be out, or out although it must be in; the message says why."""


@pytest.fixture(scope="session")
def segment_now(pytestconfig: pytest.Config) -> datetime:
    """Return the aware moment that the setting segment_now pins."""
    now = _now(pytestconfig)
    if now is None:
        pytest.fail(f'pin the moment in the settings of pytest: {_NOW} = "{_EXAMPLE}"', pytrace=False)
    return now


@pytest.fixture(scope="session")
def segment_dataset(pytestconfig: pytest.Config) -> Callable[..., Dataset]:
    """Return the function that makes a Dataset of contacts with their ``events``, as test files write them.

    Custom fields are those of the setting segment_fields, or of its argument ``fields``.
    """
    from sql_seg.segment_tests import dataset_of

    def make(contacts: Iterable[Mapping[str, Any]], fields: Any = None) -> Dataset:
        return dataset_of(contacts, _fields(pytestconfig) if fields is None else fields)

    return make


@pytest.fixture
def sendgrid_api(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Return the Segments API, emulated on a free port: ``.url``, ``.clock``, ``.advance``, ``.requests``.

    Jobs are done at once. ``@pytest.mark.sendgrid_api(timing="documented", api_key="SG.x")`` gives other
    settings, those of ``sql_seg.server.Server``.
    """
    from sql_seg.server import Server

    marker = request.node.get_closest_marker("sendgrid_api")
    settings = {"timing": "instant", **(marker.kwargs if marker else {})}
    with Server(**settings) as server:
        yield server


def _now(config: pytest.Config) -> datetime | None:
    from sql_seg.language.timestamps import read_timestamp

    text = config.getini(_NOW)
    moment = read_timestamp(text) if text else _settings(config).now
    if text and moment is None:
        raise pytest.UsageError(f"{_NOW} is {text!r}, not a time such as {_EXAMPLE}")
    return moment


def _fields(config: pytest.Config) -> str | None:
    path = config.getini(_FIELDS)
    return str(config.rootpath / path) if path else _settings(config).fields


def _settings(config: pytest.Config) -> Settings:
    """Return the settings of sql-seg at rootdir, which count where those of pytest say nothing."""
    from sql_seg.errors import SqlSegError
    from sql_seg.workspace.settings import nearest_settings

    try:
        return nearest_settings(config.rootpath)
    except SqlSegError as error:
        raise pytest.UsageError(str(error)) from None


def _as_people_see_it(path: Path) -> Path:
    """Return a path as it is seen from the current directory, where that is shorter."""
    try:
        seen = os.path.relpath(path)
    except (OSError, ValueError):  # the directory was removed, or is on another drive
        return path
    return Path(seen) if len(seen) < len(str(path)) else path
