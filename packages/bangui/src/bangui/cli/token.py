"""`bangui token`: what programs show instead of a password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bangui.cli.accounts_call import AccountsCall
from bangui.cli.exit_codes import ExitCode
from bangui.cli.json_values import dump, time_value
from bangui.cli.table import Column, print_table
from bangui.cli.times import ago, left
from bangui.domain.accounts import ApiToken, parse_scopes
from bangui.domain.errors import InvalidInput
from bangui.domain.moments import moment_of, parse_duration

if TYPE_CHECKING:
    from bangui.services.access import Access

_COLUMNS = (
    Column("TOKEN"),
    Column("OF", can_be_cut=True),
    Column("NAME", can_be_cut=True),
    Column("SCOPES", drop=1),
    Column("ENDS", drop=2),
    Column("USED", drop=3),
)


def run(call: AccountsCall) -> int:
    """List tokens, make one, or remove one."""

    async def work(access: Access) -> int:
        if call.options.action == "add":
            await _add(call, access)
        elif call.options.action == "remove":
            await _remove(call, access)
        else:
            _list(call, await access.tokens.tokens())
        return ExitCode.FINE

    return call.run_access(call.options.history, work)


async def _add(call: AccountsCall, access: Access) -> None:
    scopes, seconds = parse_scopes(call.options.scope), parse_duration(call.options.span)
    owner = await access.accounts.user(call.options.name)
    token, secret = await access.tokens.make(owner, call.options.label, scopes, seconds, call.actor)
    if call.options.json:
        call.screen.line(dump({**_value(token), "token": secret.reveal()}))
        return
    call.screen.line(secret.reveal())
    if call.screen.is_terminal:
        call.screen.prose("This is the only time that it is shown.", "dim")


async def _remove(call: AccountsCall, access: Access) -> None:
    written = call.options.token
    found = [token for token in await access.tokens.tokens() if written.startswith(token.shown)]
    if len(found) != 1:
        what = "no token begins so" if not found else f"{len(found)} tokens begin so"
        raise InvalidInput(f"{what}: {written[:12]!r}", "bangui token list shows them")
    await access.tokens.remove(found[0], call.actor)
    call.screen.line(
        dump({"removed": found[0].shown}) if call.options.json else f"removed {found[0].shown}... ({found[0].name})"
    )


def _list(call: AccountsCall, tokens: Sequence[ApiToken]) -> None:
    if call.options.json:
        call.screen.line(dump({"tokens": [_value(token) for token in tokens]}))
    elif not tokens:
        call.screen.prose("there is no token; make one with: sudo bangui token add NAME --name TEXT --scope read")
    else:
        print_table(call.screen, _COLUMNS, [_row(call, token) for token in tokens])


def _row(call: AccountsCall, token: ApiToken) -> Sequence[str]:
    ends, used = moment_of(token.ends), moment_of(token.used) if token.used else None
    is_over = ends is not None and ends <= call.now
    return (
        token.shown,
        token.user_name,
        token.name,
        _scopes(token),
        "ended" if is_over else left(ends, call.now),
        ago(used, call.now) if used else "never",
    )


def _value(token: ApiToken) -> dict[str, object]:
    return {
        "begins": token.shown,
        "of": token.user_name,
        "name": token.name,
        "scopes": sorted(scope.value for scope in token.scopes),
        "created": time_value(moment_of(token.created)),
        "ends": time_value(moment_of(token.ends)),
        "used": time_value(moment_of(token.used)) if token.used else None,
        "used_from": token.used_from,
    }


def _scopes(token: ApiToken) -> str:
    return " ".join(sorted(scope.value for scope in token.scopes))
