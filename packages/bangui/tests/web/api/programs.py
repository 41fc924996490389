"""The whole application as programs see it: a real history, real accounts with tokens, and a host in memory."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine
from starlette.types import ASGIApp

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.allow_notes import SqlAllowNotes
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.kept_answers import SqlKeptAnswers
from bangui.adapters.sql.kept_settings import SqlKeptSettings
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.adapters.totp import TotpCodes
from bangui.domain.accounts import Role, Scope
from bangui.domain.addresses import parse_address
from bangui.domain.history import Observation
from bangui.domain.retention import RetentionWords
from bangui.domain.safety import Protected, Standing
from bangui.domain.snapshot import Snapshot
from bangui.services.access import Access
from bangui.services.allow_list import AllowListService
from bangui.services.ban_actions import BanActions
from bangui.services.ban_records import BanRecords
from bangui.services.ban_reviews import BanReviews
from bangui.services.kept_answers import KeptAnswers
from bangui.services.retention_settings import RetentionSettings
from bangui.web import Services, WebSettings, create_app
from packages.bangui.tests.access import PASSWORD, ROOT
from packages.bangui.tests.filled_history import NOW, STORY, FilledHistory
from packages.bangui.tests.memory import MemoryGateway, MemoryJail
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.lent import lent
from packages.bangui.tests.web.logged import FileLogs
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans

DAY = 86_400
PROTECTED = Protected(parse_address("198.51.100.254"), Standing.GATEWAY)
"""What nobody bans without insisting."""


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


@dataclass(frozen=True, slots=True)
class Prepared:
    """A history with accounts in it, to copy, and a token of each role."""

    path: Path
    tokens: Mapping[Role, str] = field(repr=False)


async def prepare(path: Path, observations: Sequence[Observation] = STORY) -> Prepared:
    """Fill a history with these observations, and make an account and a token for each role."""
    FilledHistory(path).record(observations)
    with _opened(path) as engine:
        return Prepared(path, await _tokens(_access(engine)))


@asynccontextmanager
async def program_over(
    folder: Path,
    observations: Sequence[Observation] = STORY,
    *,
    snapshot: Snapshot | None = None,
    settings: WebSettings | None = None,
    prepared: Prepared | None = None,
) -> AsyncIterator[Program]:
    """Yield a program, whose application stands on a history with these observations, or on a prepared one."""
    path = folder / "program.sqlite3"
    if prepared is None:
        prepared = await prepare(path, observations)
    else:
        shutil.copyfile(prepared.path, path)
    live = ScriptedLive(snapshot or few_bans(NOW))
    history, gateway = FilledHistory(path), memory_host(live.snapshot)
    with _opened(path) as engine, lent(history) as source:
        access = _access(engine)
        records = BanRecords(gateway.host, SqlHistoryWriter(engine, history.places), access.trail)
        reviews = BanReviews(gateway, lambda: live.snapshot, lambda: [PROTECTED])
        services = Services(
            access=access,
            history=source,
            gateway=gateway,
            bans=BanActions(gateway, reviews, records),
            allow_list=AllowListService(gateway, SqlAllowNotes(lambda: engine), access.trail, asyncio.Lock()),
            answers=KeptAnswers(SqlKeptAnswers(lambda: engine)),
            retention=RetentionSettings(SqlKeptSettings(lambda: engine), RetentionWords("forever", "90d", "5G")),
            logs=_logs(folder),
        )
        app = create_app(live, settings or WebSettings(version="1"), services, now=lambda: NOW)
        yield Program(app, live, gateway, access, prepared.tokens)


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


def _logs(folder: Path) -> FileLogs:
    own, read = folder / "fail2ban.log", folder / "auth.log"
    own.write_text(
        "2026-06-01 11:59:13,459 fail2ban.filter   [7471]: INFO    [sshd] Found 203.0.113.45 - 2026-06-01 11:59:13\n"
        "2026-06-01 11:59:46,459 fail2ban.actions  [7471]: NOTICE  [sshd] Ban 203.0.113.45\n"
    )
    read.write_text("Accepted for alice\nFailed for root from 203.0.113.45 port 22\n")
    return FileLogs({"": own, "sshd": read})


@contextmanager
def _opened(path: Path) -> Iterator[Engine]:
    engine = open_engine(str(path))
    try:
        yield engine
    finally:
        engine.dispose()


def _access(engine: Engine) -> Access:
    return Access.over(SqlAccountStore(engine), Argon2Hashes(memory_kib=64, passes=1), TotpCodes())


async def _tokens(access: Access) -> Mapping[Role, str]:
    tokens = {}
    for role in Role:
        user = await access.accounts.add(role.text, PASSWORD, role, ROOT)
        scopes = frozenset(scope for scope in Scope if scope.least_role <= role)
        _, secret = await access.tokens.make(user, "tests", scopes, DAY, ROOT)
        tokens[role] = secret.reveal()
    return tokens
