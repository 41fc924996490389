"""Banning and unbanning by hand in a browser: a list with one's own address in it, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bangui.adapters.oneshot import finish
from bangui.domain.operations import BanIds
from packages.bangui.tests.memory import MemoryJail
from packages.bangui.tests.web.banning import Counter, opened_counter
from packages.bangui.tests.web.browser.conftest import OpenPage
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.scripted import LONG_JAIL
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

IDS = tuple(f"203.0.113.{n}" for n in range(30))
LIST = "\n".join([*IDS, "198.51.100.0/24  # the office", "10.1.2.3"])


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with opened_counter(tmp_path) as counter:
        counter.desk.gateway.jails[LONG_JAIL] = MemoryJail()
        yield counter


@pytest.fixture
def served(counter: Counter) -> Iterator[ServedPage]:
    with ServedPage(counter.desk.snapshot(), app=counter.app) as served:
        served.live = counter.live
        yield served


def read(page: Page) -> None:
    """Hold a page against what every page has to be."""
    page.wait_for_load_state("load")
    assert findings(page) == []
    assert not scrolls_sideways(page)


def ask_for_the_list(page: Page) -> None:
    page.get_by_label("Addresses or networks").fill(LIST)
    page.get_by_role("checkbox", name="sshd").check()
    page.get_by_label("For how long").fill("2h")
    page.get_by_label("Reason").fill("scans the shop")
    page.get_by_role("button", name="Ban", exact=True).click()


@pytest.mark.parametrize(("size", "theme"), [("phone", "dark"), ("tablet", "light"), ("desktop", "dark")])
def test_a_list_is_banned_without_what_would_hurt_and_taken_back(
    open_page: OpenPage, counter: Counter, served: ServedPage, size: str, theme: str
) -> None:
    page = open_page(f"{served.url}/bans", size=size, theme=theme)
    page.get_by_role("link", name="Ban an address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ban by hand")
    read(page)
    ask_for_the_list(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ban 32 addresses?")
    expect(page.get_by_role("alert")).to_contain_text("it contains 198.51.100.50, your own address")
    read(page)
    page.get_by_role("button", name="Ban only the other 30").click()
    expect(page.locator(".notice.told")).to_contain_text("30 addresses are banned in sshd.")
    read(page)
    assert not counter.desk.is_banned("10.1.2.3")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".notice.told")).to_contain_text("30 bans were lifted.")
    assert counter.desk.gateway.jails["sshd"].bans == {}


@pytest.mark.parametrize(("size", "theme"), [("phone", "light"), ("desktop", "dark")])
def test_mistakes_stand_beside_their_fields(open_page: OpenPage, served: ServedPage, size: str, theme: str) -> None:
    page = open_page(f"{served.url}/bans/new", size=size, theme=theme, expected=("422",))
    page.get_by_label("Addresses or networks").fill("example.org\n192.0.2.1:22")
    page.get_by_label("For how long").fill("soon")
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.get_by_text("Line 1:")).to_be_visible()
    expect(page.get_by_text("No jail is chosen")).to_be_visible()
    expect(page.get_by_label("For how long")).to_have_attribute("aria-invalid", "true")
    read(page)


def test_it_works_without_scripts(open_page: OpenPage, counter: Counter, served: ServedPage) -> None:
    page = open_page(f"{served.url}/bans/new", scripts=False)
    ask_for_the_list(page)
    page.get_by_role("button", name="Ban all 32 all the same").click()
    expect(page.locator(".notice.told")).to_contain_text("32 addresses are banned in sshd.")
    assert counter.desk.is_banned("198.51.100.0/24")
    page.goto(f"{served.url}/address?id={IDS[0]}")
    page.get_by_role("button", name="Unban everywhere").click()
    expect(page.locator(".notice.told")).to_contain_text(f"{IDS[0]} is no longer banned in sshd.")
    page.get_by_role("button", name="Ban again").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Banned now")


def test_the_keyboard_is_enough(open_page: OpenPage, counter: Counter, served: ServedPage) -> None:
    counter.desk.gateway.jails = {"sshd": MemoryJail()}
    page = open_page(f"{served.url}/bans/new")
    page.wait_for_load_state("load")
    page.get_by_label("Addresses or networks").focus()
    page.keyboard.type("10.1.2.3")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="sshd")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("2h")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ban 10.1.2.3?")
    page.wait_for_load_state("load")
    insist = page.get_by_role("button", name="Ban it all the same")
    insist.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice.told")).to_contain_text("10.1.2.3 is banned in sshd.")


def test_all_that_match_are_lifted_after_a_question(open_page: OpenPage, counter: Counter, served: ServedPage) -> None:
    finish(counter.desk.gateway.perform(BanIds("sshd", IDS)))
    page = open_page(f"{served.url}/bans?q=203.0.113.0/28")
    page.get_by_role("button", name="Unban all 16").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lift 16 bans?")
    read(page)
    page.get_by_role("button", name="Unban all 16").click()
    expect(page.locator(".notice.told")).to_contain_text("16 bans were lifted.")
    assert len(counter.desk.gateway.jails["sshd"].bans) == 14
