"""Events in words, as the pages show them. What a word of fail2ban means is said on hover."""

from __future__ import annotations

from collections.abc import Mapping

from bangui.domain.durations import duration_in_words
from bangui.domain.history import Event, EventKind, Origin
from bangui.web.language import LazyTable, lazy, lazy_in
from bangui.web.language import gettext as _
from bangui.web.words import count

KIND_NAMES: Mapping[EventKind, str] = LazyTable(
    {
        EventKind.FAILURE: lazy_in("event", "failure"),
        EventKind.BAN: lazy_in("event", "ban"),
        EventKind.UNBAN: lazy_in("event", "unban"),
        EventKind.RESTORE: lazy_in("event", "restore"),
        EventKind.REPEAL: lazy_in("event", "repeal"),
        EventKind.PROLONG: lazy_in("event", "prolong"),
        EventKind.REBAN: lazy_in("event", "reban"),
        EventKind.IGNORED: lazy_in("event", "ignored"),
        EventKind.ALREADY_BANNED: lazy_in("event", "already banned"),
    }
)
KIND_MEANINGS: Mapping[EventKind, str] = LazyTable(
    {
        EventKind.FAILURE: lazy("a jail’s filter matched a line of a log"),
        EventKind.BAN: lazy("newly banned"),
        EventKind.UNBAN: lazy("a ban ended: its time was over, or somebody lifted it"),
        EventKind.RESTORE: lazy("a ban from before was put back in force when fail2ban or its jail started"),
        EventKind.REPEAL: lazy("a ban was suspended because its jail or fail2ban stopped"),
        EventKind.PROLONG: lazy("the ban of a repeated offender was made longer"),
        EventKind.REBAN: lazy("the action of a ban in force was run again"),
        EventKind.IGNORED: lazy("a failure of somebody who is on an allow list"),
        EventKind.ALREADY_BANNED: lazy("a jail wanted to ban who was banned already: traffic gets through the ban"),
    }
)
ORIGIN_NAMES: Mapping[Origin, str] = LazyTable(
    {
        Origin.FILTER: lazy("the jail’s filter"),
        Origin.HAND: lazy("somebody, by hand"),
        Origin.IMPORT: lazy("an imported list"),
        Origin.BANGUI: lazy("BanGUI, by a rule"),
    }
)

_ASKERS: Mapping[Origin, str] = LazyTable(
    {
        Origin.HAND: lazy("by hand"),
        Origin.IMPORT: lazy("from an imported list"),
        Origin.BANGUI: lazy("by BanGUI, following a rule"),
    }
)


def kind_name(kind: EventKind) -> str:
    """Return what a kind of event is called."""
    return KIND_NAMES[kind]


def kind_meaning(kind: EventKind) -> str:
    """Return what a kind of event means."""
    return KIND_MEANINGS[kind]


def duration_words(seconds: int) -> str:
    """Return how long a ban lasts: `1h 30m`, `permanent`."""
    return _("permanent") if seconds < 0 else duration_in_words(seconds)


def asker(event: Event) -> str:
    """Return who wanted a ban, where it was not the jail itself: `by alice` (a hostile name), `by hand`."""
    return asker_of(event.origin, event.author)


def asker_of(origin: Origin, author: str | None) -> str:
    """Return who wanted a ban of this origin."""
    return _("by %(name)s") % {"name": author} if author else _ASKERS.get(origin, "")


def ordinal(number: int) -> str:
    """Return a place in a row: `2nd`, `1,011th`; in languages that write it so, `2.`."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return _("%(number)s%(ending)s") % {"number": count(number), "ending": ending}
