"""Logging in, one's own settings and the accounts of everybody, in a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Page, expect
from pyotp import TOTP

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.totp import TotpCodes
from bangui.domain.accounts import Role, Scope
from bangui.services.access import Access
from bangui.web import Services, WebSettings, create_app
from packages.bangui.tests.access import PASSWORD, ROOT
from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

T = TypeVar("T")
WORDS = PASSWORD.reveal()
LONG = "a-very-long-name-of-somebody-with-a-double-name.and@example.org"


@dataclass
class House:
    """A served console with accounts."""

    access: Access
    page: ServedPage
    thread: ThreadPoolExecutor

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something with the accounts, beside Playwright's own loop."""
        return self.thread.submit(asyncio.run, work).result()

    def log_in(self, open_page: OpenPage, path: str = "/", *, size: str = "desktop", theme: str = "light") -> Page:
        """Return a page that somebody has logged in to."""
        page = open_page(self.page.url + path, size=size, theme=theme)
        fill_login(page)
        return page


def fill_login(page: Page, name: str = "ada", password: str = WORDS) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


@contextmanager
def house(folder: Path, *, is_empty: bool = False) -> Iterator[House]:
    engine = open_engine(str(folder / "accounts.sqlite3"))
    migrate(engine)
    access = Access.over(SqlAccountStore(engine), Argon2Hashes(memory_kib=64, passes=1), TotpCodes())
    live = ScriptedLive(few_bans())
    app = create_app(live, WebSettings(version="0.1.0"), Services(access=access))
    served = ServedPage(few_bans(), app=app)
    served.live = live
    with ThreadPoolExecutor(1) as thread, served as page:
        built = House(access, page, thread)
        if not is_empty:
            built.run(access.accounts.add("ada", PASSWORD, Role.ADMIN, ROOT))
            built.run(access.accounts.add(LONG, PASSWORD, Role.VIEWER, ROOT))
        yield built
    engine.dispose()


def test_every_page_of_accounts_fits_every_screen_and_can_be_read(open_page: OpenPage, tmp_path: Path) -> None:
    with house(tmp_path) as built:
        user = built.run(built.access.accounts.user("ada"))
        built.run(built.access.tokens.make(user, "x" * 80, set(Scope), 3600, ROOT))
        for theme in ("light", "dark"):
            # Chromium would have a password of somebody else in a form of its own.
            page = open_page(built.page.url + "/login", theme=theme, expected=("[DOM]",))
            looks_well(page)
            fill_login(page)
            expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is running")
            for path in ("/settings", "/settings/users", f"/settings/user?name={LONG}", "/search?q=s"):
                page.goto(built.page.url + path)
                looks_well(page)


def looks_well(page: Page) -> None:
    page.wait_for_load_state("load")
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        assert not scrolls_sideways(page)
        assert findings(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_logs_in_where_they_wanted_to_go_and_out_again(
    open_page: OpenPage, tmp_path: Path, scripts: bool
) -> None:
    with house(tmp_path) as built:
        page = open_page(built.page.url + "/history?kind=ban", scripts=scripts, expected=("403",))
        fill_login(page, password="wrong words of mine")
        expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
        expect(page.get_by_label("Name")).to_have_value("ada")
        page.get_by_label("Password").fill(WORDS)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/history?kind=ban")
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/login")


def test_the_keyboard_is_enough_to_log_in(open_page: OpenPage, tmp_path: Path) -> None:
    with house(tmp_path) as built:
        page = open_page(built.page.url + "/")
        page.keyboard.type("ada")
        page.keyboard.press("Tab")
        page.keyboard.type(WORDS)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is running")


def test_the_first_account_is_made_with_a_link(open_page: OpenPage, tmp_path: Path) -> None:
    with house(tmp_path, is_empty=True) as built:
        offer = built.run(built.access.setup.offer())
        assert offer is not None
        page = open_page(f"{built.page.url}/setup?link={offer.secret.reveal()}")
        looks_well(page)
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password, of at least 12 characters").fill(WORDS)
        page.get_by_label("The same password again").fill(WORDS)
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("status")).to_contain_text("“ada” is made")
        fill_login(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is running")


def test_one_time_codes_are_turned_on_and_asked_for(open_page: OpenPage, tmp_path: Path) -> None:
    with house(tmp_path) as built:
        page = built.log_in(open_page, "/settings")
        form = page.locator("form", has_text="Turn codes on")
        form.get_by_label("Your password").fill(WORDS)
        form.get_by_role("button").click()
        expect(page.get_by_label("The code that it shows now")).to_be_visible()
        looks_well(page)
        secret = page.locator(".secret").inner_text()
        page.get_by_label("The code that it shows now").fill(TOTP(secret).now())
        page.get_by_role("button", name="Turn codes on").click()
        expect(page.locator(".secrets li")).to_have_count(10)
        looks_well(page)
        recovery = page.locator(".secrets li").first.inner_text()
        page.get_by_role("button", name="Log out").click()
        fill_login(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("One-time code")
        looks_well(page)
        page.get_by_label("Code of your authenticator, or a recovery code").fill(recovery)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is running")


def test_a_page_that_is_open_when_the_session_ends_asks_for_a_login(open_page: OpenPage, tmp_path: Path) -> None:
    with house(tmp_path) as built:
        page = open_page(built.page.url + "/", expected=("401",))
        fill_login(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is running")
        built.run(built.access.sessions.end_all("ada", ROOT))
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


@pytest.mark.parametrize("size", list(SIZES))
def test_everything_is_searched_from_every_page(open_page: OpenPage, tmp_path: Path, size: str) -> None:
    with house(tmp_path) as built:
        page = built.log_in(open_page, "/settings", size=size)
        page.wait_for_url("**/settings")
        page.wait_for_load_state("load")
        page.keyboard.press("Control+k")
        page.keyboard.type("203.0.113.45")
        page.keyboard.press("Enter")
        page.wait_for_url("**/address?id=203.0.113.45")
