"""The settings of all jails as they are now, for the history to tell one day what they were."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from bangui.domain.errors import BanGUIError
from bangui.domain.gateway import Gateway
from bangui.domain.history import JailSettings
from bangui.services.jails import list_jails


class JailSettingsReader:
    """Reads the rule of each jail of a host."""

    def __init__(self, gateway: Gateway, now: Callable[[], float] = time.time) -> None:
        self._gateway = gateway
        self._now = now

    async def read(self) -> Sequence[JailSettings]:
        """Return the settings of every jail; empty while the daemon is away."""
        try:
            jails = await list_jails(self._gateway)
        except BanGUIError:
            return ()
        since = int(self._now() * 1000)
        return [
            JailSettings(
                rule.host,
                rule.jail,
                since,
                {
                    "maxretry": str(rule.max_retry),
                    "findtime": f"{rule.find_time:g}",
                    "bantime": "-1" if rule.ban_time is None else str(rule.ban_time),
                    "bantime.increment": "true" if rule.grows else "false",
                },
            )
            for _, rule in jails
        ]
