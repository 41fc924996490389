"""API tokens in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Row, delete, func, insert, select, update

from bangui.adapters.sql.accounts_audit import add_entry
from bangui.adapters.sql.accounts_schema import api_tokens, users
from bangui.adapters.sql.accounts_users import find_user, user_of
from bangui.adapters.sql.engine import reading, writing
from bangui.domain.access_errors import TooMany
from bangui.domain.access_ports import NewToken
from bangui.domain.accounts import ApiToken, Scope, User
from bangui.domain.audit import AuditEntry
from bangui.domain.phrases import phrase

_SCOPES = {scope.value: scope for scope in Scope}
# A month: long enough to find out why a program is not let in any more.
_SHOWN_AFTER_THE_END = 30 * 86_400_000


class SqlTokens:
    """API tokens; see `bangui.domain.access_ports.TokenStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, new: NewToken, most: int, entry: AuditEntry) -> None:
        """Make a token; raise `UnknownUser`, or `TooMany` where the account has so many that are good."""
        token = new.token
        are_good = (api_tokens.c.user == token.user_id, api_tokens.c.ends > token.created)
        are_long_over = (api_tokens.c.user == token.user_id, api_tokens.c.ends < token.created - _SHOWN_AFTER_THE_END)
        with writing(self._engine) as connection:
            find_user(connection, token.user_id, token.user_name)
            connection.execute(delete(api_tokens).where(*are_long_over))
            count = connection.execute(select(func.count()).select_from(api_tokens).where(*are_good)).scalar_one()
            if count >= most:
                raise TooMany(
                    phrase("there are {count} tokens of this user", count=count),
                    phrase("remove one that is not needed any more"),
                )
            connection.execute(
                insert(api_tokens).values(
                    id=token.id,
                    user=token.user_id,
                    digest=new.digest,
                    name=token.name,
                    shown=token.shown,
                    scopes=" ".join(sorted(scope.value for scope in token.scopes)),
                    created=token.created,
                    ends=token.ends,
                )
            )
            add_entry(connection, entry)

    def find(self, digest: bytes) -> tuple[ApiToken, User] | None:
        """Return a token and whose it is, also one that is over."""
        with reading(self._engine) as connection:
            found = connection.execute(select(api_tokens).where(api_tokens.c.digest == digest)).one_or_none()
            if found is None:
                return None
            owner = connection.execute(select(users).where(users.c.id == found.user)).one_or_none()
        return None if owner is None else (_token(found, owner.name), user_of(owner))

    def touch(self, token_id: str, now: int, address: str | None) -> None:
        """Take note that a token is used."""
        change = update(api_tokens).where(api_tokens.c.id == token_id)
        with writing(self._engine) as connection:
            connection.execute(change.values(used=now, used_from=address))

    def all(self, user_id: str | None = None) -> Sequence[ApiToken]:
        """Return the tokens of an account, or of all, the newest first."""
        owners = select(api_tokens, users.c.name.label("owner")).join(users, users.c.id == api_tokens.c.user)
        query = owners.order_by(api_tokens.c.created.desc(), api_tokens.c.id)
        if user_id is not None:
            query = query.where(api_tokens.c.user == user_id)
        with reading(self._engine) as connection:
            return [_token(row, row.owner) for row in connection.execute(query)]

    def remove(self, token_id: str, user_id: str | None, entry: AuditEntry) -> bool:
        """Remove a token, of this account if one is named; False where there is none."""
        removal = delete(api_tokens).where(api_tokens.c.id == token_id)
        if user_id is not None:
            removal = removal.where(api_tokens.c.user == user_id)
        with writing(self._engine) as connection:
            if connection.execute(removal).rowcount == 0:
                return False
            add_entry(connection, entry)
            return True


def _token(row: Row[Any], user_name: str) -> ApiToken:
    # A scope of a newer BanGUI is one that this one cannot give.
    scopes = frozenset(_SCOPES[word] for word in row.scopes.split() if word in _SCOPES)
    return ApiToken(
        id=row.id,
        user_id=row.user,
        user_name=user_name,
        name=row.name,
        shown=row.shown,
        scopes=scopes,
        created=row.created,
        ends=row.ends,
        used=row.used,
        used_from=row.used_from,
    )
