"""What tests of allow lists stand on: every service about them over a host in memory, or over one that is lent."""

from __future__ import annotations

import asyncio

from sqlalchemy import Engine

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.allow_notes import SqlAllowNotes
from bangui.domain.accounts import Actor, Via
from bangui.domain.addresses import parse_address
from bangui.domain.audit import AuditEntry, AuditFilter
from bangui.domain.gateway import Gateway
from bangui.services.allow_changes import AllowAdded, NewAllowed
from bangui.services.allow_keeper import AllowKeeper, KeeperPace
from bangui.services.allow_list import AllowListService
from bangui.services.audit import AuditTrail
from packages.bangui.tests.access import SetClock
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

ADA = Actor("ada", Via.SESSION, "192.0.2.1")


class Desk:
    """The allow list of a host: who changes it, who keeps it, and what is written about it."""

    def __init__(self, engine: Engine, gateway: Gateway | None = None) -> None:
        self.memory = MemoryGateway("here")
        self.memory.jails = {"sshd": MemoryJail(allowed=("127.0.0.0/8",)), "web": MemoryJail()}
        self.clock = SetClock()
        self.store = SqlAccountStore(engine)
        self.notes = SqlAllowNotes(lambda: engine)
        self.trail = AuditTrail(self.store, now=self.clock)
        lock = asyncio.Lock()
        host = gateway or self.memory
        self.service = AllowListService(host, self.notes, self.trail, lock, now=self.clock)
        pace = KeeperPace(interval=0.05, least=0.01)
        self.keeper = AllowKeeper(host, self.notes, self.trail, lock, pace=pace, now=self.clock)

    async def add(self, *entries: str, jails: tuple[str, ...] = (), seconds: int | None = None) -> AllowAdded:
        """Allow entries with a note."""
        addresses = tuple(parse_address(entry) for entry in entries)
        return await self.service.add(NewAllowed(addresses, jails, "the office", seconds), ADA)

    def allowed(self, jail: str) -> set[str]:
        """Return what a jail in memory allows."""
        return set(self.memory.jails[jail].allowed)

    def audited(self) -> list[AuditEntry]:
        """Return the audit trail, the oldest entry first."""
        return [recorded.entry for recorded in reversed(self.store.audit.page(AuditFilter(), 1_000).entries)]
