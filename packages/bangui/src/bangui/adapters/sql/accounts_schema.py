"""The tables of accounts, beside those of the history and in the same database.

Rows are small and few, so they are written plainly: ids are random texts, times Unix milliseconds, and what belongs to
an account names it (`user`) and goes with it. Secrets are here as digests and hashes. What one-time codes are made of
is the exception, because codes are made of it anew each time: whoever can read the database can make codes, and still
lacks the passwords.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, Integer, LargeBinary, SmallInteger, Table, Text

from bangui.adapters.sql.schema import metadata

__all__ = [
    "api_tokens",
    "audit",
    "devices",
    "login_attempts",
    "login_steps",
    "metadata",
    "recovery_codes",
    "sessions",
    "setup_links",
    "users",
]

_Number = BigInteger().with_variant(Integer, "sqlite")
# Compared byte by byte, whatever the language of the database server.
_Id = Text(collation="C").with_variant(Text(), "sqlite")

# `code_secret` is what codes are made of, `pending_secret` what they will be made of once one of them was entered,
# `used_code` the time step of the last one that was accepted.
users = Table(
    "users",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", _Id, nullable=False, unique=True),
    Column("role", SmallInteger, nullable=False),
    Column("disabled", SmallInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("password_hash", Text),
    Column("password_changed", BigInteger),
    Column("last_login", BigInteger),
    Column("code_secret", Text),
    Column("pending_secret", Text),
    Column("used_code", BigInteger),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("user", _Id, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("created", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("address", Text),
    Column("agent", Text, nullable=False),
    Index("sessions_user", "user", "seen"),
)

# Browsers in which an account was logged in before.
devices = Table(
    "devices",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("user", _Id, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("used", BigInteger, nullable=False),
    Index("devices_user", "user", "used"),
)

# `scopes` are names with blanks between them, `shown` is how the token begins.
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("user", _Id, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("used", BigInteger),
    Column("used_from", Text),
    Index("api_tokens_user", "user", "created"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user", _Id, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    sqlite_with_rowid=False,
)

# Passwords that were right and wait for a code.
login_steps = Table(
    "login_steps",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("user", _Id, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Index("login_steps_user", "user", "ends"),
    sqlite_with_rowid=False,
)

# `kind` is a `ThrottleKind`; see `bangui.domain.throttle`.
login_attempts = Table(
    "login_attempts",
    metadata,
    Column("kind", SmallInteger, primary_key=True),
    Column("key", _Id, primary_key=True),
    Column("level", Double, nullable=False),
    Column("last", BigInteger, nullable=False),
    Index("login_attempts_last", "last"),
    sqlite_with_rowid=False,
)

# One row at most.
setup_links = Table(
    "setup_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("ends", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

audit = Table(
    "audit",
    metadata,
    Column("number", _Number, primary_key=True),
    Column("time", BigInteger, nullable=False),
    Column("actor", _Id, nullable=False),
    Column("via", Text, nullable=False),
    Column("address", Text),
    Column("action", _Id, nullable=False),
    Column("target", _Id, nullable=False),
    Column("result", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("host", _Id, nullable=False),
    Index("audit_time", "time"),
    Index("audit_actor", "actor", "number"),
    Index("audit_action", "action", "number"),
    Index("audit_target", "target", "number"),
)
