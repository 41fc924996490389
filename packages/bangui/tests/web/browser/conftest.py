"""A real Chromium, and pages in it that must stay free of errors."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from aiofail2ban.testing.pytest_plugin import unavailable

# Chromium's sandbox needs what containers and root do not have; the rest keeps it from talking to anybody else.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

SIZES = {"phone": (390, 844), "tablet": (768, 1024), "desktop": (1440, 900)}


class OpenPage(Protocol):
    """Opens a page; whatever it writes to the console ends the test unless it is in `expected`."""

    def __call__(
        self,
        url: str,
        *,
        size: str = "desktop",
        theme: str = "light",
        scripts: bool = True,
        expected: tuple[str, ...] = (),
    ) -> Page: ...


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for each module: Playwright's loop must not be running when asynchronous tests start."""
    program = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    # Ubuntu's is a snap, which a test cannot start.
    if program is None or Path(program).resolve().name == "snap":
        unavailable("these tests need Chromium: apt-get install chromium (on Debian script/test does it)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    contexts = []
    complaints: list[str] = []

    def open_(
        url: str, *, size: str = "desktop", theme: str = "light", scripts: bool = True, expected: tuple[str, ...] = ()
    ) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            java_script_enabled=scripts,
            locale="en-GB",
            timezone_id="Europe/Berlin",
        )
        contexts.append(context)
        page = context.new_page()

        def note(message: ConsoleMessage) -> None:
            # A server that a test has stopped is not the page's mistake.
            is_network = message.text.startswith("Failed to load resource: net::")
            if not is_network and not any(words in message.text for words in expected):
                complaints.append(message.text)

        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
