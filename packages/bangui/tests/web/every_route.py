"""The table of all routes, made from the application itself, with endpoints that only say that they were reached."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from aiofail2ban import Fail2BanClient
from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.allow_notes import SqlAllowNotes
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.kept_answers import SqlKeptAnswers
from bangui.adapters.sql.kept_settings import SqlKeptSettings
from bangui.adapters.totp import TotpCodes
from bangui.adapters.watched_logs import DaemonLogs
from bangui.domain.accounts import Principal, Scope
from bangui.domain.retention import RetentionWords
from bangui.domain.secret import Secret
from bangui.services.access import Access
from bangui.services.allow_list import AllowListService
from bangui.services.ban_actions import BanActions
from bangui.services.ban_records import BanRecords
from bangui.services.ban_reviews import BanReviews
from bangui.services.kept_answers import KeptAnswers
from bangui.services.retention_settings import RetentionSettings
from bangui.web import Services, WebSettings
from bangui.web.access import Open, RouteKind
from bangui.web.app import build_site, route_table, with_layers
from bangui.web.gate import FORM_FIELD, SCRIPT_HEADER, RouteSpec, build_routes
from bangui.web.site import Entry
from packages.bangui.tests.filled_history import FilledHistory
from packages.bangui.tests.memory import MemoryGateway
from packages.bangui.tests.web.lent import lent
from packages.bangui.tests.web.opened import OpenDoor, a_principal
from packages.bangui.tests.web.scripted import NOW, ScriptedLive, few_bans

TOKEN = OpenDoor(a_principal()).form_token


@dataclass(frozen=True, slots=True)
class Line:
    """One route with one method, and a request that its gate would let pass."""

    method: str
    path: str
    needs: Scope | Open
    kind: RouteKind

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def wants_a_token(self) -> bool:
        """Whether it changes accounts for programs, which a session must not."""
        is_change = self.kind is RouteKind.API and self.method != "GET"
        return is_change and self.needs not in (Scope.BAN, Scope.CONFIGURE)

    @property
    def headers(self) -> dict[str, str]:
        if self.kind is RouteKind.FORM:
            return {"content-type": "application/x-www-form-urlencoded"}
        return {SCRIPT_HEADER: TOKEN} if self.method != "GET" else {}

    @property
    def body(self) -> bytes | None:
        return urlencode({FORM_FIELD: TOKEN}).encode() if self.kind is RouteKind.FORM else None


def needs_of(line: Line) -> set[Scope | Open]:
    """Return what the callers of a line must be allowed."""
    return {line.needs}


def every_line() -> list[Line]:
    """Return every route of the whole application; those that need a service are there as well."""
    with TemporaryDirectory() as folder:
        table = _table(Path(folder))
    lines = []
    for spec in table:
        assert spec.needs is not None
        path = spec.path.replace("{tree}", "x").replace("{path:path}", "y").replace("{", "").replace("}", "")
        lines += [Line(method, path, spec.needs, spec.kind) for method in spec.methods]
    return lines


@contextmanager
def every_app(folder: Path) -> Iterator[Callable[[Principal | None], ASGIApp]]:
    """Lend what builds the application for somebody, or for a stranger."""
    table = _table(folder)

    def build(principal: Principal | None) -> ASGIApp:
        settings = WebSettings(version="1")
        site = build_site(ScriptedLive(few_bans()), settings, Services(), lambda: NOW)
        door = OpenDoor(principal)
        reached = [replace(spec, endpoint=_reached) for spec in table]
        app: Starlette | ASGIApp = with_layers(build_routes(reached, door, settings), site.renderer, settings)
        return app

    yield build


async def _reached(request: Request) -> Response:
    del request
    return PlainTextResponse("", headers={"x-reached": "yes"})


def _ban_actions() -> BanActions:
    gateway = MemoryGateway()
    return BanActions(gateway, BanReviews(gateway, few_bans, tuple), BanRecords(gateway.host, None, None))


def _table(folder: Path) -> tuple[RouteSpec, ...]:
    """Return the table of an application to which every service is there."""
    engine = open_engine(str(folder / "accounts.sqlite3"))
    access = Access.over(SqlAccountStore(engine), Argon2Hashes(memory_kib=64, passes=1), TotpCodes())
    words = RetentionWords("forever", "forever", "5G")
    history = FilledHistory(folder / "history.sqlite3")
    history.record(())
    try:
        with lent(history) as source:
            services = Services(
                access=access,
                entry=Entry(Secret("ticket"), "demo", Secret("words")),
                history=source,
                gateway=MemoryGateway(),
                logs=DaemonLogs(Fail2BanClient(str(folder / "none.sock")), list),
                allow_list=AllowListService(
                    MemoryGateway(), SqlAllowNotes(lambda: engine), access.trail, asyncio.Lock()
                ),
                answers=KeptAnswers(SqlKeptAnswers(lambda: engine)),
                retention=RetentionSettings(SqlKeptSettings(lambda: engine), words),
                bans=_ban_actions(),
            )
            missing = [name for name in services.__dataclass_fields__ if getattr(services, name) is None]
            assert missing == []
            live = ScriptedLive(few_bans())
            return route_table(build_site(live, WebSettings(version="1"), services, lambda: NOW))
    finally:
        engine.dispose()
