"""What a person in front of a real browser waits for: the first rows of many, and a ban to appear.

A ban's time runs from the daemon's answer to the command that bans until the row is in the page, by the clock of this
machine, which the browser shares.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Page, async_playwright

from aiofail2ban import Fail2BanClient
from bench.budgets import at_most
from bench.full_daemon import SMALL, RunningService, full_daemon
from bench.setting import Finding, Setting
from bench.timings import percentile

_LOADS = 12
_BANS = 60
# As root and in containers Chromium's sandbox cannot start.
_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
_WATCH = """() => {
  window.seen = {};
  const look = () => {
    for (const cell of document.querySelectorAll("tbody .address")) {
      const text = cell.textContent.trim();
      if (!(text in window.seen)) window.seen[text] = Date.now();
    }
  };
  look();
  new MutationObserver(look).observe(document.getElementById("regions"), {childList: true, subtree: true});
}"""


async def measure_browser(setting: Setting) -> AsyncIterator[Finding]:
    """Open pages of a service beside a full daemon in Chromium, and ban while one looks on."""
    program = shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("Chromium is missing: apt-get install chromium")
    with tempfile.TemporaryDirectory(prefix="bangui-bench-") as folder:
        async with full_daemon(setting.daemon.installation, Path(folder)) as daemon, async_playwright() as playwright:
            service = RunningService(daemon.socket_path, Path(folder) / "data")
            browser = await playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
            try:
                await service.set_up()
                await service.start()
                await service.wait_for_every_ban()
                await service.wait_for_rest()
                page = await browser.new_page()
                await page.context.add_cookies(
                    [{"name": name, "value": value, "url": service.url} for name, value in service.cookies()]
                )
                loads = [await _first_rows(page, f"{service.url}bans") for _ in range(_LOADS)]
                yield at_most("100,000 live bans: first rows in a browser, 95 of 100", 1, percentile(loads, 0.95), " s")
                async with Fail2BanClient(daemon.socket_path) as client:
                    waits = await _waits(page, service.url, client)
                yield at_most("from the ban to its row in a browser, 95 of 100", 1, percentile(waits, 0.95), " s")
            finally:
                await browser.close()
                await service.stop()


async def _first_rows(page: Page, url: str) -> float:
    started = time.perf_counter()
    await page.goto(url, wait_until="commit")
    await page.wait_for_selector("tbody .address")
    return time.perf_counter() - started


async def _waits(page: Page, url: str, client: Fail2BanClient) -> list[float]:
    """Ban one address after the other, and return how long each took to be on the overview, in seconds."""
    await page.goto(url)
    await page.evaluate(_WATCH)
    waits = []
    for number in range(_BANS):
        address = f"203.0.113.{number + 1}"
        # At another moment of the rhythm of the polls each time.
        await page.wait_for_timeout(300 + number * 37 % 500)
        await client.jail(SMALL).ban(address)
        banned = time.time()
        await page.wait_for_function("address => address in window.seen", arg=address, timeout=20_000)
        seen: float = await page.evaluate("address => window.seen[address]", address)
        waits.append(max(seen / 1000 - banned, 0.0))
    return waits
