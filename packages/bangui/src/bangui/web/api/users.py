"""Accounts, for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.account_rules import LONGEST_NAME, LONGEST_PASSWORD, parse_user_name
from bangui.domain.accounts import Role, Scope, User
from bangui.domain.secret import Secret
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import access_of, moment
from bangui.web.api.shapes import About
from bangui.web.site import Site

_TAG = "Users"
_ONE = "/users/{user}"
_KNOWN = ("unknown-user",)
_NAME = About("The name of an account.", "ada", longest=LONGEST_NAME, reads=parse_user_name)
_PASSWORD = About("A password of 12 characters or more.", "four or more words", longest=LONGEST_PASSWORD)


@dataclass(frozen=True, slots=True)
class Account:
    """An account."""

    name: Annotated[str, About("Its name.", "ada")]
    role: Annotated[Role, About("What it may do.", "operator")]
    disabled: Annotated[bool, About("Whether nobody is let in with it.", example=False)]
    created_at: Annotated[datetime | None, About("When it was made.", "2026-11-01T08:00:00Z")]
    last_login_at: Annotated[datetime | None, About("The last login.", "2026-11-25T07:59:00Z")]
    has_password: Annotated[bool, About("Whether one can log in with a password.", example=True)]
    has_codes: Annotated[bool, About("Whether one-time codes are asked for.", example=False)]


@dataclass(frozen=True, slots=True)
class AccountList:
    """All accounts, in the order of their names."""

    items: tuple[Account, ...]
    next: Annotated[str | None, About("Always null: accounts are few.", None)] = None


@dataclass(frozen=True, slots=True)
class UserPath:
    """Whose account."""

    user: Annotated[str, _NAME]


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made."""

    name: Annotated[str, _NAME]
    role: Annotated[Role, About("What it may do.", "operator")]
    password: Annotated[
        Secret | None,
        About("Without one only a trusted proxy can vouch for it.", "four or more words", longest=LONGEST_PASSWORD),
    ] = None


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What of an account is to be another; what is left out stays."""

    role: Annotated[Role | None, About("What it may do.", "viewer")] = None
    disabled: Annotated[bool | None, About("Whether nobody is let in with it.", example=False)] = None


@dataclass(frozen=True, slots=True)
class NewPassword:
    """Another password, which ends all sessions of the account."""

    password: Annotated[Secret, _PASSWORD]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations of accounts."""
    users = _Users(site)
    return (*_of_accounts(users), *_of_credentials(users))


def _of_accounts(users: _Users) -> tuple[Operation, ...]:
    one, known = _ONE, _KNOWN
    return (
        Operation("listUsers", "GET", "/users", _TAG, "List the accounts", Scope.ADMINISTER, users.all),
        Operation(
            "addUser",
            "POST",
            "/users",
            _TAG,
            "Make an account",
            Scope.ADMINISTER,
            users.add,
            status=201,
            problems=("exists",),
        ),
        Operation("getUser", "GET", one, _TAG, "Tell about an account", Scope.ADMINISTER, users.one, problems=known),
        Operation(
            "changeUser",
            "PATCH",
            one,
            _TAG,
            "Give an account another role, disable or enable it",
            Scope.ADMINISTER,
            users.change,
            problems=(*known, "refused"),
        ),
        Operation(
            "removeUser",
            "DELETE",
            one,
            _TAG,
            "Remove an account with its sessions and tokens",
            Scope.ADMINISTER,
            users.remove,
            status=204,
            problems=(*known, "refused"),
        ),
    )


def _of_credentials(users: _Users) -> tuple[Operation, ...]:
    one, known = _ONE, _KNOWN
    return (
        Operation(
            "setPassword",
            "PUT",
            f"{one}/password",
            _TAG,
            "Give an account another password",
            Scope.ADMINISTER,
            users.set_password,
            status=204,
            problems=known,
        ),
        Operation(
            "turnCodesOff",
            "DELETE",
            f"{one}/codes",
            _TAG,
            "Ask for one-time codes of an account no more",
            Scope.ADMINISTER,
            users.turn_codes_off,
            status=204,
            problems=known,
        ),
        Operation(
            "forgiveUser",
            "POST",
            f"{one}/forgive",
            _TAG,
            "Forget failed logins of an account, so that nobody has to wait",
            Scope.ADMINISTER,
            users.forgive,
            status=204,
            problems=known,
        ),
    )


class _Users:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def all(self, call: Call[Nothing, Nothing]) -> AccountList:
        """List all accounts."""
        del call
        return AccountList(tuple(map(_account, await access_of(self._site).accounts.users())))

    async def add(self, call: Call[Nothing, NewAccount]) -> Account:
        """Make an account."""
        new = call.body
        return _account(await access_of(self._site).accounts.add(new.name, new.password, new.role, call.caller.actor))

    async def one(self, call: Call[UserPath, Nothing]) -> Account:
        """Tell about one account."""
        return _account(await access_of(self._site).accounts.user(call.asked.user))

    async def change(self, call: Call[UserPath, AccountChange]) -> Account:
        """Change an account."""
        accounts, name, actor = access_of(self._site).accounts, call.asked.user, call.caller.actor
        if call.body.role is not None:
            await accounts.change_role(name, call.body.role, actor)
        if call.body.disabled is not None:
            await (accounts.disable if call.body.disabled else accounts.enable)(name, actor)
        return _account(await accounts.user(name))

    async def remove(self, call: Call[UserPath, Nothing]) -> Nothing:
        """Remove an account."""
        await access_of(self._site).accounts.remove(call.asked.user, call.caller.actor)
        return Nothing()

    async def set_password(self, call: Call[UserPath, NewPassword]) -> Nothing:
        """Give an account another password."""
        await access_of(self._site).accounts.set_password(call.asked.user, call.body.password, call.caller.actor)
        return Nothing()

    async def turn_codes_off(self, call: Call[UserPath, Nothing]) -> Nothing:
        """Ask for codes no more."""
        access = access_of(self._site)
        await access.second_factor.reset(await access.accounts.user(call.asked.user), call.caller.actor)
        return Nothing()

    async def forgive(self, call: Call[UserPath, Nothing]) -> Nothing:
        """Forget failed logins."""
        await access_of(self._site).accounts.forgive(call.asked.user, call.caller.actor)
        return Nothing()


def _account(user: User) -> Account:
    return Account(
        user.name,
        user.role,
        user.is_disabled,
        moment(user.created),
        moment(user.last_login),
        user.has_password,
        user.has_codes,
    )
