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


def test_leads_to_all_bans_and_to_each_jail(open_page: OpenPage) -> None:
    with ServedPage(many_bans(1000, now())) as served:
        # There is no daemon here whose jail could be shown.
        page = open_page(served.url, scripts=False, expected=("Failed to load resource",))
        expect(page.locator(".ban-table .address")).to_have_count(12)
        page.get_by_role("link", name="Older bans").click()
        expect(page).to_have_url(f"{served.url}/bans")
        page.go_back()
        page.locator(".jail-table").get_by_role("link", name="recidive").click()
        expect(page).to_have_url(f"{served.url}/jail?name=recidive")


def test_exact_times_name_their_zone(open_page: OpenPage) -> None:
    with ServedPage(few_bans(now())) as served:
        page = open_page(served.url, scripts=False)
        assert (page.locator(".since time").first.get_attribute("title") or "").endswith(" UTC")
