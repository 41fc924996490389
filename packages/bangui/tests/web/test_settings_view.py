from datetime import UTC, datetime, timedelta

from bangui.domain.accounts import ApiToken, Role, Scope, Session
from bangui.web.settings_view import SCOPE_MEANINGS, instant, scope_choices, session_rows, token_rows, user_row
from packages.bangui.tests.web.opened import a_principal

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MILLISECONDS = int(NOW.timestamp() * 1000)


def test_a_moment_of_the_accounts_is_one_of_the_pages() -> None:
    assert instant(MILLISECONDS) == NOW


def test_without_a_session_of_ones_own_none_is_marked() -> None:
    session = Session("1" * 16, "0" * 16, MILLISECONDS, MILLISECONDS, MILLISECONDS, "192.0.2.1", "a browser")
    (row,) = session_rows([session], a_principal())
    assert (row.is_this, row.created, row.address) == (False, NOW, "192.0.2.1")


def test_a_token_says_what_it_may_do_and_whether_it_has_ended() -> None:
    scopes = frozenset({Scope.BAN, Scope.READ})
    token = ApiToken("1" * 16, "0" * 16, "ada", "x", "bgt_abcd", scopes, 0, MILLISECONDS)
    (row,) = token_rows([token], NOW)
    assert (row.scopes, row.is_over, row.used) == ("read, ban", True, None)
    assert not token_rows([token], NOW - timedelta(seconds=1))[0].is_over


def test_nobody_is_offered_a_token_that_may_do_more_than_they() -> None:
    assert set(SCOPE_MEANINGS) == set(Scope)
    assert [choice.value for choice in scope_choices(a_principal(Role.OPERATOR).user)] == ["read", "ban"]
    chosen = [choice.value for choice in scope_choices(a_principal().user, ["ban"]) if choice.is_chosen]
    assert chosen == ["ban"]


def test_administrators_see_which_account_is_theirs() -> None:
    principal = a_principal()
    assert user_row(principal.user, principal).is_self
    assert user_row(principal.user, principal).last_login is None
