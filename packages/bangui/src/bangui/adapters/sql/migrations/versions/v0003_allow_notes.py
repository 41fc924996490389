"""Notes about entries of allow lists: what `allow_notes_schema.py` was when this was written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_Id = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table of notes."""
    op.create_table(
        "allow_notes",
        sa.Column("host", _Id, primary_key=True),
        sa.Column("jail", _Id, primary_key=True),
        sa.Column("entry", _Id, primary_key=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger),
        sa.Column("found_in", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
