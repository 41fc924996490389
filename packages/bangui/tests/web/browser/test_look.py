"""How the pages look and read: sizes, themes, contrast, and what assistive technology finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.scripted import (
    away,
    few_bans,
    hostile_host,
    make_ban,
    make_snapshot,
    many_bans,
    never_asked,
    with_record,
)
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)
STATES = {
    "few bans": few_bans(NOW),
    "a day on record": with_record(few_bans(NOW)),
    "a quiet day": with_record(few_bans(NOW), quiet=True),
    "a heavy day": with_record(many_bans(100, NOW), peak=1_234_567),
    "many bans": many_bans(1000, NOW),
    "no bans": make_snapshot(failures=0, now=NOW),
    "no jails": make_snapshot(jails=(), now=NOW),
    "away": away(few_bans(NOW), since=NOW),
    "never asked": never_asked(NOW),
    "hostile": hostile_host(NOW),
    "unlisted": make_snapshot([make_ban("192.0.2.1", now=NOW)], unlisted={"recidive": 12403}, now=NOW),
}


def findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text())
    report = page.evaluate("axe.run()")["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]} ({node['failureSummary'][:200]})"
        for rule in report
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("state", list(STATES))
def test_every_state_fits_every_screen(open_page: OpenPage, state: str, size: str) -> None:
    with ServedPage(STATES[state]) as served:
        page = open_page(served.url, size=size)
        expect(page.locator("h1")).to_be_visible()
        assert not scrolls_sideways(page)


@pytest.mark.parametrize("width", [768, 1024, 1280, 1344, 1366, 1440])
def test_a_whole_ipv6_address_stays_on_one_line(open_page: OpenPage, width: int) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page = open_page(served.url)
        page.set_viewport_size({"width": width, "height": 800})
        heights = page.locator(".ban-table tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
        assert len(set(heights)) == 1


def test_numbers_of_a_busy_year_fit_a_phone(open_page: OpenPage) -> None:
    busy = make_snapshot(now=NOW)
    counters = tuple(replace(jail, total_failed=12_345_678, total_banned=1_234_567) for jail in busy.jails)
    busiest = tuple(replace(jail, currently_failed=12_345, currently_banned=123_456) for jail in counters)
    with ServedPage(replace(busy, jails=busiest)) as served:
        page = open_page(served.url, size="phone")
        expect(page.locator(".jail-table")).to_contain_text("12,345,678")
        assert not scrolls_sideways(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("state", [state for state in STATES if state != "many bans"])
def test_every_state_can_be_read(open_page: OpenPage, state: str, size: str, theme: str) -> None:
    with ServedPage(STATES[state]) as served:
        page = open_page(served.url, size=size, theme=theme)
        assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_keys_can_be_read(open_page: OpenPage, theme: str) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page = open_page(served.url, theme=theme)
        page.wait_for_load_state("load")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert findings(page) == []


@pytest.mark.parametrize("size", list(SIZES))
def test_an_error_is_a_page_in_the_same_look(open_page: OpenPage, size: str) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page = open_page(f"{served.url}/nothing", size=size, expected=("404 (Not Found)",))
        expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
        assert not scrolls_sideways(page)
        assert findings(page) == []
        page.get_by_role("link", name="To the overview").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is running")


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_the_switch_of_colours_is_remembered_and_known_before_anything_is_drawn(open_page: OpenPage) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page = open_page(served.url, theme="light")
        light = ground(page)
        page.get_by_label("Dark").check()
        dark = ground(page)
        assert dark != light
        page.reload(wait_until="commit")
        assert 'data-theme="dark"' in page.content()
        assert ground(page) == dark
        page.get_by_label("System").check()
        assert ground(page) == light
        page.emulate_media(color_scheme="dark")
        assert ground(page) == dark


def test_sections_stay_where_they_are_while_the_page_starts(open_page: OpenPage) -> None:
    with ServedPage(few_bans(NOW)) as served:
        page = open_page(served.url)
        expect(page.locator(".age-live")).to_be_visible()
        shift = page.evaluate(
            """() => new Promise(done => { let sum = 0; new PerformanceObserver(list => {
                for (const entry of list.getEntries()) sum += entry.value; })
                .observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 300); })"""
        )
        assert shift < 0.01
