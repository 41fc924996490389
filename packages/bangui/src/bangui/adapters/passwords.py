"""Hashes of passwords: Argon2id, through argon2-cffi.

The parameters are 32 MiB, 2 passes, 1 lane: above the least that OWASP advises (19 MiB, 2 passes), and some 50 ms on
one core. The memory is not chosen for strength alone. What glibc is asked for at once from 32 MiB on it takes from the
kernel and gives back at once; less than that it would keep, for each thread that has ever hashed a password, in a
service that has 150 MB in all. With two hashes at once a login costs 64 MiB, for a moment.
"""

from __future__ import annotations

import base64
import secrets

from argon2 import Parameters, PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from bangui.domain.account_rules import normal_form
from bangui.domain.proof_ports import PasswordCheck
from bangui.domain.secret import Secret

MEMORY_KIB = 32_768
PASSES = 2
_LANES = 1
_HASH_BYTES = 32
_SALT_BYTES = 16
# Whoever can write to the database must not be able to make a login take all memory.
_MOST_MEMORY_KIB = 4 * MEMORY_KIB
_MOST_PASSES = 16


class Argon2Hashes:
    """Argon2id; see `bangui.domain.proof_ports.PasswordHashes`."""

    def __init__(self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._memory_kib = memory_kib
        self._passes = passes
        self._hasher = PasswordHasher(passes, memory_kib, _LANES, _HASH_BYTES, _SALT_BYTES, type=Type.ID)

    def make(self, password: Secret) -> str:
        """Return a new hash."""
        return self._hasher.hash(_bytes_of(password))

    def check(self, password_hash: str, password: Secret) -> PasswordCheck:
        """Say whether a password is the one of a hash; no for a hash that is none of ours."""
        try:
            parameters = extract_parameters(password_hash)
            if not _is_bearable(parameters):
                return PasswordCheck(is_right=False)
            self._hasher.verify(password_hash, _bytes_of(password))
        except (InvalidHashError, VerificationError):
            return PasswordCheck(is_right=False)
        return PasswordCheck(is_right=True, is_outdated=self._hasher.check_needs_rehash(password_hash))

    def nobodys(self) -> str:
        """Return a hash that no password has, and that takes as long to check as any other."""
        salt, digest = (_base64(secrets.token_bytes(size)) for size in (_SALT_BYTES, _HASH_BYTES))
        return f"$argon2id$v=19$m={self._memory_kib},t={self._passes},p={_LANES}${salt}${digest}"


def _bytes_of(password: Secret) -> bytes:
    return normal_form(password.reveal()).encode("utf-8", "surrogatepass")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _is_bearable(parameters: Parameters) -> bool:
    return parameters.memory_cost <= _MOST_MEMORY_KIB and parameters.time_cost <= _MOST_PASSES
