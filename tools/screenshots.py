"""Make the pictures in docs/screenshots from a BanGUI that runs: light and dark on a desktop, and on a phone.

Start `bangui demo --port 8080`, wait until some bans have come, then run
`.venv/bin/python tools/screenshots.py LINK` with the link that the demonstration prints.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
# As root and in containers Chromium's sandbox cannot start; the rest keeps it from talking to anybody else.
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
SETTLE_MILLISECONDS = 1500


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture; `follow` is a link on the page that leads to what is shown."""

    name: str
    width: int
    height: int
    theme: str
    path: str = ""
    follow: str = ""


SHOTS = (
    Shot("overview-light", 1440, 900, "light"),
    Shot("overview-dark", 1440, 900, "dark"),
    Shot("overview-phone", 390, 844, "light"),
    Shot("bans-light", 1440, 900, "light", "bans"),
    Shot("bans-phone", 390, 844, "dark", "bans"),
    Shot("address-light", 1440, 900, "light", "bans", "tbody .address a"),
    Shot("jail-light", 1440, 900, "light", "jail?name=sshd"),
    Shot("history-light", 1440, 900, "light", "history"),
    Shot("map-dark", 1440, 900, "dark", "map?range=24h"),
    Shot("log-dark", 1440, 900, "dark", "log"),
)


def main() -> int:
    """Take every picture and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("link", help="the link that the demonstration prints")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    program = shutil.which("chromium")
    if program is None:
        print("Chromium is missing: apt-get install chromium", file=sys.stderr)
        return 1
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        for shot in SHOTS:
            path = options.folder / f"{shot.name}.png"
            path.write_bytes(picture_of(browser, options.link, shot))
            print(f"{path} {path.stat().st_size // 1024} kB")
        browser.close()
    return 0


def picture_of(browser: Browser, link: str, shot: Shot) -> bytes:
    """Return the first screen of the page as PNG."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.theme == "dark" else "light",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(link)
    page.goto(f"{link.partition('enter?')[0]}{shot.path}")
    if shot.follow:
        page.locator(shot.follow).first.click()
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    picture = page.screenshot()
    context.close()
    return picture


if __name__ == "__main__":
    sys.exit(main())
