"""The first schema: what `schema.py` was when this was written. A change is a new step, never a change here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_Id = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    _create_names()
    _create_ids()
    _create_events()
    _create_what_belongs_to_events()
    _create_what_belongs_to_jails()
    _create_counts()
    _create_words()


def _number(name: str = "number") -> sa.Column[int]:
    return sa.Column(name, _Number, primary_key=True, autoincrement=False)


def _create_names() -> None:
    op.create_table(
        "counters",
        sa.Column("name", _Id, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    for table in ("hosts", "jails"):
        op.create_table(table, _number(), sa.Column("name", _Id, nullable=False, unique=True))


def _create_ids() -> None:
    op.create_table(
        "ids",
        _number(),
        sa.Column("text", _Id, nullable=False, unique=True),
        sa.Column("key", sa.LargeBinary),
        sa.Column("prefix", sa.SmallInteger),
        sa.Column("country", sa.String(2)),
        sa.Column("network", sa.BigInteger),
        sa.Column("bans", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("moved", sa.SmallInteger, nullable=False),
    )
    op.create_index("ids_key", "ids", ["key", "text"])
    op.create_index("ids_bans", "ids", ["bans", "text"])
    op.create_index("ids_failures", "ids", ["failures", "text"])
    op.create_index("ids_country", "ids", ["country", "network"])
    op.create_index("ids_network", "ids", ["network"])
    condition = sa.text("moved = 1")
    op.create_index("ids_moved", "ids", ["number"], sqlite_where=condition, postgresql_where=condition)


def _create_events() -> None:
    op.create_table(
        "events",
        _number(),
        sa.Column("host", sa.Integer, nullable=False),
        sa.Column("jail", sa.Integer, nullable=False),
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("origin", sa.SmallInteger, nullable=False),
        sa.Column("sources", sa.SmallInteger, nullable=False),
        sa.Column("logged", sa.BigInteger),
        sa.Column("duration", sa.BigInteger),
        sa.Column("count", sa.Integer),
        sa.Column("failures", sa.Integer),
        sa.Column("country", sa.String(2)),
        sa.Column("network", sa.BigInteger),
        sa.Column("lines", sa.BigInteger),
        sa.Column("note", sa.Integer),
        sa.Column("told_origin", sa.SmallInteger),
    )
    identity = ["id", "time", "kind", "jail", "host", "ordinal"]
    op.create_index("events_identity", "events", identity, unique=True)
    op.create_index("events_time", "events", ["time"])
    op.create_index("events_jail", "events", ["jail", "kind", "time", "id"])
    op.create_index("events_country", "events", ["country", "jail", "kind", "time"])
    op.create_index("events_network", "events", ["network", "time", "kind", "jail"])
    condition = sa.text("origin <> 1")
    op.create_index("events_origin", "events", ["origin", "time"], sqlite_where=condition, postgresql_where=condition)
    condition = sa.text("kind = 1")
    op.create_index("events_bans", "events", ["id", "jail", "time"], sqlite_where=condition, postgresql_where=condition)


def _create_what_belongs_to_events() -> None:
    op.create_table(
        "lines",
        _number(),
        sa.Column("event", _Number, nullable=False),
        sa.Column("count", sa.SmallInteger, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    op.create_index("lines_event", "lines", ["event"])
    op.create_table(
        "notes",
        _number(),
        sa.Column("host", sa.Integer, nullable=False),
        sa.Column("jail", sa.Integer, nullable=False),
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("origin", sa.SmallInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.UniqueConstraint("id", "jail", "host", "time", name="notes_identity"),
    )


def _create_what_belongs_to_jails() -> None:
    op.create_table(
        "settings",
        sa.Column("host", sa.Integer, primary_key=True),
        sa.Column("jail", sa.Integer, primary_key=True),
        sa.Column("since", sa.BigInteger, primary_key=True),
        sa.Column("packed", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cursors",
        sa.Column("host", sa.Integer, primary_key=True),
        sa.Column("source", _Id, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _create_counts() -> None:
    op.create_table(
        "rollups",
        sa.Column("by", sa.SmallInteger, primary_key=True),
        sa.Column("grain", sa.SmallInteger, primary_key=True),
        sa.Column("start", sa.Integer, primary_key=True),
        sa.Column("key", sa.BigInteger, primary_key=True),
        sa.Column("jail", sa.Integer, primary_key=True),
        sa.Column("host", sa.Integer, primary_key=True),
        sa.Column("bans", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    for name in ("bans", "failures"):
        condition = sa.text(f"{name} > 0")
        op.create_index(
            f"rollups_{name}",
            "rollups",
            ["by", "grain", "start", "jail", name],
            sqlite_where=condition,
            postgresql_where=condition,
        )
    op.create_table(
        "kind_counts",
        sa.Column("kind", sa.SmallInteger, primary_key=True),
        sa.Column("grain", sa.SmallInteger, primary_key=True),
        sa.Column("start", sa.Integer, primary_key=True),
        sa.Column("jail", sa.Integer, primary_key=True),
        sa.Column("host", sa.Integer, primary_key=True),
        sa.Column("events", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "folds",
        sa.Column("grain", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("until", sa.Integer, nullable=False),
    )


def _create_words() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE line_words USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
        return
    op.create_table("line_words", _number(), sa.Column("words", TSVECTOR, nullable=False))
    op.create_index("line_words_words", "line_words", ["words"], postgresql_using="gin")
