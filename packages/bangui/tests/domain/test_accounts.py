from __future__ import annotations

import pytest

from bangui.domain.accounts import (
    ApiToken,
    Principal,
    Role,
    Scope,
    User,
    Via,
    Visitor,
    is_id,
    parse_role,
    parse_scopes,
)
from bangui.domain.errors import InvalidInput


def user(role: Role) -> User:
    return User("0" * 16, "ada", role, False, 0, True, False)


def token(*scopes: Scope) -> ApiToken:
    return ApiToken("1" * 16, "0" * 16, "ada", "backup", "bgt_abcd", frozenset(scopes), 0, 1)


def test_roles_grow_into_each_other() -> None:
    assert Role.VIEWER < Role.OPERATOR < Role.ADMIN
    assert [role.text for role in Role] == ["viewer", "operator", "admin"]


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        (Role.VIEWER, {Scope.READ}),
        (Role.OPERATOR, {Scope.READ, Scope.BAN}),
        (Role.ADMIN, {Scope.READ, Scope.BAN, Scope.CONFIGURE, Scope.ADMINISTER}),
    ],
)
def test_a_person_may_do_what_their_role_may(role: Role, scopes: set[Scope]) -> None:
    assert Principal(user(role), Via.SESSION).scopes == scopes


def test_a_token_may_do_what_it_is_for_and_its_owner_may() -> None:
    everything = token(*Scope)
    assert Principal(user(Role.VIEWER), Via.API, token=everything).scopes == {Scope.READ}
    only_bans = Principal(user(Role.ADMIN), Via.API, token=token(Scope.BAN))
    assert only_bans.may(Scope.BAN)
    assert not only_bans.may(Scope.READ)
    assert not only_bans.may(Scope.ADMINISTER)


def test_the_audit_trail_names_the_token_beside_its_owner() -> None:
    assert Principal(user(Role.ADMIN), Via.API, token=token(Scope.BAN)).actor("::1").name == "ada (backup)"
    actor = Principal(user(Role.ADMIN), Via.SESSION).actor(None)
    assert (actor.name, actor.via, actor.address) == ("ada", Via.SESSION, None)


def test_a_role_is_read_however_it_is_written() -> None:
    assert parse_role(" Admin ") is Role.ADMIN
    with pytest.raises(InvalidInput, match="root") as caught:
        parse_role("root")
    assert "viewer, operator, admin" in caught.value.hint


def test_scopes_are_read_with_blanks_or_commas() -> None:
    assert parse_scopes("read,BAN configure") == {Scope.READ, Scope.BAN, Scope.CONFIGURE}
    for text in ("", " , ", "read everything"):
        with pytest.raises(InvalidInput):
            parse_scopes(text)


@pytest.mark.parametrize("text", ["", "0" * 15, "0" * 17, "G" * 16, "0" * 15 + "\n", "0" * 15 + "\x00"])
def test_what_cannot_be_an_id_is_told(text: str) -> None:
    assert is_id("0123456789abcdef")
    assert not is_id(text)


@pytest.mark.parametrize("address", ["", "somewhere", "::ffff:192.0.2.1", "2001:DB8::1", "192.0.2.1 ", "fe80::1%lo"])
def test_a_visitor_has_an_address_in_one_form_only(address: str) -> None:
    assert Visitor("192.0.2.1").address == "192.0.2.1"
    with pytest.raises(ValueError, match="client_address"):
        Visitor(address)
