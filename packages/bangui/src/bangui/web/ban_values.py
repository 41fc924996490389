"""What a form calls a ban: one word that names its jail and its id, whatever characters they are made of."""

from __future__ import annotations

import base64
import binascii
import json

from bangui.domain.errors import InvalidInput
from bangui.domain.phrases import phrase
from bangui.web.url_words import encode_values

# In characters: what an attacker has let an id become may be long.
_LONGEST = 100_000


def ban_value(jail: str, id: str) -> str:
    """Return the value of the boxes and buttons named `ban`."""
    return encode_values([jail, id])


def parse_ban_value(text: str) -> tuple[str, str]:
    """Return the jail and the id that a value names, or raise `InvalidInput`."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text[:_LONGEST] + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        found = None
    match found:
        case [str() as jail, str() as id]:
            return jail, id
    raise InvalidInput(phrase("the form names a ban that cannot be read"), phrase("load the page again"))
