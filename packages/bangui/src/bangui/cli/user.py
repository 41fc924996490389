"""`bangui user`: the accounts of the console."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from bangui.cli.accounts_call import AccountsCall, read_password
from bangui.cli.exit_codes import ExitCode
from bangui.cli.json_values import dump, time_value
from bangui.cli.numbers import counted_out
from bangui.cli.table import Column, print_table
from bangui.cli.times import ago
from bangui.domain.accounts import User, parse_role
from bangui.domain.client_addresses import client_address
from bangui.domain.moments import moment_of

if TYPE_CHECKING:
    from bangui.services.access import Access

_COLUMNS = (
    Column("NAME", can_be_cut=True),
    Column("ROLE"),
    Column("CODES", drop=2),
    Column("LAST LOGIN", drop=3),
    Column("STATE", drop=1),
)

Work = Callable[[AccountsCall, "Access"], Awaitable[str]]


def run(call: AccountsCall) -> int:
    """Do what was asked with one account, or list them all."""

    async def work(access: Access) -> int:
        if call.options.action == "list":
            _list(call, await access.accounts.users())
            return ExitCode.FINE
        told = await _ACTIONS[call.options.action](call, access)
        call.screen.line(dump({"done": call.options.action, "name": call.options.name}) if call.options.json else told)
        return ExitCode.FINE

    return call.run_access(call.options.history, work)


def _list(call: AccountsCall, users: Sequence[User]) -> None:
    if call.options.json:
        call.screen.line(dump({"users": [_value(user) for user in users]}))
    elif not users:
        call.screen.prose("there is no account yet; make one with: sudo bangui user add NAME --role admin")
    else:
        print_table(call.screen, _COLUMNS, [_row(call, user) for user in users])


def _row(call: AccountsCall, user: User) -> Sequence[str]:
    seen = moment_of(user.last_login) if user.last_login else None
    state = "disabled" if user.is_disabled else "" if user.has_password else "no password"
    return user.name, user.role.text, "yes" if user.has_codes else "no", ago(seen, call.now) if seen else "never", state


def _value(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "role": user.role.text,
        "disabled": user.is_disabled,
        "has_password": user.has_password,
        "has_codes": user.has_codes,
        "created": time_value(moment_of(user.created)),
        "last_login": time_value(moment_of(user.last_login)) if user.last_login else None,
    }


async def _add(call: AccountsCall, access: Access) -> str:
    role = parse_role(call.options.role)
    password = None if call.options.no_password else read_password(call)
    user = await access.accounts.add(call.options.name, password, role, call.actor)
    return f"added {user.name}, {role.text}"


async def _password(call: AccountsCall, access: Access) -> str:
    await access.accounts.user(call.options.name)  # told before the password is asked for
    await access.accounts.set_password(call.options.name, read_password(call), call.actor)
    return f"{call.options.name} has another password, and no session any more"


async def _role(call: AccountsCall, access: Access) -> str:
    role = parse_role(call.options.role)
    await access.accounts.change_role(call.options.name, role, call.actor)
    return f"{call.options.name} is {role.text} now"


async def _disable(call: AccountsCall, access: Access) -> str:
    await access.accounts.disable(call.options.name, call.actor)
    return f"nobody gets in with {call.options.name} any more"


async def _enable(call: AccountsCall, access: Access) -> str:
    await access.accounts.enable(call.options.name, call.actor)
    return f"{call.options.name} can be used again"


async def _remove(call: AccountsCall, access: Access) -> str:
    await access.accounts.remove(call.options.name, call.actor)
    return f"removed {call.options.name}"


async def _codes_off(call: AccountsCall, access: Access) -> str:
    await access.second_factor.reset(await access.accounts.user(call.options.name), call.actor)
    return f"{call.options.name} is asked for no code any more"


async def _log_out(call: AccountsCall, access: Access) -> str:
    ended = await access.sessions.end_all(call.options.name, call.actor)
    return f"ended {counted_out(ended, 'session')} of {call.options.name}"


async def _forgive(call: AccountsCall, access: Access) -> str:
    if address := client_address(call.options.name):
        await access.accounts.forgive_address(address, call.actor)
        return f"nobody at {address} has to wait any more"
    await access.accounts.forgive(call.options.name, call.actor)
    return f"nobody has to wait any more who logs in as {call.options.name}"


_ACTIONS: Mapping[str, Work] = {
    "add": _add,
    "password": _password,
    "role": _role,
    "disable": _disable,
    "enable": _enable,
    "remove": _remove,
    "codes-off": _codes_off,
    "log-out": _log_out,
    "forgive": _forgive,
}
