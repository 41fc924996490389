"""Accounts: what `accounts_schema.py` was when this was written. A change is a new step, never a change here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_Id = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables of accounts."""
    _create_users()
    _create_what_is_brought()
    _create_codes()
    _create_logins()
    _create_audit()


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", _Id, primary_key=True),
        sa.Column("name", _Id, nullable=False, unique=True),
        sa.Column("role", sa.SmallInteger, nullable=False),
        sa.Column("disabled", sa.SmallInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("password_changed", sa.BigInteger),
        sa.Column("last_login", sa.BigInteger),
        sa.Column("code_secret", sa.Text),
        sa.Column("pending_secret", sa.Text),
        sa.Column("used_code", sa.BigInteger),
    )


def _create_what_is_brought() -> None:
    """What a request shows: a session, a device or a token."""
    op.create_table(
        "sessions",
        sa.Column("id", _Id, primary_key=True),
        sa.Column("user", _Id, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("agent", sa.Text, nullable=False),
    )
    op.create_index("sessions_user", "sessions", ["user", "seen"])
    op.create_table(
        "devices",
        sa.Column("id", _Id, primary_key=True),
        sa.Column("user", _Id, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("used", sa.BigInteger, nullable=False),
    )
    op.create_index("devices_user", "devices", ["user", "used"])
    op.create_table(
        "api_tokens",
        sa.Column("id", _Id, primary_key=True),
        sa.Column("user", _Id, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger),
        sa.Column("used_from", sa.Text),
    )
    op.create_index("api_tokens_user", "api_tokens", ["user", "created"])


def _create_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("user", _Id, primary_key=True),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "login_steps",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("user", _Id, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("login_steps_user", "login_steps", ["user", "ends"])


def _create_logins() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("kind", sa.SmallInteger, primary_key=True),
        sa.Column("key", _Id, primary_key=True),
        sa.Column("level", sa.Double, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("login_attempts_last", "login_attempts", ["last"])
    op.create_table(
        "setup_links",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", _Number, primary_key=True),
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("actor", _Id, nullable=False),
        sa.Column("via", sa.Text, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("action", _Id, nullable=False),
        sa.Column("target", _Id, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("host", _Id, nullable=False),
    )
    op.create_index("audit_time", "audit", ["time"])
    for name in ("actor", "action", "target"):
        op.create_index(f"audit_{name}", "audit", [name, "number"])
