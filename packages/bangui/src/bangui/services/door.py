"""The door that everybody comes to who wants to log in: who waits is sent away before anything is done for them.

An address that has to wait is remembered here for some seconds, so that its next attempts cost neither a turn nor a
look into the database. The memory is bounded, and only saves work: what holds is in the database, where another process
may forgive.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bangui.domain.access_errors import TooBusy
from bangui.domain.accounts import Visitor
from bangui.domain.client_addresses import own_block
from bangui.domain.logins import LoginOutcome, LoginRefused, RefusalReason
from bangui.domain.secret import is_encoded_secret
from bangui.domain.throttle import Refusal, ThrottleKind
from bangui.services.admission import Admission
from bangui.services.login_log import Method, login_hammered, login_slowed

_AT_ONCE = 2
_WAITING = 32
_MOST_REMEMBERED = 1_024
_SECONDS_REMEMBERED = 10.0
# A line for each request of a flood would fill the disk.
_SECONDS_BETWEEN_LINES = 1.0
_OWN_DOING = frozenset({ThrottleKind.ADDRESS, ThrottleKind.SITE, ThrottleKind.DEVICE})


@dataclass(slots=True)
class _Waiting:
    """Until when an address has to wait, until when that is believed, and when it was logged last (monotonic)."""

    until: float = 0.0
    believed: float = 0.0
    logged: float = float("-inf")


class Door:
    """The door of one console."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._admission = Admission(_AT_ONCE, _WAITING)
        self._monotonic = monotonic
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()

    async def attempt(
        self, visitor: Visitor, name: str, method: Method, work: Callable[[], Awaitable[LoginOutcome]]
    ) -> LoginOutcome:
        """Let an attempt be made, unless its address has to wait or too many are made at once."""
        # A browser that is known is not held back by its address; who only claims to be one gets no further than that.
        if visitor.device is None or not is_encoded_secret(visitor.device):
            waiting = self._waiting.get(own_block(visitor.address))
            now = self._monotonic()
            if waiting is not None and now < min(waiting.until, waiting.believed):
                self._log(waiting, visitor, name, method)
                return LoginRefused(RefusalReason.WAIT, _whole_seconds((waiting.until - now) * 1000))
        try:
            async with self._admission.enter():
                return await work()
        except TooBusy:
            return LoginRefused(RefusalReason.BUSY, 1)

    def refuse(self, refusal: Refusal, visitor: Visitor, name: str, method: Method) -> LoginRefused:
        """Send somebody away until their wait is over."""
        if refusal.kind in _OWN_DOING:
            waiting = self._remember(visitor, refusal)
            self._log(waiting, visitor, name, method)
        else:
            login_slowed(visitor, name, method)
        return LoginRefused(RefusalReason.WAIT, _whole_seconds(refusal.wait))

    def _remember(self, visitor: Visitor, refusal: Refusal) -> _Waiting:
        key = own_block(visitor.address)
        waiting = self._waiting.setdefault(key, _Waiting())
        self._waiting.move_to_end(key)
        if refusal.kind is not ThrottleKind.DEVICE:
            now = self._monotonic()
            waiting.until, waiting.believed = now + refusal.wait / 1000, now + _SECONDS_REMEMBERED
        while len(self._waiting) > _MOST_REMEMBERED:
            self._waiting.popitem(last=False)
        return waiting

    def _log(self, waiting: _Waiting, visitor: Visitor, name: str, method: Method) -> None:
        now = self._monotonic()
        if now - waiting.logged >= _SECONDS_BETWEEN_LINES:
            waiting.logged = now
            login_hammered(visitor, name, method)


def _whole_seconds(milliseconds: float) -> int:
    return max(1, -int(-milliseconds // 1000))
