from dataclasses import replace

import pytest
from starlette.requests import Request

from bangui.domain.accounts import ApiToken, Principal, Role, Scope, Via, Visitor
from bangui.domain.secret import encode_secret
from bangui.web.access import Caller, Open, caller_of, known_caller
from packages.bangui.tests.web.opened import FORM_SECRET, a_principal

STRANGER = Caller(None, Visitor("192.0.2.1"))


def caller(role: Role, scopes: frozenset[Scope] | None = None) -> Caller:
    principal = a_principal(role)
    if scopes is not None:
        token = ApiToken("1" * 16, principal.user.id, "ada", "backup", "bgt_abcd", scopes, 0, 1)
        principal = replace(principal, via=Via.API, token=token)
    return Caller(principal, Visitor("192.0.2.1"), FORM_SECRET)


def test_a_stranger_may_what_is_open_and_nothing_else() -> None:
    assert STRANGER.may(Open.TO_ALL)
    assert not any(STRANGER.may(scope) for scope in Scope)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.VIEWER, {Scope.READ}),
        (Role.OPERATOR, {Scope.READ, Scope.BAN}),
        (Role.ADMIN, set(Scope)),
    ],
)
def test_an_account_may_what_its_role_says(role: Role, allowed: set[Scope]) -> None:
    assert {scope for scope in Scope if caller(role).may(scope)} == allowed


def test_a_token_may_no_more_than_both_it_and_its_owner() -> None:
    everything = frozenset(Scope)
    assert not caller(Role.VIEWER, everything).may(Scope.BAN)
    assert not caller(Role.ADMIN, frozenset({Scope.READ})).may(Scope.BAN)
    assert caller(Role.ADMIN, frozenset({Scope.BAN})).may(Scope.BAN)


def test_the_audit_trail_names_the_caller_and_never_a_stranger() -> None:
    actor = caller(Role.ADMIN, frozenset(Scope)).actor
    assert (actor.name, actor.via, actor.address) == ("ada (backup)", Via.API, "192.0.2.1")
    with pytest.raises(ValueError, match="stranger"):
        _ = STRANGER.actor


def test_the_token_of_a_form_belongs_to_one_secret_and_does_not_show_it() -> None:
    token = caller(Role.VIEWER).form_token
    other = replace(caller(Role.VIEWER), form_secret=encode_secret(b"o" * 32)).form_token
    assert token not in ("", other)
    assert FORM_SECRET.reveal() not in token
    assert STRANGER.form_token == ""


def test_a_request_that_has_not_passed_the_gate_has_no_caller() -> None:
    request = Request({"type": "http", "headers": []})
    assert known_caller(request) is None
    with pytest.raises(ValueError, match="gate"):
        caller_of(request)
    request.state.caller = Caller(Principal(a_principal().user, Via.SESSION), Visitor(None))
    assert caller_of(request) is request.state.caller
