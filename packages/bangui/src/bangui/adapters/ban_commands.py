"""Banning and unbanning with a result for each id, where the daemon only answers with a number.

The daemon counts what it newly banned and does not say which. So it is asked before, and again after when the count
is not the one to expect. In between somebody else may ban or unban; then a result may name the wrong cause, but an id
that is reported as banned was banned when it was looked at last.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiofail2ban import Fail2BanCommandError, Jail, ServerCommands, UnknownJailError
from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.outcomes import BannedId, BanResult, UnbannedId

_NOT_LISTED = "fail2ban took the command but does not list it as banned"


async def ban_ids(jail: Jail, ids: Sequence[str]) -> tuple[BannedId, ...]:
    """Ban ids in a jail and return what came of each, in their order."""
    known = set(await _banned_among(jail, ids))
    results = {id: BannedId(id, BanResult.ALREADY_BANNED) for id in known}
    results.update((one.id, one) for one in await _ban_new(jail, [id for id in ids if id not in known]))
    return tuple(results[id] for id in ids)


async def renew_ids(jail: Jail, ids: Sequence[str]) -> tuple[BannedId, ...]:
    """Ban ids in a jail, also those that it bans already: the daemon makes those bans last from now on.

    A ban that would end later anyway stays as it is.
    """
    known = set(await _banned_among(jail, ids))
    results = {one.id: one for one in await _ban_new(jail, [id for id in ids if id not in known])}
    for id in known:
        try:
            await jail.ban([id])
        except UnknownJailError:
            raise
        except Fail2BanCommandError as error:
            results[id] = BannedId(id, BanResult.FAILED, error.message)
        else:
            results[id] = BannedId(id, BanResult.ALREADY_BANNED)
    return tuple(results[id] for id in ids)


async def _ban_new(jail: Jail, ids: Sequence[str]) -> list[BannedId]:
    if not ids:
        return []
    try:
        count = await jail.ban(ids)
    except UnknownJailError:
        raise
    except Fail2BanCommandError as error:
        if len(ids) == 1:
            return [BannedId(ids[0], BanResult.FAILED, error.message)]
        # One of them was refused and the rest of the command not run: one by one tells which.
        return [one for id in ids for one in await ban_ids(jail, [id])]
    listed = set(ids) if count == len(ids) else set(await _banned_among(jail, ids))
    return [
        BannedId(id, BanResult.BANNED) if id in listed else BannedId(id, BanResult.FAILED, _NOT_LISTED) for id in ids
    ]


async def unban_ids(commands: ServerCommands, ids: Sequence[str], jail: str | None) -> tuple[UnbannedId, ...]:
    """Unban ids in one jail or in all, and return where each was banned."""
    if jail is None:
        places = [tuple(jails) for jails in await commands.banned_in(ids)] if ids else []
    else:
        banned = set(await _banned_among(commands.jail(jail), ids))
        places = [(jail,) if id in banned else () for id in ids]
    return tuple([await _unban_one(commands, id, jail, place) for id, place in zip(ids, places, strict=True)])


async def _unban_one(commands: ServerCommands, id: str, jail: str | None, jails: tuple[str, ...]) -> UnbannedId:
    if not jails and not _is_network(id):
        # Not sent at all: for an id that is not banned the daemon would erase its records of the address, and ask DNS
        # for what looks like a name while everybody waits.
        return UnbannedId(id, (), 0)
    try:
        lifted = await (commands.unban(id) if jail is None else commands.jail(jail).unban(id))
    except UnknownJailError:
        raise
    except Fail2BanCommandError as error:
        return UnbannedId(id, (), 0, error.message)
    return UnbannedId(id, jails if lifted else (), lifted)


async def _banned_among(jail: Jail, ids: Sequence[str]) -> list[str]:
    if not ids:
        return []
    flags = await jail.are_banned(ids)
    return [id for id, is_banned in zip(ids, flags, strict=True) if is_banned]


def _is_network(id: str) -> bool:
    try:
        return parse_address(id).is_network
    except InvalidInput:
        return False
