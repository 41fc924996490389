"""The pages that ban and unban by hand, over jails in memory, for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import httpx
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from bangui.domain.accounts import Role, Visitor
from bangui.domain.snapshot import Snapshot
from bangui.web import Services, WebSettings, create_app
from bangui.web.access import Caller, RouteKind
from bangui.web.gate import FORM_FIELD
from packages.bangui.tests.ban_desk import ADA, Desk, a_desk
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import OpenDoor, a_principal
from packages.bangui.tests.web.scripted import ScriptedLive

FORM = {"content-type": "application/x-www-form-urlencoded"}
TOKEN = OpenDoor(a_principal()).form_token
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class _Door(OpenDoor):
    """Knows everybody as somebody with a role, who comes from the address of `ADA`."""

    async def caller(self, connection: HTTPConnection, kind: RouteKind) -> Caller:
        return replace(await super().caller(connection, kind), visitor=Visitor(ADA.address, "a browser"))


class DeskLive(ScriptedLive):
    """The live state of a desk, always the newest."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.snapshot())
        self._desk = desk

    @property
    def snapshot(self) -> Snapshot:
        return self._desk.snapshot()


class Counter:
    """Where people ban: a desk with its pages, used as a browser uses them."""

    def __init__(self, desk: Desk, role: Role = Role.OPERATOR) -> None:
        self.desk = desk
        self.live = DeskLive(desk)
        self.app = self.open(role)

    def open(self, role: Role) -> ASGIApp:
        """Return the application as somebody with this role sees it."""
        services = Services(gateway=self.desk.gateway, bans=self.desk.actions)
        door = _Door(a_principal(role))
        return create_app(self.live, WebSettings(version="1"), services, door=door, now=self.desk.now)

    async def get(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return await ask(self.app, path)

    async def send(self, path: str, *fields: tuple[str, str]) -> httpx.Response:
        """Send a form."""
        content = urlencode([(FORM_FIELD, TOKEN), *fields]).encode()
        return await ask(self.app, path, method="POST", headers=FORM, content=content)

    async def follow(self, answer: httpx.Response) -> str:
        """Return the page that an answer leads to."""
        assert answer.status_code == 303, answer.text
        page = await self.get(answer.headers["location"])
        assert page.status_code == 200, page.text
        return page.text

    async def press(self, page: str, action: str, *button: tuple[str, str]) -> httpx.Response:
        """Send the first form of a page that goes to an address, by a button."""
        form = page[page.index(f'action="{action}"') :]
        fields = [
            (unescape(name), unescape(value))
            for name, value in _HIDDEN.findall(form[: form.index("</form>")])
            if name != FORM_FIELD
        ]
        return await self.send(action, *fields, *button)


@contextmanager
def opened_counter(folder: Path) -> Iterator[Counter]:
    """Lend a counter over a fresh database."""
    with a_desk(folder) as desk:
        yield Counter(desk)
