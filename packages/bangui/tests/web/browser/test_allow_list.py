"""The allow list in a browser: adding, removing, being warned, by the keyboard alone, and without scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from packages.bangui.tests.allowing import Desk
from packages.bangui.tests.memory import MemoryJail
from packages.bangui.tests.web.allowing import HOSTILE, Office, fill, fill_hostile, opened_office
from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.scripted import few_bans
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

PATH = "/allow-list"


async def _nothing(desk: Desk) -> None:
    desk.memory.jails = {"sshd": MemoryJail()}


async def _very_many(desk: Desk) -> None:
    entries = tuple(f"10.{n // 250}.{n % 250}.0/24" for n in range(5_000))
    desk.memory.jails = {f"jail-{n:02}": MemoryJail(allowed=entries) for n in range(40)}


FILLS = {"usual": fill, "hostile": fill_hostile, "nothing": _nothing, "very many": _very_many}


@contextmanager
def served(folder: Path, fills: Callable[[Desk], Awaitable[None]] = fill) -> Iterator[tuple[ServedPage, Office]]:
    with opened_office(folder) as office:

        async def run() -> None:
            await fills(office.desk)

        # In this thread the browser's own loop runs.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, run()).result()
        with ServedPage(few_bans(), app=office.app(address="203.0.113.40")) as page:
            yield page, office


def allow(page: Page, entry: str) -> None:
    page.get_by_text("Allow an address").click()
    page.get_by_label("Addresses or networks").fill(entry)
    page.get_by_role("button", name="Allow", exact=True).click()
    page.wait_for_load_state("load")


@pytest.mark.parametrize("filled", list(FILLS))
def test_it_fits_every_screen_and_can_be_read(open_page: OpenPage, tmp_path: Path, filled: str) -> None:
    with served(tmp_path, FILLS[filled]) as (server, _):
        page = open_page(f"{server.url}{PATH}?entry=192.0.2.7")
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert not scrolls_sideways(page)
            assert findings(page) == []


@pytest.mark.parametrize("filled", ["usual", "hostile"])
def test_it_can_be_read_in_the_dark(open_page: OpenPage, tmp_path: Path, filled: str) -> None:
    with served(tmp_path, FILLS[filled]) as (server, _):
        assert findings(open_page(f"{server.url}{PATH}?entry=192.0.2.7", theme="dark")) == []


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_an_address_is_allowed_undone_and_allowed_again(
    open_page: OpenPage, tmp_path: Path, size: str, scripts: bool
) -> None:
    with served(tmp_path) as (server, office):
        page = open_page(server.url + PATH, size=size, scripts=scripts)
        allow(page, "192.0.2.7")
        expect(page.get_by_role("status").first).to_contain_text("192.0.2.7 is allowed in every jail from now on.")
        assert "192.0.2.7" in office.desk.allowed("vsftpd")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("status").first).to_contain_text("192.0.2.7 is no longer allowed.")
        assert "192.0.2.7" not in office.desk.allowed("vsftpd")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".allowed", has_text="192.0.2.7")).to_have_count(1)
        assert "192.0.2.7" in office.desk.allowed("vsftpd")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_wide_network_is_warned_about_before_anything_is_done(
    open_page: OpenPage, tmp_path: Path, size: str, theme: str
) -> None:
    with served(tmp_path) as (server, office):
        page = open_page(server.url + PATH, size=size, theme=theme)
        allow(page, "0.0.0.0/0")
        expect(page.get_by_role("alert")).to_contain_text("nobody would be banned any more")
        assert not scrolls_sideways(page)
        assert findings(page) == []
        page.get_by_label("Allow it all the same").check()
        page.get_by_role("button", name="Allow", exact=True).click()
        expect(page.get_by_text("the whole internet: nobody is banned")).to_be_visible()
        assert "0.0.0.0/0" in office.desk.allowed("sshd")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_whoever_takes_away_their_own_address_is_asked_first(
    open_page: OpenPage, tmp_path: Path, size: str, theme: str
) -> None:
    with served(tmp_path) as (server, office):
        page = open_page(server.url + PATH, size=size, theme=theme)
        expect(page.get_by_text("Your own address")).to_contain_text("nginx-http-auth")
        page.get_by_role("button", name="Remove 203.0.113.40").click()
        question = page.get_by_role("region", name="Remove 203.0.113.40?")
        expect(question).to_contain_text("locked out of this console")
        assert not scrolls_sideways(page)
        assert findings(page) == []
        assert "203.0.113.40" in office.desk.allowed("sshd")
        question.get_by_role("button").click()
        expect(page.get_by_role("status").first).to_contain_text("203.0.113.40 is no longer allowed.")
        assert "203.0.113.40" not in office.desk.allowed("sshd")


def test_what_is_wrong_stands_beside_its_field(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path) as (server, _):
        page = open_page(server.url + PATH, size="phone", expected=("422",))
        allow(page, "192.0.2.300")
        expect(page.get_by_label("Addresses or networks")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Addresses or networks")).to_have_value("192.0.2.300")
        assert not scrolls_sideways(page)
        assert findings(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_an_address_is_always_allowed_from_its_own_page(
    open_page: OpenPage, tmp_path: Path, size: str, theme: str
) -> None:
    with served(tmp_path) as (server, office):
        page = open_page(f"{server.url}/address?id=192.0.2.7", size=size, theme=theme)
        page.get_by_text("Always allow").click()
        page.get_by_label("Note").fill("office")
        assert not scrolls_sideways(page)
        assert findings(page) == []
        page.get_by_role("button", name="Allow in every jail").click()
        expect(page.get_by_role("status").first).to_contain_text("192.0.2.7 is allowed in every jail from now on.")
        assert page.url.endswith("/address?id=192.0.2.7")
        assert "192.0.2.7" in office.desk.allowed("sshd")


def test_it_is_used_by_the_keyboard_alone(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path) as (server, office):
        page = open_page(server.url + PATH)
        page.wait_for_load_state("load")
        page.keyboard.press("/")
        page.keyboard.type("192.0.2")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Nothing in the allow list matches.")).to_be_visible()
        page.get_by_text("Allow an address").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Addresses or networks")).to_be_focused()
        page.keyboard.type("192.0.2.7")
        page.keyboard.press("Tab")
        page.keyboard.type("office")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("192.0.2.7 is allowed")
        assert "192.0.2.7" in office.desk.allowed("sshd")
        page.wait_for_load_state("load")
        page.keyboard.press("j")
        expect(page.locator(".allowed").first).to_be_focused()
        for name in ("10.0.0.0/8", "sshd"):
            page.keyboard.press("Tab")
            expect(page.get_by_role("link", name=name, exact=True).first).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Remove 10.0.0.0/8")).to_be_focused()


def test_hostile_texts_do_nothing(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path, fill_hostile) as (server, office):
        page = open_page(server.url + PATH)
        expect(page.locator(".allowed")).to_have_count(3)
        assert page.evaluate("document.querySelectorAll('main script').length") == 0
        page.get_by_role("button", name="Remove <script>").click()
        expect(page.get_by_role("status").first).to_contain_text("is no longer allowed")
        assert HOSTILE not in office.desk.allowed(HOSTILE)
