"""Build what the settings show: pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bangui.domain.accounts import ApiToken, Principal, Scope, Session, User
from bangui.web.language import LazyText, lazy
from bangui.web.settings_contexts import ScopeChoice, SessionRow, TokenRow, UserRow

SCOPE_MEANINGS: Mapping[Scope, LazyText] = {
    Scope.READ: lazy("See everything"),
    Scope.BAN: lazy("Ban and unban"),
    Scope.CONFIGURE: lazy("Change jails, allow lists and what is kept; read log files"),
    Scope.ADMINISTER: lazy("Manage accounts, sessions and tokens; read the audit trail"),
}


def instant(milliseconds: int) -> datetime:
    """Return a moment of the accounts, whose times are near the present."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def session_rows(sessions: Sequence[Session], principal: Principal) -> tuple[SessionRow, ...]:
    """Return the sessions of somebody, with the one that they are in marked."""
    own = principal.session.id if principal.session else None
    return tuple(
        SessionRow(
            session.id,
            instant(session.created),
            instant(session.seen),
            instant(session.ends),
            session.address,
            session.agent,
            session.id == own,
        )
        for session in sessions
    )


def token_rows(tokens: Iterable[ApiToken], now: datetime) -> tuple[TokenRow, ...]:
    """Return tokens as they are listed."""
    return tuple(
        TokenRow(
            token,
            ", ".join(scope.value for scope in Scope if scope in token.scopes),
            instant(token.ends),
            instant(token.used) if token.used else None,
            instant(token.ends) <= now,
        )
        for token in tokens
    )


def scope_choices(user: User, chosen: Iterable[str] = (Scope.READ.value,)) -> tuple[ScopeChoice, ...]:
    """Return what a token of an account can be made for."""
    wanted = set(chosen)
    return tuple(
        ScopeChoice(scope.value, str(SCOPE_MEANINGS[scope]), scope.value in wanted)
        for scope in Scope
        if scope.least_role <= user.role
    )


def user_rows(users: Iterable[User], principal: Principal) -> tuple[UserRow, ...]:
    """Return accounts as administrators see them."""
    return tuple(user_row(user, principal) for user in users)


def user_row(user: User, principal: Principal) -> UserRow:
    """Return one account as administrators see it."""
    last = instant(user.last_login) if user.last_login else None
    return UserRow(user, last, user.id == principal.user.id)
