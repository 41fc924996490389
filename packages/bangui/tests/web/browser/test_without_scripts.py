"""The overview in a browser that runs no scripts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.scripted import away, few_bans, many_bans
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize("size", list(SIZES))
def test_shows_everything_and_offers_a_refresh(open_page: OpenPage, size: str) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url, scripts=False, size=size)
        expect(page.locator(".ban-table .address")).to_have_count(8)
        expect(page.locator("#age")).to_contain_text("values")
        expect(page.get_by_text("Colours")).to_be_hidden()
        expect(page.get_by_role("button", name="Keys")).to_be_hidden()
        served.show(away(few_bans(now()), since=now()))
        page.get_by_role("link", name="Refresh").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is away")


def test_searches_filters_and_pages(open_page: OpenPage) -> None:
    with ServedPage(many_bans(1000, now())) as served:
        page = open_page(served.url, scripts=False)
        page.get_by_role("link", name="Older").click()
        expect(page.locator(".pager > :first-child")).to_have_text("101–200 of 1,000")
        page.locator(".jail-table").get_by_role("link", name="recidive").click()
        expect(page.locator(".ban-table td.jail").first).to_have_text("recidive")
        page.get_by_role("searchbox").fill("2001:")
        page.get_by_role("button", name="Search").click()
        assert "jail=recidive" in page.url
        expect(page.locator(".ban-table .address").first).to_contain_text("2001:")


def test_exact_times_name_their_zone(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url, scripts=False)
        assert (page.locator(".since time").first.get_attribute("title") or "").endswith(" UTC")
