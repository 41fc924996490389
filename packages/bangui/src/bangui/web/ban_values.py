"""What a form calls a ban: one word that names its jail and its id, whatever characters they are made of."""

from __future__ import annotations

from bangui.web.url_words import encode_values


def ban_value(jail: str, id: str) -> str:
    """Return the value of the boxes and buttons named `ban`."""
    return encode_values([jail, id])
