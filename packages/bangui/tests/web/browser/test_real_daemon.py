"""The whole way: a real fail2ban, `bangui serve`, a real browser."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import pytest
from playwright.sync_api import Page, expect

from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from packages.bangui.tests.web.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.daemon]

T = TypeVar("T")
WORDS = "four words of mine"
READY_SECONDS = 20


class Daemon:
    """A daemon whose coroutines run in one thread of their own: Playwright's loop runs in the test's, and a daemon
    lives no longer than the thread that started it."""

    def __init__(self, installation: Fail2BanInstallation) -> None:
        self.process = Fail2BanProcess(installation)
        self._thread = ThreadPoolExecutor(1)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._thread.submit(asyncio.run, work).result()

    def tell(self, *words: str) -> None:
        answer = self.run(self.process.run_client(*words))
        assert answer.status == 0, answer.output

    def start(self) -> None:
        """Start it, with one jail that watches nothing."""
        self.run(self.process.start())
        self.tell("add", "door", "polling")
        self.tell("start", "door")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.process.__aexit__(None, None, None))
        self._thread.shutdown()


@contextmanager
def served_at(socket_path: str) -> Iterator[str]:
    """Run `bangui serve` on a free port and give the link that makes its first account."""
    command = [sys.executable, "-m", "bangui", "serve", "--socket", socket_path, "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        watchdog = threading.Timer(READY_SECONDS, server.kill)
        watchdog.start()
        try:
            assert server.stdout is not None
            yield str(json.loads(server.stdout.readline())["link"])
        finally:
            watchdog.cancel()
            server.terminate()
            assert server.wait(READY_SECONDS) == 0


def enter(open_page: OpenPage, link: str) -> Page:
    """Make the first account, and log in with it, as a person does."""
    page = open_page(link)
    for label in ("Password, of at least 12 characters", "The same password again"):
        page.get_by_label(label).fill(WORDS)
    page.get_by_label("Name").fill("ada")
    page.get_by_role("button", name="Make the account").click()
    expect(page.locator(".told")).to_contain_text("“ada” is made")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Log in").click()
    return page


def test_bans_come_and_go_and_the_daemon_too(installation: Fail2BanInstallation, open_page: OpenPage) -> None:
    with Daemon(installation) as daemon, served_at(daemon.process.socket_path) as link:
        page = enter(open_page, link)
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is running")
        expect(page.locator(".bans .empty")).to_contain_text("Nobody is banned")

        daemon.tell("set", "door", "banip", "192.0.2.1", "2001:db8::1")
        expect(page.locator(".ban-table .address")).to_have_text(["192.0.2.1", "2001:db8::1"])
        expect(page.locator(".jail-table tbody tr td").first).to_have_text("2")

        daemon.tell("set", "door", "unbanip", "192.0.2.1")
        expect(page.locator(".ban-table .address")).to_have_text(["2001:db8::1"])

        daemon.process.kill()
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is away")
        expect(page.locator(".notice.danger:visible")).to_contain_text("Nobody listens")
        expect(page.locator(".ban-table .address")).to_have_text(["2001:db8::1"])

        daemon.start()
        expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is running", timeout=15000)
        expect(page.locator(".jail-table tbody th")).to_have_text(["door"])
        assert page.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate"


def test_a_daemon_that_was_never_there_appears(one_installation: Fail2BanInstallation, open_page: OpenPage) -> None:
    with Daemon(one_installation) as daemon:
        daemon.run(daemon.process.stop())
        with served_at(daemon.process.socket_path) as link:
            page = enter(open_page, link)
            expect(page.get_by_role("heading", level=1)).to_have_text("fail2ban is away")
            expect(page.locator(".unknown").first).to_be_visible()
            daemon.start()
            expect(page.locator(".jail-table tbody th")).to_have_text(["door"], timeout=15000)
