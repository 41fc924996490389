"""The log in a real browser: followed live, read further up, chosen, filtered, and what strangers write in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bangui.web import Services, WebSettings
from packages.bangui.tests.web.browser.conftest import SIZES, OpenPage
from packages.bangui.tests.web.browser.test_look import findings, scrolls_sideways
from packages.bangui.tests.web.logged import FileLogs
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import HOSTILE_IDS, LONG_JAIL, ScriptedLive, few_bans
from packages.bangui.tests.web.served import ServedPage

pytestmark = pytest.mark.browser

BANNED = "203.0.113.45"
AT_BOTTOM = "box => box.scrollHeight - box.scrollTop - box.clientHeight <= 24"


class Logs:
    """Logs in a folder, and the pages that show them."""

    def __init__(self, folder: Path) -> None:
        self.own, self.auth = folder / "fail2ban.log", folder / "auth.log"
        self.own.write_text(
            "2026-11-23 09:35:13,459 fail2ban.filter [7]: INFO [sshd] Found 192.0.2.1 - 2026-11-23\n"
            f"2026-11-23 09:35:14,459 fail2ban.actions [7]: NOTICE [sshd] Ban {BANNED}\n"
        )
        self.auth.write_text("".join(f"line {number}\n" for number in range(200)) + f"Failed for root from {BANNED}\n")
        self.files = FileLogs({"": self.own, "sshd": self.auth})
        self.url = ""

    def write(self, *lines: str) -> None:
        with self.auth.open("a") as file:
            file.write("".join(f"{line}\n" for line in lines))


@contextmanager
def served(folder: Path) -> Iterator[Logs]:
    logs = Logs(folder)
    live = ScriptedLive(few_bans(datetime.now(UTC)))
    app = open_app(live, WebSettings(version="1", heartbeat_seconds=0.2), services=Services(logs=logs.files))
    with ServedPage(live.snapshot, app=app) as page:
        logs.url = page.url
        yield logs


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    with served(tmp_path) as logs:
        yield logs


def followed(page: Page) -> Page:
    """Wait until the page follows its log."""
    page.wait_for_load_state("load")
    expect(page.locator("#log-state")).to_have_text("following live")
    return page


def test_new_lines_come_in_at_the_bottom_and_stay_in_sight(logs: Logs, open_page: OpenPage) -> None:
    page = followed(open_page(f"{logs.url}/log?file=sshd"))
    box = page.locator(".log-box")
    assert box.evaluate(AT_BOTTOM)
    logs.write("something new", f"and again from {BANNED}")
    expect(page.locator(".log-box li").last).to_contain_text(f"and again from {BANNED}")
    expect(page.locator(".log-box li").last).to_have_class("is-marked banned")
    assert box.evaluate(AT_BOTTOM)
    expect(page.get_by_role("button", name="new line")).to_be_hidden()


def test_whoever_reads_further_up_is_left_alone_and_told(logs: Logs, open_page: OpenPage) -> None:
    page = followed(open_page(f"{logs.url}/log?file=sshd"))
    box = page.locator(".log-box")
    box.evaluate("box => { box.scrollTop = 100; }")
    logs.write("one", "two")
    button = page.get_by_role("button", name="2 new lines")
    expect(button).to_be_visible()
    assert box.evaluate("box => box.scrollTop") == 100
    button.click()
    expect(button).to_be_hidden()
    assert box.evaluate(AT_BOTTOM)
    expect(box).to_be_focused()


def test_a_rotation_is_told_and_followed(logs: Logs, open_page: OpenPage) -> None:
    page = followed(open_page(f"{logs.url}/log?file=sshd"))
    logs.auth.rename(logs.auth.with_suffix(".log.1"))
    logs.auth.write_text("the first line of the new log\n")
    expect(page.locator(".log-break").last).to_contain_text("The log begins anew here")
    expect(page.locator(".log-box li").last).to_have_text("the first line of the new log")


def test_a_log_that_is_no_longer_watched_says_so_where_it_was_followed(logs: Logs, open_page: OpenPage) -> None:
    page = followed(open_page(f"{logs.url}/log?file=sshd"))
    logs.auth.unlink()
    logs.auth.mkdir()
    expect(page.locator("#log-state")).to_contain_text("is no regular file")


def test_a_page_that_nobody_sees_gives_its_stream_up_and_misses_nothing(logs: Logs, open_page: OpenPage) -> None:
    streams = "fetch('/healthz').then(answer => answer.json()).then(facts => facts.liveStreams)"
    hide = """hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
        document.dispatchEvent(new Event('visibilitychange')); }"""
    page = followed(open_page(f"{logs.url}/log?file=sshd"))
    page.evaluate(hide, True)
    page.wait_for_function(f"{streams}.then(count => count === 0)", timeout=15_000)
    logs.write("written meanwhile")
    page.evaluate(hide, False)
    expect(page.locator(".log-box li").last).to_have_text("written meanwhile")
    expect(page.get_by_text("written meanwhile")).to_have_count(1)


def test_a_log_is_chosen_and_filtered_with_the_keyboard(logs: Logs, open_page: OpenPage) -> None:
    page = followed(open_page(f"{logs.url}/log"))
    expect(page.locator(".log-box li.ban")).to_contain_text(f"Ban {BANNED}")
    page.get_by_label("Log", exact=True).select_option(label=f"{logs.auth} (sshd)")
    page.keyboard.press("/")
    expect(page.get_by_label("Text in the line")).to_be_focused()
    page.keyboard.type("FAILED")
    page.keyboard.press("Enter")
    page.wait_for_load_state("load")
    expect(page).to_have_url(re.compile(r"/log\?file=sshd&q=FAILED\b"))
    expect(page.locator(".log-box li")).to_have_count(1)
    followed(page)
    logs.write("nothing of that kind", "failed once more")
    expect(page.locator(".log-box li")).to_have_count(2)


def test_the_newest_lines_are_there_without_scripts(logs: Logs, open_page: OpenPage) -> None:
    page = open_page(f"{logs.url}/log?file=sshd", scripts=False)
    last = page.locator(".log-box li").last
    expect(last).to_contain_text("Failed for root")
    expect(last).to_be_in_viewport()
    logs.write("newer")
    page.get_by_role("link", name="Show the newest lines").click()
    expect(page.locator(".log-box li").last).to_have_text("newer")
    page.get_by_label("Marked lines only").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".log-box li")).to_have_count(1)
    page.locator(".log-box").get_by_role("link", name=BANNED).click()
    expect(page).to_have_url(re.compile(r"/address\?id=203\.0\.113\.45$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_hostile_lines_fit_every_screen_and_change_nothing(
    logs: Logs, open_page: OpenPage, size: str, theme: str
) -> None:
    hostile = [text.encode("utf-8", "surrogatepass") for text in HOSTILE_IDS]
    logs.auth.write_bytes(b"\n".join([*hostile, b"\x00\xff\x1b[31m", b"y" * 20_000, b""]))
    logs.files.paths[LONG_JAIL] = logs.auth
    for path in ("/log", "/log?file=sshd", "/log?file=sshd&q=nobody", "/log?file=gone"):
        page = open_page(f"{logs.url}{path}", size=size, theme=theme, expected=("404 (Not Found)",))
        page.wait_for_load_state("load")
        expect(page.get_by_role("heading", level=1)).to_have_text("Log")
        assert not scrolls_sideways(page)
        assert findings(page) == []
        assert page.evaluate("document.querySelectorAll('main script, main img').length") == 0
