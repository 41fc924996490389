"""Changing the allow list of a jail, with a result for each entry.

The daemon answers with the whole list, in its own spelling and not in the order of the request. Entries are compared
as addresses, and one is taken away by the spelling that the daemon has for it (but for a network of everything, which
it lists as an address and does not know by that); what it does not list is never named to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aiofail2ban import Fail2BanCommandError, Jail, UnknownJailError
from bangui.domain.allow_list import AllowedOne, AllowResult, canonical_entry

_NOT_LISTED = "fail2ban took the command but does not list the entry"
_STILL_LISTED = "fail2ban took the command but still lists the entry"


async def add_allowed(jail: Jail, entries: Sequence[str]) -> tuple[AllowedOne, ...]:
    """Add entries to the allow list of a jail and return what came of each, in their order."""
    before = _spellings(await jail.get_ignoreip())
    wanted = [entry for entry in entries if canonical_entry(entry) not in before]
    after, problem = before, _NOT_LISTED
    if wanted:
        try:
            after = _spellings(await jail.add_ignoreip(wanted))
        except UnknownJailError:
            raise
        except Fail2BanCommandError as error:
            # Those before the one that was refused are in the list.
            after, problem = _spellings(await jail.get_ignoreip()), error.message
    return tuple([_added(entry, before, after, problem) for entry in entries])


def _added(entry: str, before: dict[str, str], after: dict[str, str], problem: str) -> AllowedOne:
    key = canonical_entry(entry)
    if key in before:
        return AllowedOne(entry, AllowResult.ALREADY)
    return AllowedOne(entry, AllowResult.DONE) if key in after else AllowedOne(entry, AllowResult.FAILED, problem)


async def remove_allowed(jail: Jail, entries: Sequence[str]) -> tuple[AllowedOne, ...]:
    """Take entries out of the allow list of a jail and return what came of each, in their order."""
    before = _spellings(await jail.get_ignoreip())
    return tuple([await _remove(jail, entry, before.get(canonical_entry(entry))) for entry in entries])


async def _remove(jail: Jail, entry: str, spelling: str | None) -> AllowedOne:
    if spelling is None:
        return AllowedOne(entry, AllowResult.ALREADY)
    key = canonical_entry(entry)
    try:
        left = _spellings(await jail.del_ignoreip(key if key.endswith("/0") else spelling))
    except UnknownJailError:
        raise
    except Fail2BanCommandError as error:
        return AllowedOne(entry, AllowResult.FAILED, error.message)
    if key in left:
        return AllowedOne(entry, AllowResult.FAILED, _STILL_LISTED)
    return AllowedOne(entry, AllowResult.DONE)


def _spellings(entries: Iterable[str]) -> dict[str, str]:
    """Map entries as they are compared to entries as the daemon spells them."""
    return {canonical_entry(entry): entry for entry in entries}
