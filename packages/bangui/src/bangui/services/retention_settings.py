"""How long the history is kept: what the command line says, until an administrator says something else on the page.

What is said on the page counts from then on, also after a restart, until it is taken back.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict

from bangui.domain.accounts import Actor
from bangui.domain.audit import AuditEntry
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import Retention
from bangui.domain.kept_settings import KeptSettings
from bangui.domain.retention import RetentionWords
from bangui.services.account_store import ask
from bangui.services.clock import Now, unix_milliseconds

_log = logging.getLogger("bangui.settings")

SETTING = "retention"
_ACTION = "settings.retention"


class RetentionSettings:
    """How long one history is kept; `start` is what the command line says."""

    def __init__(self, settings: KeptSettings, start: RetentionWords, *, now: Now = unix_milliseconds) -> None:
        self._settings = settings
        self.start = start
        self._now = now

    def current(self) -> Retention:
        """Return how long what is kept now; blocks. Where the settings cannot be read, raises `StoreError`."""
        return (self._kept() or self.start).understood()

    async def words(self) -> RetentionWords:
        """Return the same as people write it; raises `AccessUnavailable` where it cannot be read."""
        return await ask(self._kept) or self.start

    async def change(self, words: RetentionWords | None, by: Actor) -> None:
        """Keep it as long as this from now on, or as the command line says (None); raises `InvalidInput`."""
        value, told = None, "as on the command line"
        if words is not None:
            words.understood()
            value = json.dumps(asdict(words))
            told = f"all {words.keep}, failures {words.keep_failures}, size {words.keep_size}"
        entry = AuditEntry(self._now(), by.name, by.via, by.address, _ACTION, SETTING, detail=told)
        await ask(lambda: self._settings.write(SETTING, value, entry))

    def _kept(self) -> RetentionWords | None:
        kept = self._settings.read(SETTING)
        if kept is None:
            return None
        try:
            words = RetentionWords(**json.loads(kept))
            words.understood()
        except (ValueError, TypeError, AttributeError, InvalidInput):
            _log.warning("setting_not_understood", extra={"setting": SETTING})
            return None
        return words
