"""Rows of a live list, while somebody reads in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from packages.bangui.tests.web.browser.conftest import OpenPage
from packages.bangui.tests.web.scripted import make_ban, make_snapshot
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

NOW = datetime.now(UTC)


def test_rows_wait_while_somebody_reads_further_down(open_page: OpenPage) -> None:
    bans = [make_ban(f"192.0.2.{number}", age=60 + number, now=NOW) for number in range(90)]
    with ServedPage(make_snapshot(bans, now=NOW)) as served:
        page = open_page(f"{served.url}/bans")
        page.wait_for_load_state("load")
        row = page.locator("tr", has_text="192.0.2.60")
        row.scroll_into_view_if_needed()
        place = row.bounding_box()
        new = [make_ban(f"198.51.100.{number}", age=number, now=NOW) for number in range(12)]
        served.show(make_snapshot([*new, *(ban for ban in bans if ban.id != "192.0.2.61")], now=NOW))
        pill = page.get_by_role("button", name="12 new bans")
        expect(pill).to_be_visible()
        assert row.bounding_box() == place
        expect(page.locator("tr.has-ended .address")).to_have_text(["192.0.2.61"])
        expect(page.locator("#bans-title")).to_have_text("Bans 101")
        pill.click()
        expect(page.locator("[data-rows] .address").first).to_have_text("198.51.100.0")
        expect(page.locator("tr.has-ended")).to_have_count(0)
        expect(pill).to_be_hidden()


def test_rows_that_waited_appear_when_the_reader_comes_back_to_the_top(open_page: OpenPage) -> None:
    bans = [make_ban(f"192.0.2.{number}", age=60 + number, now=NOW) for number in range(90)]
    with ServedPage(make_snapshot(bans, now=NOW)) as served:
        page = open_page(f"{served.url}/bans")
        page.wait_for_load_state("load")
        page.mouse.wheel(0, 1500)
        page.wait_for_function("scrollY > 1000")
        served.show(make_snapshot([make_ban("198.51.100.1", age=0, now=NOW), *bans], now=NOW))
        expect(page.get_by_role("button", name="1 new ban")).to_be_visible()
        page.evaluate("scrollTo(0, 0)")
        expect(page.locator("[data-rows] .address").first).to_have_text("198.51.100.1")
