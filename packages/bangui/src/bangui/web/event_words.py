"""Events in words, as the pages show them. The words are fail2ban's own; what they mean is said on hover."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bangui.domain.durations import duration_in_words
from bangui.domain.history import Event, EventKind, Origin

KIND_MEANINGS: Mapping[EventKind, str] = MappingProxyType(
    {
        EventKind.FAILURE: "a jail’s filter matched a line of a log",
        EventKind.BAN: "newly banned",
        EventKind.UNBAN: "a ban ended: its time was over, or somebody lifted it",
        EventKind.RESTORE: "a ban from before was put back in force when fail2ban or its jail started",
        EventKind.REPEAL: "a ban was suspended because its jail or fail2ban stopped",
        EventKind.PROLONG: "the ban of a repeated offender was made longer",
        EventKind.REBAN: "the action of a ban in force was run again",
        EventKind.IGNORED: "a failure of somebody who is on an allow list",
        EventKind.ALREADY_BANNED: "a jail wanted to ban who was banned already: traffic gets through the ban",
    }
)
ORIGIN_NAMES: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.FILTER: "the jail’s filter",
        Origin.HAND: "somebody, by hand",
        Origin.IMPORT: "an imported list",
        Origin.BANGUI: "BanGUI, by a rule",
    }
)

_ASKERS: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.FILTER: "",
        Origin.HAND: "by hand",
        Origin.IMPORT: "from an imported list",
        Origin.BANGUI: "by BanGUI, following a rule",
    }
)


def kind_meaning(kind: EventKind) -> str:
    """Return what a kind of event means."""
    return KIND_MEANINGS[kind]


def duration_words(seconds: int) -> str:
    """Return how long a ban lasts: `1h 30m`, `permanent`."""
    return "permanent" if seconds < 0 else duration_in_words(seconds)


def asker(event: Event) -> str:
    """Return who wanted a ban, where it was not the jail itself: `by alice` (a hostile name), `by hand`."""
    return asker_of(event.origin, event.author)


def asker_of(origin: Origin, author: str | None) -> str:
    """Return who wanted a ban of this origin."""
    return f"by {author}" if author else _ASKERS[origin]


def ordinal(number: int) -> str:
    """Return a place in a row: `2nd`, `1,011th`."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"
