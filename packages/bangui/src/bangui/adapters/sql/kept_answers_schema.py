"""The table of kept answers, beside those of the history and in the same database.

`status` and `body` are null while a request is worked on; `body` also where the answer was a secret.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, SmallInteger, Table, Text

from bangui.adapters.sql.schema import metadata

__all__ = ["kept_answers", "metadata"]

kept_answers = Table(
    "kept_answers",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("begun", BigInteger, nullable=False),
    Column("status", SmallInteger),
    Column("body", Text),
    Index("kept_answers_begun", "begun"),
)
