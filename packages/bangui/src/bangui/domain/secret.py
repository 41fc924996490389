"""Texts that only their owner may see, as a type that does not show itself.

What is secret comes in and goes out as `Secret`; nothing that formats, logs or compares values by accident gets at the
text, only `reveal` does. Of a secret that we made ourselves (256 random bits) only a digest is stored. A plain SHA-256
is enough for that: a slow hash protects what people choose, which can be guessed; nobody guesses 256 random bits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from enum import Enum
from typing import Final, NoReturn, SupportsIndex

_BASE32: Final = re.compile(r"[a-z2-7]{52}", re.ASCII)


class Purpose(Enum):
    """What a secret of ours is good for; its digest is worth nothing for anything else."""

    SESSION = "session"
    DEVICE = "device"
    API = "api token"
    LOGIN = "login"
    SETUP = "setup"
    RECOVERY = "recovery"
    FORM = "form"


class Secret:
    """A text that is shown to nobody. Two are compared in a time that does not tell where they differ."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text, for whoever is to have it."""
        return self._text

    def digest(self, purpose: Purpose, owner: str = "") -> bytes:
        """Return what is stored of it. Secrets with fewer bits name their owner, so that no table serves for all."""
        written = f"bangui\0{purpose.value}\0{owner}\0{self._text}"
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()

    def __len__(self) -> int:
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        one, two = (text.encode("utf-8", "surrogatepass") for text in (self._text, other._text))
        return hmac.compare_digest(one, two)

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return "Secret(...)"

    def __str__(self) -> str:
        return "(secret)"

    def __format__(self, _: str) -> str:
        return str(self)

    def __reduce_ex__(self, _: SupportsIndex) -> NoReturn:
        raise TypeError("a secret is not copied or written anywhere")


def encode_secret(random: bytes, prefix: str = "") -> Secret:
    """Return 32 random bytes as a secret without characters that a shell, a URL or a double click stumbles over."""
    return Secret(prefix + base64.b32encode(random).decode().rstrip("=").lower())


def is_encoded_secret(secret: Secret, prefix: str = "") -> bool:
    """Whether a text has the form of `encode_secret`, so that it is worth looking up."""
    text = secret.reveal()
    return text.startswith(prefix) and _BASE32.fullmatch(text, len(prefix)) is not None
