"""The map in a real browser: what is pointed at, chosen and read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.pasts import EMPTY, HOSTILE, served
from packages.bangui.tests.web.browser.test_look import findings
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    with served(tmp_path_factory.mktemp("map")) as page:
        yield page


def test_pointing_at_a_country_tells_its_number_and_marks_its_row(past: ServedPage, open_page: OpenPage) -> None:
    page = open_page(f"{past.url}/map?range=30d")
    page.wait_for_load_state("load")
    page.locator("svg [data-country=DE] path").hover()
    expect(page.locator("[data-words]")).to_have_text(re.compile(r"Germany: \d+ bans"))
    expect(page.locator("tr[data-country=DE]")).to_have_class("is-marked")


def test_a_row_that_has_the_focus_marks_its_country(past: ServedPage, open_page: OpenPage) -> None:
    page = open_page(f"{past.url}/map?range=30d")
    page.wait_for_load_state("load")
    page.get_by_role("link", name="Germany").focus()
    expect(page.locator("svg [data-country=DE]")).to_have_class(re.compile("is-marked"))
    expect(page.locator("[data-words]")).to_contain_text("Germany")


def test_a_click_chooses_a_country_and_from_there_its_events(past: ServedPage, open_page: OpenPage) -> None:
    page = open_page(f"{past.url}/map?range=30d")
    page.wait_for_load_state("load")
    page.locator("svg [data-country=DE] path").click()
    expect(page.get_by_role("heading", name="Germany")).to_be_visible()
    page.get_by_role("link", name="Show them in the history").click()
    expect(page).to_have_url(f"{past.url}/history?kind=ban&country=DE&since=30d")


def test_the_same_can_be_done_with_the_keyboard_and_without_scripts(past: ServedPage, open_page: OpenPage) -> None:
    page = open_page(f"{past.url}/map?range=30d", scripts=False)
    page.get_by_role("link", name="Germany").press("Enter")
    expect(page.get_by_role("heading", name="Germany")).to_be_visible()
    page.get_by_role("link", name="Failures", exact=True).press("Enter")
    expect(page).to_have_url(f"{past.url}/map?range=30d&by=failures&country=DE")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wrong_for_assistive_technology(
    past: ServedPage, open_page: OpenPage, size: str, theme: str
) -> None:
    page = open_page(f"{past.url}/map?range=30d&country=DE", size=size, theme=theme)
    page.wait_for_load_state("load")
    assert findings(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= SIZES[size][0]


@pytest.mark.parametrize("past_name", ["hostile", "empty"])
def test_other_histories_look_right_too(tmp_path: Path, open_page: OpenPage, past_name: str) -> None:
    with served(tmp_path, {"hostile": HOSTILE, "empty": EMPTY}[past_name]) as past:
        page = open_page(f"{past.url}/map", size="phone")
        page.wait_for_load_state("load")
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]


def test_the_language_can_be_changed_on_every_page(past: ServedPage, open_page: OpenPage) -> None:
    page = open_page(f"{past.url}/map?range=30d", scripts=False)
    page.get_by_role("button", name="Deutsch").click()
    expect(page).to_have_url(f"{past.url}/map?range=30d")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("link", name="Deutschland")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Germany")).to_be_visible()
