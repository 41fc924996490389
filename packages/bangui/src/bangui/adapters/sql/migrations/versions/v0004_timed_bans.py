"""Timed bans: what `timed_bans_schema.py` was when this was written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_Id = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables of timed bans."""
    op.create_table(
        "timed_bans",
        sa.Column("host", _Id, primary_key=True),
        sa.Column("jail", _Id, primary_key=True),
        sa.Column("id", _Id, primary_key=True),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("look_at", sa.BigInteger, nullable=False),
        sa.Column("start", sa.BigInteger),
        sa.Column("lets_go", sa.BigInteger),
        sa.Column("is_expected", sa.SmallInteger, nullable=False),
        sa.Column("missed", sa.BigInteger),
        sa.Column("daemon", sa.Text, nullable=False),
        sa.Column("counted", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("timed_bans_look", "timed_bans", ["host", "look_at"])
    op.create_table(
        "watched_hosts",
        sa.Column("host", _Id, primary_key=True),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
