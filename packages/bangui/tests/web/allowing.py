"""The pages of the allow list over a host in memory, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
from sqlalchemy import Engine
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from bangui.adapters.sql.accounts_schema import audit
from bangui.adapters.sql.allow_notes_schema import allow_notes, metadata
from bangui.adapters.sql.engine import open_engine
from bangui.domain.accounts import Role, Visitor
from bangui.domain.addresses import parse_address
from bangui.services.allow_changes import NewAllowed
from bangui.web import Services, WebSettings, create_app
from bangui.web.access import Caller, RouteKind
from bangui.web.gate import FORM_FIELD
from packages.bangui.tests.allowing import ADA, Desk
from packages.bangui.tests.memory import MemoryJail
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import OpenDoor, a_principal, open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans

HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e" + "x" * 90
FORM = {"content-type": "application/x-www-form-urlencoded"}
TOKEN = OpenDoor(a_principal()).form_token


class _DoorFrom(OpenDoor):
    """An open door, and an address that everybody comes from."""

    def __init__(self, role: Role, address: str) -> None:
        super().__init__(a_principal(role))
        self._address = address

    async def caller(self, connection: HTTPConnection, kind: RouteKind) -> Caller:
        caller = await super().caller(connection, kind)
        return replace(caller, visitor=Visitor(self._address, "a browser"))


class Office:
    """A desk with its pages."""

    def __init__(self, engine: Engine, desk: Desk | None = None) -> None:
        self.desk = desk or Desk(engine)

    def app(self, role: Role = Role.ADMIN, address: str | None = None) -> ASGIApp:
        """Return the application as somebody with this role sees it, who comes from this address or from here."""
        services = Services(allow_list=self.desk.service)
        live = ScriptedLive(few_bans())
        if address is None:
            return open_app(live, WebSettings(version="1"), services=services, role=role, now=self.now)
        return create_app(live, WebSettings(version="1"), services, door=_DoorFrom(role, address), now=self.now)

    def now(self) -> datetime:
        """Return the time by the desk's clock."""
        return datetime.fromtimestamp(self.desk.clock() / 1000, UTC)

    async def send(self, app: ASGIApp, path: str, *fields: tuple[str, str]) -> httpx.Response:
        """Send a form."""
        content = urlencode([(FORM_FIELD, TOKEN), *fields]).encode()
        return await ask(app, path, method="POST", headers=FORM, content=content)


async def fill(desk: Desk) -> None:
    """Allow all kinds of entries: of the configuration, of people, with an end, not yet everywhere."""
    desk.memory.jails = {
        "nginx-http-auth": MemoryJail(allowed=("127.0.0.0/8", "::1")),
        "postfix-sasl": MemoryJail(allowed=("127.0.0.0/8", "::1", "mail.example.org"), allows_own_addresses=False),
        "recidive": MemoryJail(allowed=("127.0.0.0/8", "::1", "file:/etc/fail2ban/allowed.txt")),
        "sshd": MemoryJail(allowed=("127.0.0.0/8", "::1", "10.0.0.0/8")),
        "vsftpd": MemoryJail(allowed=("127.0.0.0/8", "::1")),
    }
    await _allow(desk, "198.51.100.0/24", "The office, both lines. Ask Grace before you take it away.")
    desk.clock.move(3 * 86_400)
    await _allow(desk, "203.0.113.40", "Monitoring", ("sshd", "recidive"))
    await _allow(desk, "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff", "Ada at home", ("sshd",), 9 * 86_400)
    desk.clock.move(7_000)
    await _allow(desk, "203.0.113.77", "", (), 3_600)
    desk.memory.jails["vsftpd"].allowed = ("127.0.0.0/8", "::1")


async def fill_hostile(desk: Desk) -> None:
    """Let everything be named by somebody who means ill."""
    desk.memory.jails = {HOSTILE: MemoryJail(allowed=(HOSTILE, "y" * 300)), "=cmd|'/c'!A1": MemoryJail()}
    await _allow(desk, "192.0.2.7", HOSTILE * 4, (HOSTILE,))


async def _allow(desk: Desk, entry: str, note: str, jails: tuple[str, ...] = (), seconds: int | None = None) -> None:
    await desk.service.add(NewAllowed((parse_address(entry),), jails, note, seconds), ADA)


@contextmanager
def opened_office(folder: Path) -> Iterator[Office]:
    """Lend a desk with its pages, over a fresh database."""
    engine = open_engine(str(folder / "allow.sqlite3"))
    metadata.create_all(engine, [allow_notes, audit])
    try:
        yield Office(engine)
    finally:
        engine.dispose()
