"""Use cases: see the allow list of a host as one list, add to it and take from it.

A change is a note first (`domain/allow_notes.py`) and a command to the daemon then. What happens between the two, a
crash or a daemon that goes away, is made good by the keeper of the notes (`services/allow_keeper.py`), which puts into
the daemon what notes want. The lock keeps it from doing so while a change is only half made.

Nothing is written before the daemon has answered once: where it is away a change is refused as a whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.accounts import Actor
from bangui.domain.allow_list import AllowAction, AllowOutcome, AllowResult, AllowView, allow_view, canonical_entry
from bangui.domain.allow_notes import MOST_NOTES, AllowNote, AllowNotes
from bangui.domain.audit import AuditEntry, AuditResult
from bangui.domain.errors import BanGUIError, DaemonAway, InvalidInput, UnknownJail
from bangui.domain.further_operations import AddAllowed, RemoveAllowed
from bangui.domain.gateway import Gateway
from bangui.domain.jails import AllowList
from bangui.domain.operations import Operation
from bangui.domain.phrases import phrase
from bangui.services.allow_changes import (
    AllowAdded,
    AllowFailure,
    AllowRemoved,
    NewAllowed,
    addition_in_words,
    checked_entries,
    chosen_jails,
    has_entry,
    is_ours,
    read_allow_lists,
    undo_of_removal,
)
from bangui.services.audit import AuditTrail
from bangui.services.bans import unban
from bangui.services.clock import Now, unix_milliseconds
from bangui.services.threads import in_thread


class AllowListService:
    """The allow list of one host; `lock` is shared with the keeper of its notes."""

    def __init__(
        self,
        gateway: Gateway,
        notes: AllowNotes,
        trail: AuditTrail,
        lock: asyncio.Lock,
        *,
        now: Now = unix_milliseconds,
    ) -> None:
        self._gateway = gateway
        self._notes = notes
        self._trail = trail
        self._lock = lock
        self._now = now

    async def view(self) -> AllowView:
        """Return what the jails allow now, with what is known about it."""
        lists = await read_allow_lists(self._gateway)
        return allow_view(self._gateway.host, lists, await self._all_notes())

    async def noted(self) -> AllowView:
        """Return what is kept for the jails, without asking the daemon: for as long as it is away."""
        return allow_view(self._gateway.host, (), await self._all_notes())

    async def add(self, new: NewAllowed, actor: Actor) -> AllowAdded:
        """Allow addresses and networks, and lift their bans where that is asked for."""
        entries = checked_entries(new)
        async with self._lock:
            lists = await read_allow_lists(self._gateway)
            jails = chosen_jails(new.jails, lists)
            known = await self._all_notes()
            if len(known) + len(entries) * max(len(new.jails), 1) > MOST_NOTES:
                raise InvalidInput(phrase("there are too many entries"), phrase("remove some that are not needed"))
            notes = self._notes_of(new, entries, lists, known, actor)
            await in_thread(lambda: self._notes.keep(notes))
            outcomes, failures = await self._everywhere(jails, entries, lambda jail: AddAllowed(jail, entries))
        lifted = await self._unban(new, entries, jails) if new.lifts_bans else 0
        told = addition_in_words(new, notes[0].ends, lifted)
        await self._record(AllowAction.ADD, actor, dict.fromkeys(entries, told), failures)
        known_in = tuple(sorted({jail for note in notes for jail in note.found_in}))
        is_new = not any(one.result is AllowResult.ALREADY for outcome in outcomes for one in outcome.entries)
        return AllowAdded(entries, jails, known_in, failures, lifted, is_new)

    async def remove(self, entry: str, jails: Sequence[str], actor: Actor) -> AllowRemoved:
        """Allow an entry no longer in the jails that are named, or in none of them."""
        entry = canonical_entry(entry)
        async with self._lock:
            lists = await read_allow_lists(self._gateway)
            known = [note for note in await self._all_notes() if note.entry == entry]
            chosen = _chosen_to_remove(jails, lists, known)
            gone = [note for note in known if not jails or note.jail is None or note.jail in chosen]
            holding = [one.jail for one in lists if one.jail in chosen and has_entry(one, entry)]
            if not gone and not holding:
                raise InvalidInput(phrase("{entry!r} is not in the allow list", entry=entry))
            await self._forget(gone, known, [one.jail for one in lists if one.jail not in chosen])
            _, failures = await self._everywhere(holding, (entry,), lambda jail: RemoveAllowed(jail, (entry,)))
        told = ", ".join(chosen) if jails else "every jail"
        await self._record(AllowAction.REMOVE, actor, {entry: told}, failures)
        returns = [jail for jail in holding if not is_ours(known, jail, entry)]
        return AllowRemoved(
            entry, tuple(holding), tuple(returns), failures, undo_of_removal(entry, jails, gone, self._now())
        )

    async def _all_notes(self) -> Sequence[AllowNote]:
        return await in_thread(lambda: self._notes.all(self._gateway.host))

    def _notes_of(
        self,
        new: NewAllowed,
        entries: Sequence[str],
        lists: Sequence[AllowList],
        known: Sequence[AllowNote],
        actor: Actor,
    ) -> list[AllowNote]:
        now = self._now()
        ends = None if new.seconds is None else now + new.seconds * 1000
        before = {(note.jail, note.entry): note.found_in for note in known}
        notes = []
        for entry in entries:
            found = [one.jail for one in lists if has_entry(one, entry) and not is_ours(known, one.jail, entry)]
            for jail in new.jails or (None,):
                there = [name for name in found if jail is None or name == jail]
                found_in = tuple(sorted({*there, *before.get((jail, entry), ())}))
                notes.append(
                    AllowNote(self._gateway.host, jail, entry, new.note.strip(), actor.name, now, ends, found_in)
                )
        return notes

    async def _forget(self, gone: Sequence[AllowNote], known: Sequence[AllowNote], others: Sequence[str]) -> None:
        """Forget notes; what one about every jail wants in jails that are not meant now it still wants there."""
        told = {note.jail for note in known}
        kept = [replace(note, jail=jail) for note in gone if note.jail is None for jail in others if jail not in told]
        await in_thread(lambda: self._notes.keep(kept))
        await in_thread(lambda: self._notes.forget(gone))

    async def _everywhere(
        self, jails: Sequence[str], entries: Sequence[str], change: Callable[[str], Operation[AllowOutcome]]
    ) -> tuple[list[AllowOutcome], tuple[AllowFailure, ...]]:
        """Change jail after jail, and go on after one that fails, but not after a daemon that went away."""
        outcomes: list[AllowOutcome] = []
        failures: list[AllowFailure] = []
        away: DaemonAway | None = None
        for jail in jails:
            try:
                if away is not None:
                    raise away
                outcome = await self._gateway.perform(change(jail))
            except UnknownJail:
                continue  # stopped meanwhile; it will ask the configuration when it starts
            except BanGUIError as error:
                away = error if isinstance(error, DaemonAway) else None
                failures += [AllowFailure(jail, entry, error.message) for entry in entries]
                continue
            outcomes.append(outcome)
            failures += [AllowFailure(jail, one.entry, one.problem) for one in outcome.entries if one.problem]
        return outcomes, tuple(failures)

    async def _unban(self, new: NewAllowed, entries: tuple[str, ...], jails: Sequence[str]) -> int:
        lifted = 0
        for jail in jails if new.jails else (None,):
            try:
                outcomes = [outcome async for outcome in unban(self._gateway, entries, jail)]
                # A network that was banned itself had only that ban lifted, and not those inside it.
                again = [one.id for outcome in outcomes for one in outcome.ids if one.jails and "/" in one.id]
                outcomes += [outcome async for outcome in unban(self._gateway, again, jail)]
            except BanGUIError:
                break  # what is allowed is allowed; the page of bans shows what is still banned
            lifted += sum(one.lifted for outcome in outcomes for one in outcome.ids)
        return lifted

    async def _record(
        self, action: AllowAction, actor: Actor, details: dict[str, str], failures: Sequence[AllowFailure]
    ) -> None:
        """Write down what was done; what is done stays done where the trail is out of reach."""
        with suppress(AccessUnavailable):  # the log says why
            for entry, detail in details.items():
                failed = [f"{one.jail}: {one.problem}" for one in failures if one.entry == entry]
                await self._trail.record(self._entry(action, actor, entry, "; ".join((detail, *failed)), bool(failed)))

    def _entry(self, action: AllowAction, actor: Actor, entry: str, detail: str, has_failed: bool) -> AuditEntry:
        return AuditEntry(
            time=self._now(),
            actor=actor.name,
            via=actor.via,
            address=actor.address,
            action=action.value,
            target=entry,
            result=AuditResult.FAILED if has_failed else AuditResult.DONE,
            detail=detail,
            host=self._gateway.host,
        )


def _chosen_to_remove(jails: Sequence[str], lists: Sequence[AllowList], known: Sequence[AllowNote]) -> tuple[str, ...]:
    """Return the jails that are meant; one that does not run may be named where a note is about it."""
    noted = [jail for jail in jails if any(note.jail == jail for note in known)]
    others = [jail for jail in jails if jail not in noted]
    return (*noted, *(chosen_jails(others, lists) if others or not jails else ()))
