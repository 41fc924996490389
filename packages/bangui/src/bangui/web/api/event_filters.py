"""Which events of the history a program asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.addresses import Address, parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind, Origin
from bangui.domain.history_queries import Filter
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.parts import milliseconds, parse_country
from bangui.web.api.shapes import About

LARGEST_AS = (1 << 32) - 1
"""The largest number of an autonomous system."""
_MOST = 50
_A_WORD = re.compile(r"[^\W_]")


def parse_words(text: str) -> str:
    """Return words to look for, or raise `InvalidInput` where there are none."""
    if not _A_WORD.search(text):
        raise InvalidInput("there is no word to look for", "such as: invalid user oracle")
    return text


COUNTRY = About("Two letters.", "DE", longest=2, reads=parse_country)
JAIL = About("The name of a jail.", "sshd", longest=200)
NETWORK = About("The number of an autonomous system.", 64_500, most=LARGEST_AS)
WITHIN = About("An address or a network.", "203.0.113.0/24", reads=parse_address)

SINCE = About("The beginning of the time; it belongs to it.", "2026-11-24T00:00:00Z")
UNTIL = About("The end of the time; it does not belong to it.", "2026-11-25T00:00:00Z")


@dataclass(frozen=True, slots=True)
class EventsWanted:
    """Which events; everything given must hold, and of several values of a parameter one."""

    since: Annotated[datetime | None, SINCE] = None
    until: Annotated[datetime | None, UNTIL] = None
    kind: Annotated[tuple[EventKind, ...], About("What happened.", ("ban",), most=20)] = ()
    jail: Annotated[tuple[Annotated[str, JAIL], ...], About("Names of jails.", ("sshd",), most=_MOST)] = ()
    within: Annotated[Address | None, WITHIN] = None
    id: Annotated[str | None, About("Exactly this id, address or not.", None)] = None
    prefix: Annotated[str | None, About("The beginning of the id, as text.", None)] = None
    country: Annotated[tuple[Annotated[str, COUNTRY], ...], About("Codes of countries.", ("DE",), most=_MOST)] = ()
    network: Annotated[tuple[Annotated[int, NETWORK], ...], About("Autonomous systems.", (64_500,), most=_MOST)] = ()
    origin: Annotated[tuple[Origin, ...], About("Who wanted the ban.", ("filter",), most=10)] = ()
    words: Annotated[
        str | None,
        About(
            "Words that the matched lines of a ban all contain; the last one only begun where `*` follows it.",
            None,
            longest=300,
            reads=parse_words,
        ),
    ] = None

    @property
    def filter(self) -> Filter:
        """The filter of the history."""
        check_period(self.since, self.until)
        return Filter(
            milliseconds(self.since),
            milliseconds(self.until),
            (),
            self.jail,
            self.kind,
            self.origin,
            self.within,
            self.id or None,
            self.prefix or None,
            self.country,
            self.network,
            self.words,
        )


def check_period(since: datetime | None, until: datetime | None) -> None:
    """Raise `WrongRequest` where a time ends before it begins."""
    if since is not None and until is not None and until <= since:
        raise WrongRequest(
            [Mistake("query", "until", "this is not after the beginning", "`until` comes after `since`")]
        )
