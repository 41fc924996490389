"""The documentation of the API in a browser: sizes, keys, and what assistive technology finds."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.scripted import few_bans
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

_UNFOLD = "document.querySelectorAll('details.operation').forEach(one => { one.open = true })"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_every_screen_and_can_be_read(open_page: OpenPage, theme: str) -> None:
    with ServedPage(few_bans()) as server:
        page = open_page(f"{server.url}/api/v1/docs", theme=theme)
        page.evaluate(_UNFOLD)
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert not scrolls_sideways(page)
        assert findings(page) == []


def test_an_operation_is_unfolded_with_the_keyboard(open_page: OpenPage) -> None:
    with ServedPage(few_bans()) as server:
        page = open_page(f"{server.url}/api/v1/docs")
        page.wait_for_load_state("load")
        operation = page.locator("#op-ban")
        operation.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(operation.get_by_role("table", name="Body")).to_be_visible()
        expect(operation).to_contain_text("insist")
