"""The ports of what people prove themselves with: the hashes of passwords, and one-time codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bangui.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """Whether a password is right, and whether its hash is not as one would be made today."""

    is_right: bool
    is_outdated: bool = False


class PasswordHashes(Protocol):
    """Hashes of passwords. These functions take long, and memory: see `bangui.services.hashing`."""

    def make(self, password: Secret) -> str:
        """Return a new hash."""
        ...

    def check(self, password_hash: str, password: Secret) -> PasswordCheck:
        """Say whether a password is the one of a hash."""
        ...

    def nobodys(self) -> str:
        """Return a hash that no password has, and that takes as long to check as any other."""
        ...


class OneTimeCodes(Protocol):
    """Codes of six digits that change with time."""

    def new_secret(self) -> Secret:
        """Return what codes are made of."""
        ...

    def uri(self, secret: Secret, name: str) -> Secret:
        """Return what an authenticator takes in, as a picture or as a link."""
        ...

    def time_step(self, secret: Secret, code: str, now: int) -> int | None:
        """Return the time step that a code is of, near `now`; None for a wrong one."""
        ...
