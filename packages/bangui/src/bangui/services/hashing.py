"""Hashes passwords without taking the machine away from everything else.

A hash takes tens of megabytes and of milliseconds on purpose. So there are two at once at most, whoever asks: people
who log in, and those who set passwords. A few wait, all others are sent away.

Whether there is an account or not, a password is hashed: without one it is compared with a hash that nobody has, so
that the time of the answer says nothing.
"""

from __future__ import annotations

from bangui.domain.account_rules import LONGEST_PASSWORD
from bangui.domain.proof_ports import PasswordCheck, PasswordHashes
from bangui.domain.secret import Secret
from bangui.services.admission import Admission
from bangui.services.threads import in_thread

AT_ONCE = 2
_WAITING = 16
_TOO_LONG = Secret("")


class Hashing:
    """Hashes of passwords, a few at a time; every function may raise `TooBusy`."""

    def __init__(self, hashes: PasswordHashes) -> None:
        self._hashes = hashes
        self._admission = Admission(AT_ONCE, _WAITING)
        self._nobodys = hashes.nobodys()

    async def make(self, password: Secret) -> str:
        """Return a new hash of a password that was checked by `account_rules`."""
        async with self._admission.enter():
            return await in_thread(lambda: self._hashes.make(password))

    async def check(self, password_hash: str | None, password: Secret) -> PasswordCheck:
        """Say whether a password is the one of a hash; without a hash, say no as late."""
        is_sane = len(password) <= LONGEST_PASSWORD
        compared = password if is_sane else _TOO_LONG
        async with self._admission.enter():
            found = await in_thread(lambda: self._hashes.check(password_hash or self._nobodys, compared))
        return found if password_hash is not None and is_sane else PasswordCheck(is_right=False)
