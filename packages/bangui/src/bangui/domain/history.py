"""What happened on a host, kept for good: observations come in, events come out.

An observation is what one source saw of something that happened. The same thing may be seen by several sources, and by
each of them again and again; the history keeps one event for it. What makes it the same is the daemon's own identity:

    a ban        host, jail, id and its true time: that of the failure that led to it, which fail2ban keeps in whole
                 seconds in its database (`bangui.domain.reconcile` pairs that with the later time in the log)
    all others   host, jail, id, kind, time and ordinal, which counts the same thing within the same moment

Times are Unix times in milliseconds, in UTC: there are many millions of them. Durations are whole seconds, as the
daemon counts them, `PERMANENT` for a ban without an end; None where no source has told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntFlag

PERMANENT = -1
"""The duration of a ban without an end, as fail2ban writes it."""


class EventKind(Enum):
    """What happened."""

    FAILURE = "failure"
    """A jail's filter matched a log entry (`Found`), or somebody reported an attempt."""
    BAN = "ban"
    """An id was newly banned."""
    UNBAN = "unban"
    """A ban ended: its time was over, or somebody lifted it."""
    RESTORE = "restore"
    """A ban from before was put back in force when the daemon or the jail started; no new ban."""
    REPEAL = "repeal"
    """A ban was suspended because its jail or the daemon stopped; it will be restored."""
    PROLONG = "prolong"
    """The ban of a repeated offender was made longer (`Increase Ban`)."""
    REBAN = "reban"
    """The action of a ban in force was run again."""
    IGNORED = "ignored"
    """A failure of somebody who is on an allow list."""
    ALREADY_BANNED = "already banned"
    """A jail wanted to ban who is banned already: traffic gets through the ban."""


class Origin(Enum):
    """Who wanted a ban."""

    FILTER = "filter"
    """The jail itself, after failures."""
    HAND = "hand"
    """Somebody, with BanGUI, fail2ban-client or another program."""
    IMPORT = "import"
    """A list that somebody had BanGUI import."""
    BANGUI = "bangui"
    """BanGUI itself, following a rule that somebody set."""


class Source(IntFlag):
    """Who saw it; an event that several sources saw has several flags."""

    DATABASE = 1
    """fail2ban's own database."""
    LOG = 2
    """fail2ban's own log, in a file or in the journal."""
    SOCKET = 4
    """The lists that the daemon itself sends."""
    BACKUP = 8
    """Another history of ours."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one source saw of one thing that happened.

    `id` is an address, a network or any text that a filter captured: an attacker may have chosen it, and `lines` (the
    log lines that led to a ban) as well. `time` is when it happened, as well as the source can tell; `logged` when the
    daemon logged it. `count` is the how manieth ban of this id it is, `failures` how many led to it. `ordinal` counts
    observations that are alike in all else.
    """

    host: str
    jail: str
    id: str
    kind: EventKind
    time: int
    source: Source
    logged: int | None = None
    ordinal: int = 0
    origin: Origin = Origin.FILTER
    duration: int | None = None
    count: int | None = None
    failures: int | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as the history keeps it.

    `number` names the event within its store. `country` (ISO 3166-1 alpha-2) and `network` (autonomous system number)
    are those of the id when it was recorded, None where unknown or where the id is no public address. `line_count` is
    how many matched lines are kept, `author` and `reason` are set where somebody asked for the ban through BanGUI.
    """

    number: int
    host: str
    jail: str
    id: str
    kind: EventKind
    time: int
    logged: int | None
    ordinal: int
    origin: Origin
    sources: Source
    duration: int | None
    count: int | None
    failures: int | None
    country: str | None
    network: int | None
    line_count: int = 0
    author: str | None = None
    reason: str | None = None

    @property
    def ends(self) -> int | None:
        """When the ban ends by itself; None where it never does or where its duration is unknown."""
        if self.duration is None or self.duration < 0:
            return None
        return self.time + self.duration * 1000


@dataclass(frozen=True, slots=True)
class BanNote:
    """Who asked for a ban and why; belongs to the first ban of this id in this jail at or after `time` (less a second).

    A note waits for its ban for a minute; after that the ban is taken to have failed and the note is kept unused.
    """

    host: str
    jail: str
    id: str
    time: int
    origin: Origin
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class JailSettings:
    """The settings of a jail from a moment on, as text by their names (`maxretry`, `findtime`, `bantime`, ...)."""

    host: str
    jail: str
    since: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is recorded together or not at all.

    `cursors` are by the name of their source: how far it has been read, in words of its own. A batch that was recorded
    is never read again, one that was not is read again whole.
    """

    host: str
    observations: Sequence[Observation] = ()
    cursors: Mapping[str, str] = field(default_factory=dict)
    settings: Sequence[JailSettings] = ()
    notes: Sequence[BanNote] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch has changed: events that are new, and bans of which more is known than before."""

    new: tuple[Event, ...] = ()
    changed: tuple[Event, ...] = ()
