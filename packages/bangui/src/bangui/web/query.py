"""The address of a view: what the URL says to show, parsed and written.

The URL is the state. `?jail=sshd&q=203.0&older=...` shows the same to whoever opens it; whatever does not parse is an
error with a way back, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from bangui.domain.phrases import phrase
from bangui.services.ban_window import BanFilter, BanPosition
from bangui.web.errors import Problem, WebError
from bangui.web.url_words import damaged_place, decode_values, encode_values

# Real names and searches are far shorter; a cursor holds a name, an identifier and a time.
LONGEST_WORD = 300
# A cursor's name and identifier only order bans of the same second, so their beginnings are enough; without a limit an
# attacker's long identifier on the edge of a page would make an address that nothing accepts.
_CURSOR_WORD = 64

_EVERYTHING = BanFilter()


@dataclass(frozen=True, slots=True)
class ViewQuery:
    """What a page of the overview shows; at most one of `older` and `newer` is set."""

    only: BanFilter = _EVERYTHING
    older: BanPosition | None = None
    newer: BanPosition | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether some bans are left out."""
        return self.only != _EVERYTHING

    @property
    def is_first_page(self) -> bool:
        """Whether new bans appear on this page."""
        return self.older is None and self.newer is None


def parse_query(parameters: Mapping[str, str]) -> ViewQuery:
    """Return the view that a URL's parameters ask for; unknown parameters are ignored."""
    jail = parameters.get("jail", "")
    text = parameters.get("q", "").strip()
    if len(jail) > LONGEST_WORD or len(text) > LONGEST_WORD:
        raise WebError(_TOO_LONG)
    query = ViewQuery(BanFilter(jail or None, text))
    if older := parameters.get("older"):
        return replace(query, older=decode_position(older))
    if newer := parameters.get("newer"):
        return replace(query, newer=decode_position(newer))
    return query


def view_path(query: ViewQuery, base: str = "/") -> str:
    """Return the address that shows this view."""
    words = {
        "jail": query.only.jail,
        "q": query.only.text,
        "older": query.older and encode_position(query.older),
        "newer": query.newer and encode_position(query.newer),
    }
    # A lone surrogate cannot travel in a URL; such a jail's link leads to an empty view instead of an error here.
    parameters = urlencode({name: value for name, value in words.items() if value}, errors="replace")
    return f"{base}?{parameters}" if parameters else base


def encode_position(position: BanPosition) -> str:
    """Return the position as one URL-safe word."""
    return encode_values([position.banned_at.timestamp(), position.id[:_CURSOR_WORD], position.jail[:_CURSOR_WORD]])


def decode_position(word: str) -> BanPosition:
    """Return the position that `encode_position` wrote; raise WebError for anything else."""
    match decode_values(word):
        case [int() | float() as seconds, str() as id, str() as jail]:
            with suppress(ValueError, OverflowError, OSError):  # no time that a calendar has
                return BanPosition(datetime.fromtimestamp(seconds, UTC), id, jail)
    raise WebError(damaged_place())


_TOO_LONG = Problem(
    400,
    phrase("Search text too long"),
    phrase("A jail or a search has at most {most} characters here.", most=LONGEST_WORD),
)
