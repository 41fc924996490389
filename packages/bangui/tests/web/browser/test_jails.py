"""The pages of the jails in a real browser: their looks, and everything that can be done there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from bangui.domain.accounts import Role
from packages.bangui.tests.filled_history import HOSTILE, ban, failures
from packages.bangui.tests.memory import MemoryGateway, MemoryJail
from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.jails_site import jails_site, names_of
from packages.bangui.tests.web.scripted import HOSTILE_IDS, LONG_JAIL, few_bans
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

PAST = (*failures("203.0.113.7", 3), ban("203.0.113.7", 3), *failures(HOSTILE, 4), *failures("2001:db8::7", 2))
NAMES = {
    "none": (),
    "few": ("postfix", "sshd"),
    "many": tuple(f"jail-{number:03}" for number in range(20)),
    # Of those that a URL can ask for.
    "hostile": ("sshd", LONG_JAIL, *(name[:300] for name in HOSTILE_IDS if name and "\udc80" not in name)),
}


@contextmanager
def served(folder: Path, names: tuple[str, ...], *, role: Role = Role.ADMIN) -> Iterator[tuple[str, MemoryGateway]]:
    """Serve jails of these names, and yield where, and the host behind it."""
    gateway = MemoryGateway("web-1")
    gateway.jails = {name: MemoryJail(ban_time=3_600, allowed=("192.0.2.0/24", "::1")) for name in names}
    with (
        jails_site(folder, gateway, names_of(gateway), PAST, role=role) as site,
        ServedPage(few_bans(), app=site.app) as page,
    ):
        yield page.url, gateway


@pytest.fixture
def few(tmp_path: Path) -> Iterator[tuple[str, MemoryGateway]]:
    with served(tmp_path, NAMES["few"]) as place:
        yield place


def fits_every_size(page: Page) -> None:
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        looks_well(page)


def looks_well(page: Page) -> None:
    page.wait_for_load_state("load")
    assert not scrolls_sideways(page)
    assert findings(page) == []


@pytest.mark.parametrize(
    ("state", "theme"), [("none", "light"), ("few", "dark"), ("many", "light"), ("hostile", "dark")]
)
def test_the_list_fits_every_size(open_page: OpenPage, tmp_path: Path, state: str, theme: str) -> None:
    with served(tmp_path, NAMES[state]) as (url, _):
        page = open_page(f"{url}/jails", theme=theme)
        fits_every_size(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_one_jail_fits_every_size_in_both_themes(
    open_page: OpenPage, few: tuple[str, MemoryGateway], theme: str
) -> None:
    page = open_page(f"{few[0]}/jail?name=sshd", theme=theme)
    for summary in page.locator(".setting summary").all():
        summary.click()
    page.get_by_text("nftables").click()
    fits_every_size(page)


def test_hostile_names_stay_text_on_every_page(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path, NAMES["hostile"]) as (url, gateway):
        page = open_page(f"{url}/jails", size="phone")
        for name in gateway.jails:
            for path in ("/jail", "/jail/stop"):
                page.goto(f"{url}{path}?name={quote(name)}")
                page.wait_for_load_state("load")
                expect(page.get_by_role("heading", level=1)).to_be_visible()
                assert not scrolls_sideways(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_setting_is_changed_and_set_back(open_page: OpenPage, few: tuple[str, MemoryGateway], scripts: bool) -> None:
    url, gateway = few
    page = open_page(f"{url}/jails", scripts=scripts)
    page.get_by_role("link", name="sshd", exact=True).click()
    setting = page.locator(".setting").filter(has=page.get_by_text("bantime", exact=True))
    setting.locator("summary").click()
    setting.get_by_label("New value of bantime").fill("2h")
    setting.get_by_role("button", name="Set").click()
    expect(page.get_by_role("status")).to_contain_text("bantime is now 2h, it was 1h")
    expect(page.get_by_role("status")).to_contain_text("until fail2ban is restarted or reloaded")
    assert gateway.jails["sshd"].ban_time == 7_200
    page.get_by_role("button", name="Set it back to 1h").click()
    expect(page.get_by_role("status")).to_contain_text("bantime is now 1h, it was 2h")
    assert gateway.jails["sshd"].ban_time == 3_600


def test_a_value_that_cannot_be_is_told_beside_its_field(open_page: OpenPage, few: tuple[str, MemoryGateway]) -> None:
    page = open_page(f"{few[0]}/jail?name=sshd", expected=("422",))
    setting = page.locator(".setting").filter(has=page.get_by_text("maxretry", exact=True))
    setting.locator("summary").click()
    setting.get_by_label("New value of maxretry").fill("many")
    setting.get_by_role("button", name="Set").click()
    expect(setting.get_by_label("New value of maxretry")).to_have_value("many")
    expect(setting).to_contain_text("'many' is no number.")
    looks_well(page)


def test_a_jail_is_paused_and_resumed_with_the_keyboard_alone(
    open_page: OpenPage, few: tuple[str, MemoryGateway]
) -> None:
    url, gateway = few
    page = open_page(f"{url}/jail?name=sshd")
    page.wait_for_load_state("load")
    page.get_by_role("link", name="Pause…").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pause sshd?")).to_be_visible()
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Pause the jail").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("sshd is paused")
    looks_well(page)
    assert [jail.is_paused for jail in gateway.jails.values()] == [False, True]
    page.get_by_role("button", name="Resume").first.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("sshd goes on")
    assert [jail.is_paused for jail in gateway.jails.values()] == [False, False]


def test_a_jail_is_stopped_after_a_question_that_can_be_cancelled(
    open_page: OpenPage, few: tuple[str, MemoryGateway]
) -> None:
    url, gateway = few
    page = open_page(f"{url}/jail?name=sshd", scripts=False)
    page.get_by_role("link", name="Stop…").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", name="sshd", exact=True)).to_be_visible()
    assert "sshd" in gateway.jails
    page.get_by_role("link", name="Stop…").click()
    page.get_by_role("button", name="Stop the jail").click()
    expect(page.get_by_role("status")).to_contain_text("sshd is stopped")
    assert "sshd" not in gateway.jails


def test_rows_are_walked_with_keys_and_opened(open_page: OpenPage, few: tuple[str, MemoryGateway]) -> None:
    page = open_page(f"{few[0]}/jails")
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr:focus")).to_contain_text("sshd")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="sshd", exact=True)).to_be_visible()


def test_a_viewer_finds_nothing_to_change(open_page: OpenPage, tmp_path: Path) -> None:
    with served(tmp_path, NAMES["few"], role=Role.VIEWER) as (url, _):
        page = open_page(f"{url}/jail?name=sshd")
        looks_well(page)
        expect(page.locator(".setting summary")).to_have_count(0)
        expect(page.get_by_text("Stop…")).to_have_count(0)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_reload_is_shown_first_and_made_then(open_page: OpenPage, few: tuple[str, MemoryGateway], size: str) -> None:
    url, gateway = few
    page = open_page(f"{url}/jails", size=size, scripts=size == "phone", expected=("409",))
    page.get_by_role("link", name="Reload the configuration…").click()
    expect(page.get_by_role("heading", name="The configuration is not reloaded")).to_be_visible()
    expect(page.get_by_text("set sshd bantime 10x: no time")).to_be_visible()
    gateway.configured = {"sshd": MemoryJail(), HOSTILE: MemoryJail()}
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_text("These jails stop, and their bans are lifted")).to_contain_text("postfix")
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Reload").click()
    expect(page.get_by_role("status")).to_contain_text("2 jails run.")
    assert set(gateway.jails) == {"sshd", HOSTILE}
