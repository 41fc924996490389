"""The tables of the history, the same on SQLite and PostgreSQL.

An event is a row of small integers: names, ids and matched lines have tables of their own. An index that answers a
question holds the columns that the question filters by, then `time`, so that every list is a range of an index.

Rows are numbered by the writer, who takes the numbers from `counters`: a number is never used for a second row, even
when the first is gone. Numbers of other tables' rows are not declared as foreign keys, whose checks would cost more
than the rest of the writing: there is one writer (`engine.writing`), and it never leaves a number without a row.

`rollups` and `kind_counts` hold counts that are kept up to date in the same transaction as the events, so they are
always true. A grain is a length of time: hours, days, 8 days and 64 days nest in each other, so that any range is a few
dozen of them and two edges of less than an hour (or a day), which are counted from the events themselves. Hours and
days are always there. Weeks and seasons are put together afterwards, when their days (weeks) are past: `folds` tells
how far that has come.

`line_words` is the index of the words in matched lines. It is declared apart (`words_metadata`): a table of SQLite's
full-text search and one of PostgreSQL's have nothing in common but their name and what is in them.
"""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from bangui.domain.history import EventKind, Origin

metadata, words_metadata = MetaData(), MetaData()

# What SQLite has no second tree for is the key that is declared INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")
# Ids are compared byte by byte, whatever the language of the database server.
_Id = Text(collation="C").with_variant(Text(), "sqlite")

KIND_CODES = {
    EventKind.BAN: 1,
    EventKind.FAILURE: 2,
    EventKind.UNBAN: 3,
    EventKind.RESTORE: 4,
    EventKind.REPEAL: 5,
    EventKind.PROLONG: 6,
    EventKind.REBAN: 7,
    EventKind.IGNORED: 8,
    EventKind.ALREADY_BANNED: 9,
}
ORIGIN_CODES = {Origin.FILTER: 1, Origin.HAND: 2, Origin.IMPORT: 3, Origin.BANGUI: 4}


class Grain(IntEnum):
    """The lengths of time that rollups count, in hours."""

    HOUR = 1
    DAY = 24
    WEEK = 192
    """8 days: 8 of each fit into the next, which days and calendar weeks do not."""
    SEASON = 1536
    """64 days."""


GRAINS_OF_KINDS = (Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.SEASON)
FOLD = 8
"""How many grains make one of the next larger grain, from days on."""


class RollupKey(IntEnum):
    """What the `key` of a rollup is."""

    JAIL = 0
    """Nothing more than the jail, and the key is 0."""
    COUNTRY = 1
    """Both letters, as `256 * ord(first) + ord(second)`; 0 where unknown."""
    NETWORK = 2
    """The number of the autonomous system; 0 where unknown."""
    SUBNET = 3
    """The first 24 bits of an IPv4 address, or bit 48 set and the first 48 bits of an IPv6 address.

    Ids that are no address, and networks larger than that, are in none.
    """
    ID = 4
    """The number of the id's row in `ids`."""


GRAINS = {
    by: (Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.SEASON)
    if by is RollupKey.JAIL
    else (Grain.DAY, Grain.WEEK, Grain.SEASON)
    for by in RollupKey
}
"""The grains of the rollups by each key: an hour holds so few events that counts by all else would save nothing."""


# By the name of a table, what its next row will be numbered; and `line bytes`, how many the matched lines take.
counters = Table(
    "counters",
    metadata,
    Column("name", _Id, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

hosts = Table(
    "hosts",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("name", _Id, nullable=False, unique=True),
)

jails = Table(
    "jails",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("name", _Id, nullable=False, unique=True),
)

# One row for each id that there are events (or notes) of. `key` sorts addresses: b"4" and 4 bytes, or b"6" and 16
# bytes, of the first address of a network; null for ids that are none. `prefix` is the length of the network. The
# counters are over all hosts and jails, `events` are those of every kind; `country` and `network` are those of when
# the id was seen last, and `moved` is 1 where they have ever been others: what an id's row says holds for all of its
# events unless it has moved. An id that was only noted so far has no events, and the time of the note as `first` and
# `last`.
ids = Table(
    "ids",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("text", _Id, nullable=False, unique=True),
    Column("key", LargeBinary),
    Column("prefix", SmallInteger),
    Column("country", String(2)),
    Column("network", BigInteger),
    Column("bans", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("moved", SmallInteger, nullable=False),
    # Ids that are no address come in the order of their texts.
    Index("ids_key", "key", "text"),
    Index("ids_bans", "bans", "text"),
    Index("ids_failures", "failures", "text"),
    Index("ids_country", "country", "network"),
    Index("ids_network", "network"),
    Index("ids_moved", "number", sqlite_where=text("moved = 1"), postgresql_where=text("moved = 1")),
)

# `time` and `logged` are milliseconds, `logged` as the difference to `time`. `lines` names the matched lines. Where a
# note gives a ban another origin than sources told, `told_origin` keeps what they told.
events = Table(
    "events",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("host", Integer, nullable=False),
    Column("jail", Integer, nullable=False),
    Column("id", Integer, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("origin", SmallInteger, nullable=False),
    Column("sources", SmallInteger, nullable=False),
    Column("logged", BigInteger),
    Column("duration", BigInteger),
    Column("count", Integer),
    Column("failures", Integer),
    Column("country", String(2)),
    Column("network", BigInteger),
    Column("lines", BigInteger),
    Column("note", Integer),
    Column("told_origin", SmallInteger),
    Index("events_identity", "id", "time", "kind", "jail", "host", "ordinal", unique=True),
    Index("events_time", "time"),
    # Any choice of jails and kinds is a few ranges of these, each in the order of time. With the id, the first of them
    # covers the counting of the edges of a range.
    Index("events_jail", "jail", "kind", "time", "id"),
    Index("events_country", "country", "jail", "kind", "time"),
    # There are so many networks that writing into as many places of an index for each would cost more than it saves.
    Index("events_network", "network", "time", "kind", "jail"),
    # Whatever has another origin than a filter; a query by that must say `origin <> 1` in so many words.
    Index("events_origin", "origin", "time", sqlite_where=text("origin <> 1"), postgresql_where=text("origin <> 1")),
    # Finds the bans of an id among its many failures.
    Index("events_bans", "id", "jail", "time", sqlite_where=text("kind = 1"), postgresql_where=text("kind = 1")),
)

# The matched lines of a ban, compressed. The number begins with the time of the ban, so that newest first is an order
# of the index of words as well: the number of milliseconds, and 21 bits of the number of the event.
lines = Table(
    "lines",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("event", _Number, nullable=False),
    Column("count", SmallInteger, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index("lines_event", "event"),
)

notes = Table(
    "notes",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("host", Integer, nullable=False),
    Column("jail", Integer, nullable=False),
    Column("id", Integer, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("origin", SmallInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("id", "jail", "host", "time", name="notes_identity"),
)

settings = Table(
    "settings",
    metadata,
    Column("host", Integer, primary_key=True),
    Column("jail", Integer, primary_key=True),
    Column("since", BigInteger, primary_key=True),
    Column("packed", Text, nullable=False),
    sqlite_with_rowid=False,
)

cursors = Table(
    "cursors",
    metadata,
    Column("host", Integer, primary_key=True),
    Column("source", _Id, primary_key=True),
    Column("state", Text, nullable=False),
    sqlite_with_rowid=False,
)

_RANKED = ("by", "grain", "start", "jail")
_BANS, _FAILURES = text("bans > 0"), text("failures > 0")

# `start` counts grains since the epoch. Only bans and failures are counted. For one grain and start the rows of a key
# are a range, and those with the most bans (failures) in a jail are a range of an index: a query by that must say
# `bans > 0` in so many words, SQLite does not take a parameter for it.
rollups = Table(
    "rollups",
    metadata,
    Column("by", SmallInteger, primary_key=True),
    Column("grain", SmallInteger, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("key", BigInteger, primary_key=True),
    Column("jail", Integer, primary_key=True),
    Column("host", Integer, primary_key=True),
    Column("bans", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Index("rollups_bans", *_RANKED, "bans", sqlite_where=_BANS, postgresql_where=_BANS),
    Index("rollups_failures", *_RANKED, "failures", sqlite_where=_FAILURES, postgresql_where=_FAILURES),
    sqlite_with_rowid=False,
)

# Events of every kind, in grains of every length.
kind_counts = Table(
    "kind_counts",
    metadata,
    Column("kind", SmallInteger, primary_key=True),
    Column("grain", SmallInteger, primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("jail", Integer, primary_key=True),
    Column("host", Integer, primary_key=True),
    Column("events", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# How far weeks and seasons are put together: `until` is the first day that is in no week yet, or the first week that is
# in no season yet, as `start` counts them. A week (season) is complete when all of its `FOLD` days (weeks) are in it;
# use its rows only then, and those of its days (weeks) otherwise. Without a row nothing is complete.
folds = Table(
    "folds",
    metadata,
    Column("grain", SmallInteger, primary_key=True, autoincrement=False),
    Column("until", Integer, nullable=False),
)

HISTORY_TABLES = (counters, hosts, jails, ids, events, lines, notes, settings, cursors, rollups, kind_counts, folds)
"""All tables of the history but the index of words; others may be in the same database."""

# The words (`words.words_of`) of `lines`, by the number that they have there. On SQLite `number` is called `rowid`, and
# rows are only found, never read.
line_words = Table(
    "line_words",
    words_metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("words", TSVECTOR, nullable=False),
    Index("line_words_words", "words", postgresql_using="gin"),
)
LINE_WORDS_ON_SQLITE = (
    "CREATE VIRTUAL TABLE line_words USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
)
