"""The report as people open it: from disk, light, dark, narrow, printed, by keyboard, with 200 segments."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.browser.visiting import Visit
from tests.cli.running import CONTACTS, EVENTS, EXAMPLES, FIELDS, QUERY_ERRORS, run

pytestmark = pytest.mark.browser
NOW = "2026-11-23T12:00Z"
LISTS = [
    f"115715d0-0000-4000-8000-00000000000{number}={EXAMPLES / 'lists' / name}"
    for number, name in ((1, "newsletter.csv"), (2, "customers.csv"))
]
V2 = "SELECT contact_id, updated_at\nFROM contact_data\nWHERE "
ODD = {
    "bad.sql": f"{V2}email = \n",
    "typo.sql": f"{V2}contry = 'US'\n  AND city != 'Oslo'\n",
    "wrong_case.sql": f"{V2}country = 'us' AND email = 'nobody@example.com'\n",
    "shouting.sql": f"{V2}first_name != 'Dave' AND (UPPER(city) = 'BOULDER' OR city IS NULL)\n",
}
QUICK = 500
"""Milliseconds that people may wait for, on a machine that has other things to do."""


def write(folder: Path, out: Path, *options: object) -> Path:
    account = ["--contacts", CONTACTS, "--fields", FIELDS, "--events", EVENTS]
    lists = [part for each in LISTS for part in ("--list", each)]
    result = run("report", folder, *account, *lists, "--now", NOW, "-o", out, *options)
    assert result.exit_code in (0, QUERY_ERRORS), result.stderr
    return out


@pytest.fixture(scope="session")
def page_of_few(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a report of ten segments, some of them odd, beside an older one."""
    folder = tmp_path_factory.mktemp("few")
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    for name, text in ODD.items():
        (folder / "segments" / name).write_text(text)
    old = write(folder / "segments", folder / "old.json", "--output-format", "json")
    mended = json.loads(old.read_text())
    for part in mended["segments"]:
        part["query"] = part["query"].replace("-3, CURRENT_TIMESTAMP", "-1, CURRENT_TIMESTAMP")
        part["count"] = part["count"] and part["count"] - 3
    old.write_text(json.dumps(mended))
    return write(folder / "segments", folder / "report.html", "--against", old).as_uri()


@pytest.fixture(scope="session")
def page_of_many(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a report of 200 segments."""
    return page_of(200, tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="session")
def page_of_some(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a report of so many segments that their overlap is a picture."""
    return page_of(24, tmp_path_factory.mktemp("some"))


def page_of(segments: int, folder: Path) -> str:
    (folder / "segments").mkdir()
    countries = ("US", "GB", "DE", "CA")
    for number in range(segments):
        country, year = countries[number % 4], 2020 + number % 7
        text = (
            f"{V2}country = '{country}'\n  AND (plan = 'pro' OR num_orders > {number // 20})\n"
            f"  AND created_at >= '{year}-01-01T00:00:00Z'\n  AND first_name != 'Dave'\n"
        )
        (folder / "segments" / f"{country.lower()}_{number:03}.sql").write_text(text)
    return write(folder / "segments", folder / "report.html").as_uri()


def part_of(visit: Visit, name: str) -> Any:
    """Return the part about a segment, once its link has led there."""
    visit.page.locator("#overview").get_by_role("link", name=name).click()
    named = visit.page.get_by_role("heading", name=name)
    part = visit.page.locator("details.segment", has=named)
    part.locator(".query").wait_for()
    return part


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Visit, page_of_few: str, scheme: str, pictures: Path) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    visit.page.goto(page_of_few)
    visit.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert visit.axe_finds() == []
    visit.picture(pictures / f"report-{scheme}.png")


def test_axe_finds_nothing_among_200_segments(visit: Visit, page_of_many: str) -> None:
    visit.page.goto(page_of_many)
    assert visit.axe_finds() == []


def test_axe_finds_nothing_where_most_is_closed(visit: Visit, page_of_some: str, pictures: Path) -> None:
    visit.page.goto(page_of_some)
    visit.page.locator("#s7 > summary").click()
    assert visit.axe_finds() == []
    visit.page.screenshot(path=pictures / "report-some.png", full_page=True)


@pytest.mark.parametrize("width", [400, 320])
def test_a_narrow_window_shows_all_without_scrolling_sideways(
    visit: Visit, page_of_few: str, width: int, pictures: Path
) -> None:
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.page.goto(page_of_few)
    visit.page.locator("#open-all").click()
    assert visit.overflow() == 0
    assert visit.axe_finds() == []
    visit.picture(pictures / f"report-{width}.png")


def test_it_is_printed_with_everything_open(visit: Visit, page_of_many: str, pictures: Path) -> None:
    visit.page.goto(page_of_many)
    visit.page.emulate_media(media="print")
    assert not visit.page.locator("#filter").is_visible()
    assert visit.page.locator("#s150 .query").is_visible()
    assert visit.page.locator("#s150 details table").first.is_visible()


def test_a_printer_gets_pages(visit: Visit, page_of_few: str, pictures: Path) -> None:
    visit.page.goto(page_of_few)
    printed = visit.page.pdf(path=str(pictures / "report.pdf"), format="A4")
    assert printed.startswith(b"%PDF")
    visit.page.emulate_media(media="print")
    visit.page.set_viewport_size({"width": 800, "height": 900})
    visit.picture(pictures / "report-print.png")


def test_the_query_has_its_findings_in_place(visit: Visit, page_of_few: str) -> None:
    visit.page.goto(page_of_few)
    bad = part_of(visit, "typo.sql")
    assert bad.locator("mark.error").inner_text() == "contry"
    note = bad.locator(".note.error")
    assert "did you mean country" in note.inner_text().lower()
    line = bad.locator(".line").nth(2)
    assert (
        line.bounding_box()["y"] < note.bounding_box()["y"] < bad.locator(".line").nth(3).bounding_box()["y"]
    )


def test_each_segment_has_its_parts(visit: Visit, page_of_few: str) -> None:
    visit.page.goto(page_of_few)
    part = part_of(visit, "opened_last_30_days.sql")
    titles = part.locator("h4").all_inner_texts()
    assert titles == ["About the data", "Where the contacts go", "What time alone changes", "Tests"]
    assert part.locator(".funnel tbody tr").count() > 1
    assert part.locator("polyline").count() == 1
    folded = part.locator("details summary").all_inner_texts()
    assert [text.split(":")[0] for text in folded] == [
        "How sure its meaning is",
        "The numbers",
        "Segments that it shares contacts with",
        "The first 10 members",
    ]
    members = part.locator("details", has_text="The first 10 members")
    assert not members.locator("table").is_visible()
    members.locator("summary").click()
    assert members.locator("tbody tr").count() == 10
    assert "•••@" in members.locator("td").first.inner_text()


def test_the_older_report_is_compared(visit: Visit, page_of_few: str) -> None:
    visit.page.goto(page_of_few)
    changes = visit.page.locator(".changes")
    assert (
        "us_mountain_states.sql has the same query: 46 members before, 49 members now" in changes.inner_text()
    )


def test_filter_and_state_leave_what_is_asked_for(visit: Visit, page_of_many: str) -> None:
    visit.page.goto(page_of_many)
    visit.page.get_by_label("Name, query or file").fill("us_0")
    assert visit.page.locator("#shown").inner_text() == "25 of 200 shown"
    assert visit.page.locator("#overview tbody tr:visible").count() == 25
    assert visit.page.locator("details.segment:visible").count() == 25
    visit.page.get_by_label("Name, query or file").fill("num_orders > 9)")
    assert visit.page.locator("#shown").inner_text() == "20 of 200 shown"
    visit.page.get_by_label("State").select_option("warning")
    assert visit.page.locator("#shown").inner_text() == "20 of 200 shown"
    visit.page.get_by_label("Name, query or file").fill("")
    visit.page.get_by_label("State").select_option("")
    assert visit.page.locator("#overview tbody tr:visible").count() == 200


def test_a_column_sorts_by_its_values(visit: Visit, page_of_many: str) -> None:
    visit.page.goto(page_of_many)
    button = visit.page.get_by_role("button", name="members")
    head = visit.page.get_by_role("columnheader", name="members")

    def counts() -> list[int]:
        cells = visit.page.locator("#overview tbody td:nth-child(3)").all_inner_texts()
        return [int(cell.replace(",", "")) for cell in cells]

    button.click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert counts() == sorted(counts())
    button.click()
    assert head.get_attribute("aria-sort") == "descending"
    assert counts() == sorted(counts(), reverse=True)
    visit.page.get_by_role("button", name="segment", exact=True).click()
    names = visit.page.locator("#overview tbody th").all_inner_texts()
    assert names == sorted(names)


@pytest.mark.parametrize(
    "deed",
    [
        "at('filter').value = 'us_'; at('filter').dispatchEvent(new Event('input'))",
        "heads[2].querySelector('button').click()",
        "sections[120].open = true",
        "at('open-all').click()",
    ],
)
def test_200_segments_do_not_let_anyone_wait(visit: Visit, page_of_many: str, deed: str) -> None:
    visit.page.goto(page_of_many)
    passed = visit.page.evaluate(
        f"""async () => {{
            const start = performance.now();
            {deed};
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            return performance.now() - start;
        }}"""
    )
    assert passed < QUICK


def test_the_page_of_many_opens_soon(visit: Visit, page_of_many: str) -> None:
    visit.page.goto(page_of_many, wait_until="load")
    taken = visit.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert 0 < taken < 5_000


def test_the_keyboard_alone_does(visit: Visit, page_of_many: str) -> None:
    visit.page.goto(page_of_many)
    keys = visit.page.keyboard
    keys.press("Tab")
    assert visit.focused() == "To the segments"
    keys.press("Enter")
    keys.press("Tab")
    keys.type("us_0")
    assert visit.page.locator("#shown").inner_text() == "25 of 200 shown"
    for _ in range(10):
        keys.press("Tab")
        if visit.focused() == "members":
            break
    keys.press("Enter")
    assert visit.page.get_by_role("columnheader", name="members").get_attribute("aria-sort") == "ascending"
    for _ in range(10):
        keys.press("Tab")
        if visit.focused().startswith("us_"):
            break
    name = visit.focused()
    keys.press("Enter")
    opened = visit.page.locator("details.segment[open]")
    opened.wait_for()
    assert name in opened.locator("summary h3").inner_text()
    assert visit.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    keys.press("Enter")
    assert visit.page.locator("details.segment[open]").count() == 0


def test_the_picture_of_the_overlap_tells_what_is_pointed_at(visit: Visit, page_of_many: str) -> None:
    visit.page.goto(page_of_many)
    picture = visit.page.locator("svg.matrix")
    box = picture.bounding_box()
    size = box["width"] / 200
    picture.hover(position={"x": size * 4.5, "y": size * 0.5})
    said = visit.page.locator("#pointed").inner_text()
    assert said.startswith("1 ca_003.sql and 5 ca_019.sql: ")
    assert said.endswith(" in both")


def test_without_scripts_everything_is_there(chromium: Any, page_of_few: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_of_few)
    assert page.locator("#overview tbody tr").count() == 10
    page.locator("#s1 > summary").click()
    assert not page.locator("#s1 .query").is_visible()
    context.close()
