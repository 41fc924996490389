"""What is one's own is not changed with a token that may do little."""

from __future__ import annotations

import pytest

from bangui.domain.accounts import ApiToken, Principal, Role, Scope, Via, Visitor
from bangui.web.access import Caller
from bangui.web.api.own import person
from bangui.web.api.problems import ApiError
from packages.bangui.tests.web.opened import a_principal


def with_token(*scopes: Scope) -> Caller:
    user = a_principal(Role.ADMIN).user
    token = ApiToken("1" * 16, user.id, user.name, "x", "bgt_", frozenset(scopes), 0, 1)
    return Caller(Principal(user, Via.API, token=token), Visitor(None))


def test_who_asks_is_told() -> None:
    assert person(with_token(Scope.READ)).user.name == "ada"
    with pytest.raises(ApiError, match="does not know"):
        person(Caller(None, Visitor(None)))


def test_a_token_needs_to_administer_and_a_session_nothing() -> None:
    assert person(with_token(Scope.ADMINISTER), changes=True).user.name == "ada"
    assert person(Caller(a_principal(Role.VIEWER), Visitor(None)), changes=True).user.name == "ada"
    with pytest.raises(ApiError) as caught:
        person(with_token(Scope.READ, Scope.BAN, Scope.CONFIGURE), changes=True)
    assert caught.value.code == "forbidden"
