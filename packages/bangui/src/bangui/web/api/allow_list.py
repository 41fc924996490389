"""The allow list: what the jails never ban, and changes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.addresses import Address, parse_address
from bangui.domain.allow_list import AllowLine, AllowOrigin, EntryKind
from bangui.domain.allow_notes import LONGEST_NOTE
from bangui.services.allow_changes import MOST_AT_ONCE, AllowFailure, NewAllowed
from bangui.services.allow_list import AllowListService
from bangui.web.api.addresses import parse_id
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import moment
from bangui.web.api.problems import ApiError
from bangui.web.api.shapes import About
from bangui.web.site import Site

_JAIL = About("The name of a jail.", "sshd")
_JAILS = About("In these jails; in every jail, also those to come, if none is given.", ("sshd",), most=200)
_LONGEST_LIFE = 100 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class AllowedEntry:
    """One entry of the allow list."""

    entry: Annotated[str, About("An address, a network, a name, or a file of addresses.", "192.0.2.0/24")]
    kind: Annotated[EntryKind, About("What it is.", "network")]
    origin: Annotated[AllowOrigin, About("Where it comes from.", "bangui")]
    jails: Annotated[tuple[str, ...], About("The jails in which it is in force.", ("sshd", "recidive"))]
    missing: Annotated[tuple[str, ...], About("Those where it is wanted and not in force.", ())]
    for_all: Annotated[bool, About("Whether it is meant for every jail, also those to come.", example=True)]
    note: Annotated[str, About("What somebody wrote about it.", "the office")]
    author: Annotated[str, About("Who added it; empty where nobody knows.", "ada")]
    made_at: Annotated[datetime | None, About("When it was added.", "2026-11-25T16:30:00Z")]
    ends_at: Annotated[datetime | None, About("When it ends by itself; null for never.", None)]


@dataclass(frozen=True, slots=True)
class AllowedEntries:
    """The allow list of the host, in the order of addresses."""

    items: tuple[AllowedEntry, ...]
    next: Annotated[str | None, About("Always null.", None)]
    own_addresses: Annotated[tuple[str, ...], About("The jails that never ban the host's own addresses.", ("sshd",))]


@dataclass(frozen=True, slots=True)
class AllowWanted:
    """What is to be allowed."""

    entries: Annotated[
        tuple[Annotated[Address, About("An address or a network.", "192.0.2.0/24", reads=parse_address)], ...],
        About("Addresses and networks.", ("192.0.2.0/24",), most=MOST_AT_ONCE),
    ]
    jails: Annotated[tuple[Annotated[str, _JAIL], ...], _JAILS] = ()
    note: Annotated[str, About("What it is.", "the office", longest=LONGEST_NOTE)] = ""
    seconds: Annotated[
        int | None, About("For so long; for good if left out.", 86_400, least=60, most=_LONGEST_LIFE)
    ] = None
    lifts_bans: Annotated[bool, About("Lift their bans as well.", example=True)] = False


@dataclass(frozen=True, slots=True)
class AllowChangeFailed:
    """One entry that one jail did not take, or not let go of."""

    jail: Annotated[str, About("The name of the jail.", "sshd")]
    entry: Annotated[str, About("The entry.", "192.0.2.0/24")]
    problem: Annotated[str, About("Why.", "fail2ban refused it")]


@dataclass(frozen=True, slots=True)
class AllowMade:
    """What came of an addition."""

    entries: Annotated[tuple[str, ...], About("The entries, in canonical form.", ("192.0.2.0/24",))]
    jails: Annotated[tuple[str, ...], About("The jails that were told.", ("sshd", "recidive"))]
    lifted: Annotated[int, About("How many bans were lifted.", 0)]
    failures: tuple[AllowChangeFailed, ...]


@dataclass(frozen=True, slots=True)
class DisallowAsked:
    """What is to be allowed no longer."""

    entry: Annotated[str, About("An entry as it is listed.", "192.0.2.0/24", reads=parse_id)]
    jail: Annotated[
        tuple[Annotated[str, _JAIL], ...], About("In these jails; in all of them if none is given.", (), most=200)
    ] = ()


@dataclass(frozen=True, slots=True)
class AllowGone:
    """What came of a removal."""

    entry: Annotated[str, About("The entry.", "192.0.2.0/24")]
    jails: Annotated[tuple[str, ...], About("The jails that had it.", ("sshd",))]
    returns_in: Annotated[tuple[str, ...], About("Those whose configuration brings it back at a reload.", ())]
    failures: tuple[AllowChangeFailed, ...]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations of the allow list."""

    async def view(call: Call[Nothing, Nothing]) -> AllowedEntries:
        del call
        found = await _service(site).view()
        return AllowedEntries(tuple(map(_entry, found.lines)), None, found.own_addresses)

    async def allow(call: Call[Nothing, AllowWanted]) -> AllowMade:
        wanted = call.body
        new = NewAllowed(wanted.entries, wanted.jails, wanted.note, wanted.seconds, wanted.lifts_bans)
        added = await _service(site).add(new, call.caller.actor)
        return AllowMade(added.entries, added.jails, added.lifted, tuple(map(_failure, added.failures)))

    async def disallow(call: Call[DisallowAsked, Nothing]) -> AllowGone:
        gone = await _service(site).remove(call.asked.entry, call.asked.jail, call.caller.actor)
        return AllowGone(gone.entry, gone.jails, gone.returns_in, tuple(map(_failure, gone.failures)))

    tag, path, problems = "Allow list", "/allow-list", ("unknown-jail", "refused", "daemon-away", "history-away")
    return (
        Operation(
            "listAllowed", "GET", path, tag, "List what the jails never ban", Scope.READ, view, problems=problems
        ),
        Operation(
            "allow",
            "POST",
            path,
            tag,
            "Never ban addresses and networks",
            Scope.CONFIGURE,
            allow,
            text="The jails are told again after each reload and restart of fail2ban.",
            problems=problems,
        ),
        Operation(
            "disallow", "DELETE", path, tag, "Allow an entry no longer", Scope.CONFIGURE, disallow, problems=problems
        ),
    )


def _service(site: Site) -> AllowListService:
    if site.services.allow_list is None:
        raise ApiError("unavailable", "The allow list cannot be changed from this console.")
    return site.services.allow_list


def _entry(line: AllowLine) -> AllowedEntry:
    return AllowedEntry(
        line.entry,
        line.kind,
        line.origin,
        line.jails,
        line.missing,
        line.for_all,
        line.note,
        line.author,
        moment(line.made),
        moment(line.ends),
    )


def _failure(failure: AllowFailure) -> AllowChangeFailed:
    return AllowChangeFailed(failure.jail, failure.entry, failure.problem)
