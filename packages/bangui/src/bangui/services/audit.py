"""The audit trail: written by everything that changes something, read by people, and kept within bounds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.access_ports import AccountStore
from bangui.domain.audit import AuditEntry, AuditFilter, AuditPage, RecordedEntry
from bangui.domain.logins import DAY
from bangui.services.account_store import ask
from bangui.services.clock import Now, unix_milliseconds

_log = logging.getLogger("bangui.audit")

_EXPORTED_AT_ONCE = 500
_FORGOTTEN_AT_ONCE = 1_000
_PRUNED_EVERY = 3_600.0


@dataclass(frozen=True, slots=True)
class AuditRules:
    """For how many seconds entries are kept, and how many at most: strangers write some of them, by failing."""

    keep: int = 400 * DAY
    most: int = 500_000


class AuditTrail:
    """The audit trail of one console."""

    def __init__(self, store: AccountStore, *, rules: AuditRules | None = None, now: Now = unix_milliseconds) -> None:
        self._store = store
        self._rules = rules or AuditRules()
        self._now = now

    async def record(self, entry: AuditEntry) -> None:
        """Add the entry of something that was done elsewhere than in the database."""
        await ask(lambda: self._store.audit.record(entry))

    async def page(self, filter: AuditFilter, size: int = 100, before: int | None = None) -> AuditPage:
        """Return entries with lower numbers than `before`, the newest first."""
        return await ask(lambda: self._store.audit.page(filter, size, before))

    async def export(self, filter: AuditFilter) -> AsyncIterator[RecordedEntry]:
        """Yield all entries, the newest first, without holding them or a transaction."""
        before: int | None = None
        while True:
            page = await self.page(filter, _EXPORTED_AT_ONCE, before)
            for entry in page.entries:
                yield entry
            if page.next is None:
                return
            before = page.next

    async def keep_within_bounds(self, interval: float = _PRUNED_EVERY) -> None:
        """Forget what is too old or too much every so many seconds, until cancelled."""
        while True:
            # The log says by itself where the trail is out of reach.
            with suppress(AccessUnavailable):
                if forgotten := await self.prune():
                    _log.info("audit_entries_forgotten", extra={"entries": forgotten})
            await asyncio.sleep(interval)

    async def prune(self) -> int:
        """Forget what is too old or too much, and return how many entries that were."""
        until = self._now() - self._rules.keep * 1000
        forgotten = 0
        while True:
            count = await ask(lambda: self._store.audit.prune(until, self._rules.most, _FORGOTTEN_AT_ONCE))
            forgotten += count
            if count < _FORGOTTEN_AT_ONCE:
                return forgotten
