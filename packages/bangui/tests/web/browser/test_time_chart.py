"""The time chart of the overview in a real browser: its range, zooming by dragging, and what lives beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bangui.domain.history import EventKind, Observation, Source
from packages.bangui.tests.filled_history import HOST
from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.pasts import HOSTILE, NOW, Past, ago, served
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.scripted import few_bans, make_ban, with_record
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

JAILS = ("sshd", "nginx-http-auth", "recidive")


def _busy() -> Iterator[Observation]:
    """Bans and failures of a month, the more the nearer."""
    for number in range(300):
        jail, minutes = JAILS[number % 3], 20 + number**1.9
        yield Observation(HOST, jail, f"198.51.100.{number % 250}", EventKind.BAN, ago(minutes), Source.DATABASE)
        yield Observation(HOST, jail, f"198.51.100.{number % 250}", EventKind.FAILURE, ago(minutes + 1), Source.LOG)


BUSY = Past(tuple(_busy()), snapshot=with_record(few_bans(NOW)))


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    with served(tmp_path_factory.mktemp("chart"), BUSY) as page:
        yield page


def opened(open_page: OpenPage, url: str, size: str = "desktop", theme: str = "light") -> Page:
    page = open_page(url, size=size, theme=theme)
    page.wait_for_load_state("load")
    return page


def span_of(page: Page) -> tuple[str, str]:
    plot = page.locator("[data-plot]")
    return plot.get_attribute("data-since") or "", plot.get_attribute("data-until") or ""


def drag(page: Page, start: float, end: float) -> None:
    """Drag across the chart between two places of it, from 0 to 1."""
    box = page.locator("[data-plot]").bounding_box()
    assert box is not None
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (start + end) / 2, height)
    page.mouse.move(box["x"] + box["width"] * end, height)
    expect(page.locator(".chosen-span")).to_have_count(1)
    page.mouse.up()


def test_another_range_and_another_number_come_without_a_new_page(past: ServedPage, open_page: OpenPage) -> None:
    page = opened(open_page, past.url)
    page.evaluate("window.isSame = true")
    page.get_by_role("link", name="30 d", exact=True).click()
    expect(page.get_by_role("link", name="30 d", exact=True)).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(r"/\?range=30d$"))
    page.locator("#chart").get_by_role("link", name="Failures", exact=True).click()
    expect(page.locator("#chart-title")).to_contain_text("Failures over time")
    expect(page).to_have_url(re.compile(r"/\?range=30d&show=failures$"))
    page.go_back()
    expect(page.locator("#chart-title")).to_contain_text("Bans over time")
    page.go_back()
    expect(page.get_by_role("link", name="24 h", exact=True)).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.isSame")


def test_dragging_zooms_into_whole_columns_and_back_out(past: ServedPage, open_page: OpenPage) -> None:
    page = opened(open_page, f"{past.url}/?range=30d")
    whole = span_of(page)
    drag(page, 0.52, 0.61)
    expect(page.locator(".chosen-span")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"since=[0-9-]+T00%3A00Z&until=[0-9-]+T00%3A00Z$"))
    expect(page.locator("[data-plot]")).not_to_have_attribute("data-since", whole[0])
    since, until = span_of(page)
    assert whole[0] < since < until < whole[1]
    assert since.endswith("T00:00:00Z")
    page.reload()
    page.wait_for_load_state("load")
    assert span_of(page) == (since, until)
    page.get_by_role("link", name="Zoom out").click()
    expect(page.locator("[data-plot]")).not_to_have_attribute("data-since", since)
    assert span_of(page)[0] < since


def test_a_click_on_a_column_leads_to_its_events_and_a_drag_does_not(past: ServedPage, open_page: OpenPage) -> None:
    page = opened(open_page, f"{past.url}/?range=30d")
    drag(page, 0.9, 0.99)
    expect(page).to_have_url(re.compile(r"/\?since="))
    page.go_back()
    expect(page).to_have_url(re.compile(r"range=30d$"))
    expect(page.get_by_role("link", name="30 d", exact=True)).to_have_attribute("aria-current", "true")
    box = page.locator("[data-plot]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.985, box["y"] + box["height"] * 0.9)
    expect(page).to_have_url(re.compile(r"/history\?kind=ban&since=.*&until="))


def test_escape_gives_a_drag_up(past: ServedPage, open_page: OpenPage) -> None:
    page = opened(open_page, past.url)
    box = page.locator("[data-plot]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 50)
    expect(page.locator(".chosen-span")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".chosen-span")).to_have_count(0)
    page.mouse.up()
    assert page.url == f"{past.url}/"


def test_what_arrives_live_leaves_the_chosen_range_alone(tmp_path: Path, open_page: OpenPage) -> None:
    with served(tmp_path, BUSY) as past:
        page = opened(open_page, f"{past.url}/?range=7d")
        expect(page.locator(".age-live")).to_be_visible()
        page.locator("#chart summary").click()
        bans = [make_ban("192.0.2.99", age=0, now=NOW), *(ban for jail in BUSY.snapshot.bans for ban in jail.bans)]
        snapshot = few_bans(NOW)
        lists = tuple(
            type(jail)(jail.jail, tuple(ban for ban in bans if ban.jail == jail.jail), jail.total, True, NOW)
            for jail in snapshot.bans
        )
        past.show(with_record(type(snapshot)(snapshot.host, 2, NOW, snapshot.daemon, snapshot.jails, lists)))
        expect(page.locator(".ban-table .address").first).to_have_text("192.0.2.99")
        expect(page.get_by_role("link", name="7 d", exact=True)).to_have_attribute("aria-current", "true")
        expect(page.locator("#chart details")).to_have_attribute("open", "")


def test_the_table_says_the_same_and_can_be_reached_by_keyboard(past: ServedPage, open_page: OpenPage) -> None:
    page = opened(open_page, f"{past.url}/?range=30d")
    summary = page.locator("#chart summary")
    summary.focus()
    page.keyboard.press("Enter")
    rows = page.locator("#chart tbody tr")
    expect(rows.first).to_be_visible()
    counted = sum(int(text.replace(",", "")) for text in rows.locator("td:nth-child(2)").all_inner_texts())
    assert page.locator("#chart-title .count").inner_text() == str(counted)
    assert rows.count() == page.locator("[data-plot] a").count()


def test_times_of_day_are_those_of_the_viewer(past: ServedPage, open_page: OpenPage) -> None:
    page = opened(open_page, f"{past.url}/?since=2026-01-05T06:00Z&until=2026-01-05T18:00Z")
    expect(page.locator("svg.times text").first).to_have_text("09:00")  # 08:00 UTC, in Berlin
    page = open_page(f"{past.url}/?since=2026-01-05T06:00Z&until=2026-01-05T18:00Z", scripts=False)
    expect(page.locator("svg.times text").first).to_have_text("08:00")


def test_ranges_can_be_chosen_without_scripts(past: ServedPage, open_page: OpenPage) -> None:
    page = open_page(past.url, scripts=False)
    page.get_by_role("link", name="7 d", exact=True).click()
    expect(page).to_have_url(re.compile(r"/\?range=7d$"))
    expect(page.locator("#chart-span")).to_contain_text("Bans per 3 hours")
    expect(page.get_by_text("Drag across the chart")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_chart_fits_every_screen_and_can_be_read(
    past: ServedPage, open_page: OpenPage, size: str, theme: str
) -> None:
    page = opened(open_page, f"{past.url}/?range=1y", size, theme)
    page.locator("#chart summary").click()
    assert not scrolls_sideways(page)
    assert findings(page) == []


@pytest.mark.parametrize("size", SIZES)
def test_hostile_names_of_jails_change_nothing(tmp_path: Path, open_page: OpenPage, size: str) -> None:
    with served(tmp_path, HOSTILE) as past:
        page = opened(open_page, past.url, size)
        page.locator("#chart summary").click()
        expect(page.locator(".legend")).to_contain_text("<b>bold</b>")
        assert not scrolls_sideways(page)
        assert findings(page) == []
