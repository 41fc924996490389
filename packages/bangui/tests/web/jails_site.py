"""The application over jails in memory, with accounts and, where wanted, a history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import httpx
from starlette.types import ASGIApp

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.totp import TotpCodes
from bangui.domain.accounts import Role
from bangui.domain.audit import AuditEntry, AuditFilter
from bangui.domain.gateway import Gateway
from bangui.domain.history import Observation
from bangui.domain.jails import JailCounters
from bangui.services.access import Access
from bangui.web import Services, WebSettings
from bangui.web.gate import FORM_FIELD
from packages.bangui.tests.filled_history import NOW, FilledHistory
from packages.bangui.tests.memory import MemoryGateway
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import lent
from packages.bangui.tests.web.opened import OpenDoor, a_principal, open_app
from packages.bangui.tests.web.scripted import ScriptedLive, make_snapshot

_FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}


@dataclass(frozen=True, slots=True)
class JailsSite:
    """The application as one role sees it, and what lies behind it."""

    app: ASGIApp
    live: ScriptedLive
    access: Access

    async def get(self, path: str) -> httpx.Response:
        """Return a page."""
        return await ask(self.app, path)

    async def post(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form of ours."""
        token = OpenDoor(a_principal()).form_token
        content = urlencode({FORM_FIELD: token, **fields}, doseq=True).encode()
        return await ask(self.app, path, method="POST", headers=_FORM, content=content)

    def entries(self) -> list[AuditEntry]:
        """Return the audit trail, the oldest entry first."""
        page = self.access.store.audit.page(AuditFilter(), 100)
        return [recorded.entry for recorded in reversed(page.entries)]


@contextmanager
def jails_site(
    folder: Path,
    gateway: Gateway,
    names: tuple[str, ...],
    observations: tuple[Observation, ...] | None = None,
    *,
    role: Role = Role.ADMIN,
) -> Iterator[JailsSite]:
    """Yield the application over these jails; without observations no history is kept."""
    live = ScriptedLive(replace(make_snapshot(jails=(), now=NOW), jails=tuple(map(_counters, names))))
    with ExitStack() as stack:
        engine = open_engine(str(folder / "accounts.sqlite3"))
        stack.callback(engine.dispose)
        migrate(engine)
        access = Access.over(SqlAccountStore(engine), Argon2Hashes(memory_kib=64, passes=1), TotpCodes())
        source = None
        if observations is not None:
            history = FilledHistory(folder / "history.sqlite3")
            history.record(observations)
            source = stack.enter_context(lent(history))
        services = Services(access=access, history=source, gateway=gateway)
        app = open_app(live, WebSettings(version="1"), services=services, role=role, now=lambda: NOW)
        yield JailsSite(app, live, access)


def names_of(gateway: MemoryGateway) -> tuple[str, ...]:
    """Return the names of the jails in memory, as the live state has them."""
    return tuple(sorted(gateway.jails))


def _counters(name: str) -> JailCounters:
    return JailCounters("web-1", name, 3, 1_204, 2, 88)
