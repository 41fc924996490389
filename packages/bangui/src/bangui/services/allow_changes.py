"""What can be asked of an allow list, what comes of it, and which of it makes no sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bangui.domain.addresses import Address
from bangui.domain.allow_list import address_of, canonical_entry
from bangui.domain.allow_notes import LONGEST_NOTE, AllowNote
from bangui.domain.errors import InvalidInput, UnknownJail
from bangui.domain.gateway import Gateway
from bangui.domain.jails import AllowList
from bangui.domain.moments import moment_of
from bangui.domain.operations import ReadAllowList, ReadCounters
from bangui.domain.phrases import phrase
from bangui.services.jails import suggest_jail

MOST_AT_ONCE = 200
"""Entries of one change: more than a person pastes, few enough for a moment of the daemon's time."""


@dataclass(frozen=True, slots=True)
class NewAllowed:
    """What is to be allowed: in the jails that are named, or in every jail; for good where `seconds` is None."""

    entries: tuple[Address, ...]
    jails: tuple[str, ...] = ()
    note: str = ""
    seconds: int | None = None
    lifts_bans: bool = False
    """Lift the bans of what is allowed now."""


@dataclass(frozen=True, slots=True)
class AllowFailure:
    """One entry that one jail did not take, or not let go of."""

    jail: str
    entry: str
    problem: str


@dataclass(frozen=True, slots=True)
class AllowAdded:
    """What came of an addition.

    `known_in` are the jails that have one of the entries by their configuration; `is_new` says that none of the jails
    had any of them before.
    """

    entries: tuple[str, ...]
    jails: tuple[str, ...]
    known_in: tuple[str, ...]
    failures: tuple[AllowFailure, ...]
    lifted: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class AllowRemoved:
    """What came of a removal. `returns_in` are the jails whose configuration brings the entry back; `undo` adds it."""

    entry: str
    jails: tuple[str, ...]
    returns_in: tuple[str, ...]
    failures: tuple[AllowFailure, ...]
    undo: NewAllowed | None


async def read_allow_lists(gateway: Gateway) -> list[AllowList]:
    """Return the allow lists of all jails, in the order of their names."""
    lists = []
    for jail in await gateway.perform(ReadCounters()):
        try:
            lists.append(await gateway.perform(ReadAllowList(jail.name)))
        except UnknownJail:
            continue  # stopped since the counters were read
    return lists


def checked_entries(new: NewAllowed) -> tuple[str, ...]:
    """Return each entry once, or raise `InvalidInput`."""
    entries = tuple(dict.fromkeys(address.text for address in new.entries))
    if not entries:
        raise InvalidInput(phrase("no address is given"), phrase("write one address or network on each line"))
    if len(entries) > MOST_AT_ONCE:
        raise InvalidInput(
            phrase("{count} entries are too many at once", count=len(entries)),
            phrase("up to {most} can be added in one go", most=MOST_AT_ONCE),
        )
    for entry in entries:
        if canonical_entry(entry) != entry:
            raise InvalidInput(
                phrase("{entry} is no address that anybody can have", entry=entry),
                phrase("to fail2ban it would be the whole internet"),
            )
    if len(new.note) > LONGEST_NOTE:
        raise InvalidInput(
            phrase("the note is too long"), phrase("it can have up to {most} characters", most=LONGEST_NOTE)
        )
    return entries


def chosen_jails(wanted: Sequence[str], lists: Sequence[AllowList]) -> tuple[str, ...]:
    """Return the jails that are named, all of them where none is; raise `UnknownJail` for one that does not run."""
    names = [one.jail for one in lists]
    for name in wanted:
        if name not in names:
            raise UnknownJail(name, suggest_jail(name, names, phrase("this fail2ban has no jails")))
    return tuple(dict.fromkeys(wanted or names))


def has_entry(jail: AllowList, entry: str) -> bool:
    """Whether a jail allows exactly this entry."""
    return any(canonical_entry(one) == entry for one in jail.entries)


def is_ours(notes: Sequence[AllowNote], jail: str, entry: str) -> bool:
    """Whether it was BanGUI that put an entry into a jail."""
    return any(note.entry == entry and note.is_about(jail) and jail not in note.found_in for note in notes)


def addition_in_words(new: NewAllowed, ends: int | None, lifted: int) -> str:
    """Return what the audit trail says about an addition."""
    told = [", ".join(new.jails) or "every jail"]
    end = None if ends is None else moment_of(ends)
    if end is not None:
        told.append(f"until {end:%Y-%m-%d %H:%M:%S} UTC")
    if lifted:
        told.append(f"bans lifted: {lifted}")
    if new.note.strip():
        told.append(f"note: {new.note.strip()}")
    return "; ".join(told)


def undo_of_removal(entry: str, jails: Sequence[str], gone: Sequence[AllowNote], now: int) -> NewAllowed | None:
    """Return what adds an entry again as it was; None where it is no address, or its time was over."""
    address = address_of(entry)
    newest = max(gone, key=lambda note: note.made, default=None)
    if address is None or (newest is not None and not newest.holds(now)):
        return None
    if newest is None:
        return NewAllowed((address,), tuple(jails))
    seconds = None if newest.ends is None else max(1, (newest.ends - now) // 1000)
    return NewAllowed((address,), tuple(jails), newest.note, seconds)
