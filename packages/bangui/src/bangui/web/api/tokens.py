"""API tokens: one's own, and for administrators those of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.accounts import ApiToken, Scope
from bangui.domain.secret import Secret
from bangui.services.api_tokens import LONGEST_LIFE, LONGEST_NAME
from bangui.web.access import Caller
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.own import person
from bangui.web.api.parts import access_of, moment
from bangui.web.api.problems import ApiError
from bangui.web.api.shapes import About
from bangui.web.site import Site

_TAG = "Tokens"
_ID = About("The `id` of a token.", "0123456789abcdef", longest=64)
_SCOPES = About("What it may do, within what its owner may.", ("read",), most=len(Scope))


@dataclass(frozen=True, slots=True)
class Token:
    """An API token; its secret was told once, when it was made."""

    id: Annotated[str, _ID]
    user: Annotated[str, About("Whose it is.", "ada")]
    name: Annotated[str, About("What it is for.", "firewall of the office")]
    shown: Annotated[str, About("How it begins.", "bgt_abcd")]
    scopes: Annotated[tuple[Scope, ...], _SCOPES]
    created_at: Annotated[datetime | None, About("When it was made.", "2026-11-25T16:30:00Z")]
    ends_at: Annotated[datetime | None, About("When it ends.", "2027-11-25T16:30:00Z")]
    used_at: Annotated[datetime | None, About("When it was used last, to the minute.", None)]
    used_from: Annotated[str | None, About("From where.", None)]


@dataclass(frozen=True, slots=True)
class TokenList:
    """Tokens, the newest first, also those that have ended lately."""

    items: tuple[Token, ...]
    next: Annotated[str | None, About("Always null: tokens are few.", None)] = None


@dataclass(frozen=True, slots=True)
class TokenPath:
    """Which token."""

    token: Annotated[str, _ID]


@dataclass(frozen=True, slots=True)
class NewTokenWanted:
    """A token to be made."""

    name: Annotated[str, About("What it is for.", "firewall of the office", longest=LONGEST_NAME)]
    scopes: Annotated[tuple[Scope, ...], _SCOPES]
    seconds: Annotated[int, About("For how long it is good.", 31_536_000, least=60, most=LONGEST_LIFE)]


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token with its secret, which is told now and never again."""

    token: Token
    secret: Annotated[Secret, About("What a program shows.", f"bgt_{'a' * 52}")]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations of tokens."""
    tokens = _Tokens(site)
    return (*_of_oneself(tokens), *_of_everybody(tokens))


def _of_oneself(tokens: _Tokens) -> tuple[Operation, ...]:
    only = "A token needs the scope `administer` for this."
    return (
        Operation("listOwnTokens", "GET", "/me/tokens", _TAG, "List one's own tokens", Scope.READ, tokens.own),
        Operation(
            "makeToken",
            "POST",
            "/me/tokens",
            _TAG,
            "Make a token",
            Scope.READ,
            tokens.make,
            text=f"{only} No token can do more than whoever makes it.",
            status=201,
            problems=("refused",),
            is_secret=True,
        ),
        Operation(
            "removeOwnToken",
            "DELETE",
            "/me/tokens/{token}",
            _TAG,
            "Remove one of one's own tokens",
            Scope.READ,
            tokens.remove_own,
            text=only,
            status=204,
            problems=("not-found",),
        ),
    )


def _of_everybody(tokens: _Tokens) -> tuple[Operation, ...]:
    return (
        Operation("listTokens", "GET", "/tokens", _TAG, "List the tokens of everybody", Scope.ADMINISTER, tokens.all),
        Operation(
            "removeToken",
            "DELETE",
            "/tokens/{token}",
            _TAG,
            "Remove a token of anybody",
            Scope.ADMINISTER,
            tokens.remove,
            status=204,
            problems=("not-found",),
        ),
    )


class _Tokens:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def own(self, call: Call[Nothing, Nothing]) -> TokenList:
        """List one's own tokens."""
        return _listed(await access_of(self._site).tokens.tokens(person(call.caller).user))

    async def all(self, call: Call[Nothing, Nothing]) -> TokenList:
        """List the tokens of everybody."""
        del call
        return _listed(await access_of(self._site).tokens.tokens())

    async def make(self, call: Call[Nothing, NewTokenWanted]) -> MadeToken:
        """Make a token."""
        principal, new = person(call.caller, changes=True), call.body
        too_much = sorted(scope.value for scope in new.scopes if not principal.may(scope))
        if too_much:
            raise ApiError("forbidden", f"You may not {too_much[0]} yourself, and no token of yours can.")
        token, secret = await access_of(self._site).tokens.make(
            principal.user, new.name, frozenset(new.scopes), new.seconds, call.caller.actor
        )
        return MadeToken(_told(token), secret)

    async def remove_own(self, call: Call[TokenPath, Nothing]) -> Nothing:
        """Remove one of one's own tokens."""
        principal = person(call.caller, changes=True)
        return await self._remove(await access_of(self._site).tokens.tokens(principal.user), call.asked, call.caller)

    async def remove(self, call: Call[TokenPath, Nothing]) -> Nothing:
        """Remove a token of anybody."""
        return await self._remove(await access_of(self._site).tokens.tokens(), call.asked, call.caller)

    async def _remove(self, tokens: Sequence[ApiToken], asked: TokenPath, caller: Caller) -> Nothing:
        found = [token for token in tokens if token.id == asked.token]
        if not found or not await access_of(self._site).tokens.remove(found[0], caller.actor):
            raise ApiError("not-found", "There is no such token.", "It may have been removed.")
        return Nothing()


def _listed(tokens: Sequence[ApiToken]) -> TokenList:
    return TokenList(tuple(map(_told, tokens)))


def _told(token: ApiToken) -> Token:
    return Token(
        token.id,
        token.user_name,
        token.name,
        token.shown,
        tuple(scope for scope in Scope if scope in token.scopes),
        moment(token.created),
        moment(token.ends),
        moment(token.used),
        token.used_from,
    )
