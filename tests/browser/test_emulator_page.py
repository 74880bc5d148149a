"""The emulator's page, as people use it: segments, a query that is edited, the clock, the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from sql_seg.server import Server
from sql_seg.server.loading import Loaded, LoadedSegment
from tests.browser.visiting import Visit

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
START = "SELECT contact_id, updated_at FROM contact_data\nWHERE "
SEGMENTS = (
    LoadedSegment("US", f"{START}country = 'US'"),
    LoadedSegment("Norwegians", f"{START}country = 'NO'\n  AND first_name IS NOT NULL"),
    LoadedSegment("Old", "country = 'US'", "v1"),
)


def contact(number: int) -> dict[str, Any]:
    names = ("Ada", "Bo", None)
    return {
        "email": f"p{number}@example.com",
        "first_name": names[number % 3],
        "country": ("US", "NO", "SE")[number % 3 if number % 5 else 0],
    }


@pytest.fixture
def server() -> Iterator[Server]:
    loaded = Loaded([contact(number) for number in range(60)], segments=SEGMENTS)
    with Server(now=NOW, loaded=loaded) as running:
        running.advance(hours=1)
        yield running


@pytest.fixture
def page(server: Server, visit: Visit) -> Any:  # the server is there as long as the page is
    visit.allowed = (f"{server.url}/", "data:")
    visit.page.goto(server.url)
    visit.page.locator("#segments tr").nth(2).wait_for()
    return visit.page


def choose(page: Any, name: str) -> Any:
    """Choose a segment; return the text that is its query."""
    page.get_by_role("button", name=name).click()
    page.locator("#count", has_text="contacts now").wait_for()
    return page.get_by_label("Query", exact=True)


def call(server: Server, path: str, body: Any = None) -> None:
    headers = {"Authorization": "Bearer SG.any"}
    httpx.request("GET" if body is None else "POST", server.url + path, json=body, headers=headers)


def test_the_segments_are_told_with_state_count_and_times(page: Any) -> None:
    rows = page.locator("#segments tr")
    cells = [row.locator("th, td").all_inner_texts() for row in rows.all()]
    assert [(row[0], row[1]) for row in cells] == [
        ("US", "VALID"),
        ("Norwegians", "VALID"),
        ("Old", "VALID, v1"),
    ]
    counts = [int(row[2]) for row in cells]
    assert counts == [sum(contact(n)["country"] == "US" for n in range(60)), 16, counts[0]]
    assert all(row[3].startswith("2026-11-23 1") and row[3].endswith(" UTC") for row in cells)
    assert cells[0][4].startswith("2026-11-23 1")


def test_diagnostics_stand_in_place_and_the_count_follows(page: Any, pictures: Path) -> None:
    query = choose(page, "US")
    before = page.locator("#count").inner_text()
    query.fill(f"{START}country = 'NO'")
    page.wait_for_function("old => document.getElementById('count').textContent !== old", arg=before)
    assert page.locator("#count").inner_text().endswith(" of 60 contacts now")
    query.fill(f"{START}contry = 'NO'\n  AND city != 'Oslo'")
    page.locator("#count", has_text="not valid").wait_for()
    assert page.locator("#placed mark.error").inner_text() == "contry"
    assert query.get_attribute("aria-invalid") == "true"
    said = page.locator("#diagnostics li").first
    assert "Did you mean country" in said.inner_text()
    placed, typed = page.locator("#placed").bounding_box(), query.bounding_box()
    assert placed == typed
    page.screenshot(path=pictures / "emulator-error.png", full_page=True)
    said.get_by_role("button").click()
    assert page.evaluate("getSelection().toString()") == "contry"
    query.fill(f"{START}country = '\N{SLIGHTLY SMILING FACE}' AND contry = 1")
    page.locator("#placed mark.error", has_text="contry").wait_for()
    page.locator("#diagnostics button").first.click()
    assert page.evaluate("getSelection().toString()") == "contry"


def test_a_query_is_saved_or_undone(page: Any, server: Server) -> None:
    query = choose(page, "Norwegians")
    stored = query.input_value()
    save, undo = page.get_by_role("button", name="Save"), page.get_by_role("button", name="Undo")
    assert save.is_disabled()
    query.fill(f"{START}country = 'SE'")
    undo.click()
    assert query.input_value() == stored
    assert undo.is_disabled()
    query.fill(f"{START}country = 'SE'")
    save.click()
    page.locator("#saved", has_text="saved").wait_for()
    assert save.is_disabled()
    page.get_by_role("button", name="+ 1 hour").click()
    page.locator("#clock", has_text="14:00:00").wait_for()
    texts = [each["query_dsl"] for each in server.emulator.account.store.all("segment").values()]
    assert f"{START}country = 'SE'" in texts
    swedes = sum(contact(n)["country"] == "SE" for n in range(60))
    assert page.locator("#segments tr").nth(1).locator("td").nth(1).inner_text() == str(swedes)
    assert page.locator("#sample tr").count() == swedes


def test_a_refused_edit_says_why(page: Any, visit: Visit) -> None:
    visit.expected = "400 (Bad Request)"  # Chromium complains of any such answer
    query = choose(page, "US")
    query.fill(f"{START}contry = 'SE'")
    page.get_by_role("button", name="Save").click()
    page.locator("#saved.error", has_text="400").wait_for()


def test_a_segment_of_v1_is_read_only(page: Any) -> None:
    query = choose(page, "Old")
    assert not query.is_editable()
    assert page.get_by_role("button", name="Save").is_disabled()
    assert "not edited" in page.locator("#saved").inner_text()


def test_the_clock_goes_on_and_stops(page: Any, server: Server) -> None:
    clock = page.locator("#clock")
    assert clock.inner_text() == "2026-11-23 13:00:00 UTC, standing"
    page.get_by_role("button", name="+ 1 day").click()
    page.locator("#clock", has_text="2026-11-24 13:00:00").wait_for()
    page.get_by_role("button", name="+ 1 week").click()
    page.locator("#clock", has_text="2026-12-01 13:00:00").wait_for()
    page.get_by_role("button", name="go on").click()
    page.locator("#clock", has_text="going on").wait_for()
    assert server.clock.follows
    page.get_by_role("button", name="stop").click()
    page.locator("#clock", has_text="standing").wait_for()


def test_the_journal_has_requests_with_hints_and_bodies(page: Any, server: Server) -> None:
    call(server, "/v3/marketing/lists", {"name": "first"})
    call(server, "/v3/marketing/segments/2.0/")
    page.get_by_role("button", name="+ 1 hour").click()
    page.locator("#requests tr").nth(1).wait_for()
    newest, older = page.locator("#requests tr").all()
    assert newest.locator("td").nth(1).inner_text() == "404"
    assert "slash" in newest.locator("td").nth(2).inner_text()
    older.locator("summary").click()
    assert '{"name":"first"}' in older.locator("pre").first.inner_text()
    call(server, "/v3/marketing/lists")
    page.get_by_role("button", name="+ 1 hour").click()
    page.locator("#requests tr").nth(2).wait_for()
    assert page.locator("#requests details[open]").count() == 1


def test_who_is_at_a_row_with_the_keyboard_stays_there(page: Any, visit: Visit, server: Server) -> None:
    page.get_by_role("button", name="Norwegians").focus()
    call(server, "/v3/marketing/lists")
    page.evaluate("show()")
    page.locator("#requests tr").first.wait_for()
    assert visit.focused() == "Norwegians"


def test_the_keyboard_alone_does(page: Any, visit: Visit) -> None:
    keys = page.keyboard
    for _ in range(20):
        keys.press("Tab")
        if visit.focused() == "Norwegians":
            break
    keys.press("Enter")
    page.locator("#count", has_text="contacts now").wait_for()
    assert visit.focused() == "Norwegians"
    assert page.evaluate("document.activeElement.id") == "one-title"
    keys.press("Tab")
    assert page.evaluate("document.activeElement.id") == "query"
    keys.press("ControlOrMeta+End")
    keys.type(" AND contry = 1")
    page.locator("#count", has_text="not valid").wait_for()
    for _ in range(4):
        if visit.focused().startswith("line "):
            break
        keys.press("Tab")
    keys.press("Enter")
    assert page.evaluate("getSelection().toString()") == "contry"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing(
    page: Any, visit: Visit, server: Server, scheme: str, width: int, pictures: Path
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    call(server, "/v3/marketing/segments/2.0/")
    query = choose(page, "US")
    query.fill(f"{START}country != 'NO'\n  AND UPPER(city) = 'OSLO'\n  AND contry = 1")
    page.locator("#count", has_text="not valid").wait_for()
    page.get_by_role("button", name="+ 1 hour").click()
    page.locator("#requests tr").first.wait_for()
    assert visit.axe_finds() == []
    assert visit.overflow() == 0
    visit.picture(pictures / f"emulator-{scheme}-{width}.png")


def test_a_server_that_is_gone_is_told_of(page: Any, visit: Visit, server: Server) -> None:
    visit.expected = "net::ERR_FAILED"
    page.route("**/-/**", lambda route: route.abort())
    page.evaluate("attempt(show)")
    page.locator("#trouble", has_text="does not answer").wait_for()
    page.unroute("**/-/**")
    page.evaluate("attempt(show)")
    page.wait_for_function("document.getElementById('trouble').textContent === ''")


def test_an_account_that_is_full_is_of_use(visit: Visit, pictures: Path) -> None:
    """Two hundred segments, each found and chosen in no time, and axe has nothing to say."""
    cities = [LoadedSegment(f"City {number}", f"{START}city = 'city {number}'") for number in range(199)]
    broken = LoadedSegment("Broken", f"{START}country = 'US'")
    people = [{**contact(number), "city": f"city {number % 199}"} for number in range(1_000)]
    with Server(now=NOW, loaded=Loaded(people, segments=[*cities, broken])) as server:
        broken_id = list(server.emulator.account.store.all("segment"))[-1]
        state = {"segment_id": broken_id, "query_validation": "INVALID", "error_message": "no such field"}
        call(server, "/-/transitions", state)
        for number in range(40):
            call(server, f"/v3/marketing/segments/2.0/{number}")
        visit.allowed = (f"{server.url}/", "data:")
        page = visit.page
        page.goto(server.url)
        page.locator("#segments tr").nth(199).wait_for()
        assert page.locator("#requests tr").count() == 30
        choose(page, "City 150")
        assert page.locator("#count").inner_text() == "5 of 1,000 contacts now"
        choose(page, "Broken")
        assert page.locator("#message").inner_text() == "no such field"
        page.evaluate("show()")
        assert page.locator("#segments tr").count() == 200
        assert visit.axe_finds() == []
        assert visit.overflow() == 0
        visit.picture(pictures / "emulator-full.png")
