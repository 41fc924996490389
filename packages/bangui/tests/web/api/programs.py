"""The whole application as programs see it: a real history, real accounts with tokens, and a host in memory."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.kept_answers import SqlKeptAnswers
from bangui.adapters.totp import TotpCodes
from bangui.domain.accounts import Role, Scope
from bangui.domain.history import Observation
from bangui.domain.snapshot import Snapshot
from bangui.services.access import Access
from bangui.services.kept_answers import KeptAnswers
from bangui.web import Services, WebSettings, create_app
from packages.bangui.tests.access import PASSWORD, ROOT
from packages.bangui.tests.filled_history import NOW, STORY, FilledHistory
from packages.bangui.tests.memory import MemoryGateway, MemoryJail
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import lent
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Program:
    """A program with a token of an administrator, and what it talks to."""

    app: ASGIApp
    live: ScriptedLive
    gateway: MemoryGateway
    access: Access
    tokens: Mapping[Role, str] = field(repr=False)

    async def get(self, path: str, role: Role = Role.ADMIN, **headers: str) -> httpx.Response:
        """Ask for something below `/api/v1`."""
        return await self.send("GET", path, role=role, headers=headers)

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        role: Role = Role.ADMIN,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request, with a body of JSON if there is one."""
        told = {"accept": "*/*", "authorization": f"Bearer {self.tokens[role]}"}
        content = None
        if body is not None:
            told["content-type"] = "application/json"
            content = json.dumps(body).encode()
        told |= {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        return await ask(self.app, f"/api/v1{path}", method=method, headers=told, content=content)


@asynccontextmanager
async def program_over(
    path: Path,
    observations: Sequence[Observation] = STORY,
    *,
    snapshot: Snapshot | None = None,
    settings: WebSettings | None = None,
    now: datetime = NOW,
) -> AsyncIterator[Program]:
    """Yield a program, whose application stands on a history with these observations."""
    history = FilledHistory(path / "history.sqlite3")
    history.record(observations)
    live = ScriptedLive(snapshot or few_bans(now))
    engine = open_engine(str(history.path))
    store = SqlAccountStore(engine)
    access = Access.over(store, Argon2Hashes(memory_kib=64, passes=1), TotpCodes())
    tokens = await _tokens(access)
    gateway = memory_host(live.snapshot)
    try:
        with lent(history) as source:
            services = Services(
                access=access, history=source, gateway=gateway, answers=KeptAnswers(SqlKeptAnswers(engine))
            )
            app = create_app(live, settings or WebSettings(version="1"), services, now=lambda: now)
            yield Program(app, live, gateway, access, tokens)
    finally:
        engine.dispose()


def memory_host(snapshot: Snapshot) -> MemoryGateway:
    """Return a host in memory with the jails and the bans of a snapshot."""
    gateway = MemoryGateway(snapshot.host)
    for jail in snapshot.bans:
        gateway.jails[jail.jail] = MemoryJail(bans={ban.id: ban for ban in jail.bans})
    return gateway


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem that an answer is."""
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    return told


async def _tokens(access: Access) -> Mapping[Role, str]:
    tokens = {}
    for role in Role:
        user = await access.accounts.add(role.text, PASSWORD, role, ROOT)
        scopes = frozenset(scope for scope in Scope if scope.least_role <= role)
        _, secret = await access.tokens.make(user, "tests", scopes, DAY, ROOT)
        tokens[role] = secret.reveal()
    return tokens
