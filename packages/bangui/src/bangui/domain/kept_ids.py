"""Ids as the history keeps them: what an attacker makes longer, or what no database and no URL can hold, is changed.

Whoever looks for an id that the daemon has told must look for it in this form.
"""

from __future__ import annotations

LONGEST_ID = 500
"""Characters of an id that are kept: an IPv6 network has 43, but a filter may capture any text as one."""


def kept_id(id: str) -> str:
    """Return an id as the history keeps it."""
    id = id[:LONGEST_ID]
    if id.isascii() and "\x00" not in id:
        return id
    return id.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
