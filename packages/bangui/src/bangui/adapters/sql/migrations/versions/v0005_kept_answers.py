"""Kept answers: what `kept_answers_schema.py` was when this was written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of answers."""
    op.create_table(
        "kept_answers",
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("begun", sa.BigInteger, nullable=False),
        sa.Column("status", sa.SmallInteger),
        sa.Column("body", sa.Text),
    )
    op.create_index("kept_answers_begun", "kept_answers", ["begun"])
