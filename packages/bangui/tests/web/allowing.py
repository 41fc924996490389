"""The pages of the allow list over a host in memory, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
from sqlalchemy import Engine
from starlette.types import ASGIApp

from bangui.adapters.sql.accounts_schema import audit
from bangui.adapters.sql.allow_notes_schema import allow_notes, metadata
from bangui.adapters.sql.engine import open_engine
from bangui.domain.accounts import Role
from bangui.web import Services, WebSettings
from bangui.web.gate import FORM_FIELD
from packages.bangui.tests.allowing import Desk
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import OpenDoor, a_principal, open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans

FORM = {"content-type": "application/x-www-form-urlencoded"}
TOKEN = OpenDoor(a_principal()).form_token


class Office:
    """A desk with its pages."""

    def __init__(self, engine: Engine, desk: Desk | None = None) -> None:
        self.desk = desk or Desk(engine)

    def app(self, role: Role = Role.ADMIN) -> ASGIApp:
        """Return the application as somebody with this role sees it."""
        services = Services(allow_list=self.desk.service)
        live = ScriptedLive(few_bans())
        return open_app(live, WebSettings(version="1"), services=services, role=role, now=self.now)

    def now(self) -> datetime:
        """Return the time by the desk's clock."""
        return datetime.fromtimestamp(self.desk.clock() / 1000, UTC)

    async def send(self, app: ASGIApp, path: str, *fields: tuple[str, str]) -> httpx.Response:
        """Send a form."""
        content = urlencode([(FORM_FIELD, TOKEN), *fields]).encode()
        return await ask(app, path, method="POST", headers=FORM, content=content)


@contextmanager
def opened_office(folder: Path) -> Iterator[Office]:
    """Lend a desk with its pages, over a fresh database."""
    engine = open_engine(str(folder / "allow.sqlite3"))
    metadata.create_all(engine, [allow_notes, audit])
    try:
        yield Office(engine)
    finally:
        engine.dispose()
