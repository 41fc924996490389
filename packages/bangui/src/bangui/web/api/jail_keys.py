"""Names of jails in paths: a jail may be called anything, and not everything survives a path.

A plain name stands for itself. Any other is written as `~` and its bytes in base64 (URL-safe, without padding), which
no proxy decodes, normalises or refuses.
"""

from __future__ import annotations

import base64
import binascii
import re

from bangui.domain.errors import InvalidInput

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}", re.ASCII)
_MARK = "~"
LONGEST_KEY = 2_000


def jail_key(name: str) -> str:
    """Return a name as it stands in a path."""
    if _PLAIN.fullmatch(name):
        return name
    return _MARK + base64.urlsafe_b64encode(name.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def parse_jail_key(key: str) -> str:
    """Return the name that stands in a path, or raise `InvalidInput`."""
    if _PLAIN.fullmatch(key):
        return key
    encoded = key.removeprefix(_MARK)
    if encoded != key:
        try:
            raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
            name = raw.decode("utf-8", "surrogatepass")
        except (ValueError, binascii.Error):
            name = ""
        # One name has one key, so that nothing is found under two addresses.
        if jail_key(name) == key:
            return name
    raise InvalidInput("this is no jail's key", "take `key` of the list of jails")
