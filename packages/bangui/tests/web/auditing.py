"""The page of the audit trail over a real store, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp

from bangui.adapters.passwords import Argon2Hashes
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.accounts_schema import audit, metadata
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.totp import TotpCodes
from bangui.domain.accounts import Role, Via
from bangui.domain.audit import AuditEntry, AuditResult
from bangui.services.access import Access
from bangui.web import Services, WebSettings
from packages.bangui.tests.access import NOW
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans

HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e=1+1"
FORMULA = "=cmd|'/c calc'!A1"
_DAY = 86_400_000

USUAL = (
    AuditEntry(NOW - 40 * _DAY, "root", Via.COMMAND, None, "user.add", "ada"),
    AuditEntry(
        NOW - 9 * _DAY, "ada", Via.SESSION, "198.51.100.7", "jail.set", "sshd", detail="bantime 10m", host="web1"
    ),
    AuditEntry(
        NOW - 3 * _DAY, "mallory", Via.LOGIN, "203.0.113.9", "login", "ada", AuditResult.REFUSED, "no such user"
    ),
    AuditEntry(
        NOW - 7_200_000, "ada", Via.SESSION, "198.51.100.7", "ban.add", "203.0.113.9", host="web1", detail="sshd"
    ),
    AuditEntry(
        NOW - 7_100_000,
        "ada (ci)",
        Via.API,
        "2001:db8::7",
        "ban.add",
        "25 ids",
        AuditResult.FAILED,
        "2 of them failed",
        "web1",
    ),
    AuditEntry(NOW - 60_000, "BanGUI", Via.SERVICE, None, "allow.expire", "192.0.2.0/24", host="web1"),
    AuditEntry(NOW - 30_000, "ada", Via.SESSION, "198.51.100.7", "allow.remove", "name.example", host="web1"),
    AuditEntry(NOW - 1_000, "ada", Via.SESSION, "198.51.100.7", "rocket.launch", "moon"),
)
ILL = (
    AuditEntry(NOW, HOSTILE, Via.LOGIN, "203.0.113.9", HOSTILE, HOSTILE, AuditResult.REFUSED, HOSTILE * 30, HOSTILE),
    AuditEntry(NOW, FORMULA, Via.LOGIN, None, "ban.add", "x" * 500, AuditResult.REFUSED, FORMULA, "web1"),
)


class Bookkeeper:
    """An audit trail with its pages."""

    def __init__(self, store: SqlAccountStore) -> None:
        self.store = store
        self.access = Access.over(store, Argon2Hashes(memory_kib=64, passes=1), TotpCodes())

    def app(self, role: Role = Role.ADMIN, page_size: int = 5) -> ASGIApp:
        """Return the application as somebody with this role sees it."""
        settings = WebSettings(version="1", page_size=page_size)
        return open_app(
            ScriptedLive(few_bans()), settings, services=Services(access=self.access), role=role, now=lambda: MOMENT
        )


@contextmanager
def opened_trail(folder: Path, entries: tuple[AuditEntry, ...] = USUAL) -> Iterator[Bookkeeper]:
    """Lend a trail with these entries, over a fresh database."""
    engine = open_engine(str(folder / "audit.sqlite3"))
    metadata.create_all(engine, [audit])
    try:
        store = SqlAccountStore(engine)
        for entry in entries:
            store.audit.record(entry)
        yield Bookkeeper(store)
    finally:
        engine.dispose()


MOMENT = datetime.fromtimestamp(NOW / 1000, UTC)
