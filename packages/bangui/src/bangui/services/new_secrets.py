"""Secrets and ids, made of the random numbers of the kernel."""

from __future__ import annotations

import secrets

from bangui.domain.secret import Secret, encode_secret

RECOVERY_CODES = 10
# 80 bits: few enough to write down, too many to find by trying, even for somebody who has their digests.
_RECOVERY_CHARACTERS = 16
_GROUP = 4


def new_secret(prefix: str = "") -> Secret:
    """Return a secret of 256 random bits."""
    return encode_secret(secrets.token_bytes(32), prefix)


def new_id() -> str:
    """Return an id that no other row has ever had; it is no secret."""
    return secrets.token_hex(8)


def new_recovery_codes() -> tuple[Secret, ...]:
    """Return recovery codes as they are shown: `abcd-efgh-2345-6723`."""
    return tuple(_grouped(new_secret().reveal()[:_RECOVERY_CHARACTERS]) for _ in range(RECOVERY_CODES))


def plain_code(text: str) -> str:
    """Return a code as it was made, however somebody has typed it."""
    return "".join(text.replace("-", " ").split()).lower()


def is_recovery_code(plain: str) -> bool:
    """Whether a plain code has the length of a recovery code."""
    return len(plain) == _RECOVERY_CHARACTERS


def _grouped(text: str) -> Secret:
    return Secret("-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP)))
