"""What somebody means who types into a search for addresses: an address, a network, the beginning of one, or a text."""

from __future__ import annotations

import re
from dataclasses import replace

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Filter
from bangui.domain.phrases import phrase

_IPV4_BEGUN = re.compile(r"\d{1,3}(\.\d{1,3}){0,2}\.?", re.ASCII)
_IPV6_BEGUN = re.compile(r"[0-9a-f]{1,4}(:[0-9a-f]{1,4})*:{0,2}", re.ASCII | re.IGNORECASE)
# Nothing but what addresses are written with: digits and dots to begin with, or colons somewhere.
_MISTYPED = re.compile(r"(?=\d+[.:/-]|\[|[^:]*:)[0-9a-fA-F.:/%\[\]-]*", re.ASCII)


def narrowed(filter: Filter, term: str) -> Filter:
    """Return the filter with a term added, or raise `InvalidInput` for one that looks mistyped.

    `203.0.113.7`, `203.0.113.0/24` and their IPv6 kin mean the address and the network; `203.0.11` and `2001:db8:`
    every id that begins so, as does any text that ends with `*`; anything else exactly this id.
    """
    written = term.strip()
    if not written:
        raise InvalidInput(phrase("an address is empty"))
    if written.endswith("*"):
        return replace(filter, prefix=_prefix(written.rstrip("*")))
    try:
        return replace(filter, within=parse_address(written))
    except InvalidInput as error:
        mistake = error
    if _is_begun(written):
        return replace(filter, prefix=_prefix(written))
    if _MISTYPED.fullmatch(written):
        raise mistake
    return replace(filter, id=written)


def _is_begun(written: str) -> bool:
    if _IPV4_BEGUN.fullmatch(written):
        return all(int(part) < 256 for part in written.split(".") if part)
    return ":" in written and bool(_IPV6_BEGUN.fullmatch(written))


def _prefix(written: str) -> str:
    """Return the beginning as ids are written: IPv6 in lower case, its whole groups without leading zeros."""
    if not written:
        raise InvalidInput(phrase("* alone means everything"), phrase("leave it out"))
    if ":" not in written or not _IPV6_BEGUN.fullmatch(written):
        return written
    *whole, last = written.lower().split(":")
    return ":".join([*((group.lstrip("0") or "0") if group else "" for group in whole), last])
