"""The allow list of a host as one list: what its jails never ban, where each entry comes from, and who wrote what.

The daemon knows entries of jails (`ignoreip`) and nothing about them. What BanGUI was asked for is in its own notes
(`domain/allow_notes.py`): an entry that a note asks for is BanGUI's, unless it was there before; every other one is
taken for the configuration's. One entry may stand in several lines, a line for each note and one for the rest.

Entries are compared as addresses where they are addresses, because programs spell IPv6 in more than one way. Names and
files of addresses (`file:PATH`) are shown as the daemon names them; neither is looked up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from bangui.domain.addresses import Address, parse_address
from bangui.domain.allow_notes import AllowNote
from bangui.domain.errors import InvalidInput
from bangui.domain.jails import AllowList

_FILE = "file:"


class AllowResult(Enum):
    """What happened to one entry of one jail."""

    DONE = "done"
    ALREADY = "already"
    """It was so before."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AllowedOne:
    """One entry after a change; `problem` says why it failed."""

    entry: str
    result: AllowResult
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class AllowOutcome:
    """What came of a change of the allow list of one jail."""

    host: str
    jail: str
    entries: tuple[AllowedOne, ...]


class AllowAction(Enum):
    """What is done with allow lists, as the audit trail names it."""

    ADD = "allow.add"
    REMOVE = "allow.remove"
    EXPIRE = "allow.expire"


class AllowOrigin(Enum):
    """Where an entry comes from."""

    BANGUI = "bangui"
    CONFIGURATION = "configuration"
    """It was not BanGUI that put it there: fail2ban's configuration, or another program."""


class EntryKind(Enum):
    """What an entry is."""

    ADDRESS = "address"
    NETWORK = "network"
    NAME = "name"
    """fail2ban asks DNS for it."""
    FILE = "file"
    """fail2ban reads addresses from it."""


@dataclass(frozen=True, slots=True)
class AllowLine:
    """One entry of one origin.

    `jails` are those where it is in force now, `missing` those where a note wants it and it is not, `stopped` those
    that a note is about and that do not run. `for_all` is whether it is meant for every jail, also for those to come;
    `is_everywhere` whether it is in every jail that runs. Times are Unix milliseconds; there is no author where nobody
    noted anything.
    """

    entry: str
    kind: EntryKind
    origin: AllowOrigin
    jails: tuple[str, ...]
    missing: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    for_all: bool = False
    is_everywhere: bool = False
    note: str = ""
    author: str = ""
    made: int | None = None
    ends: int | None = None


@dataclass(frozen=True, slots=True)
class AllowView:
    """The allow list of a host. `own_addresses` are the jails that never ban the machine's own (`ignoreself`)."""

    host: str
    jails: tuple[str, ...]
    lines: tuple[AllowLine, ...]
    own_addresses: tuple[str, ...]


def address_of(entry: str) -> Address | None:
    """Return an entry as an address; None for a name or a file."""
    try:
        return parse_address(entry)
    except InvalidInput:
        return None


def canonical_entry(entry: str) -> str:
    """Return the one spelling by which entries are compared."""
    address = address_of(entry)
    if address is None:
        return entry
    # fail2ban lists a network of everything without its length: like an address that nobody can have.
    return address.text if int(address.network.network_address) or address.is_network else f"{address.text}/0"


def kind_of(entry: str) -> EntryKind:
    """Return what an entry is."""
    address = address_of(entry)
    if address is not None:
        return EntryKind.NETWORK if address.is_network else EntryKind.ADDRESS
    return EntryKind.FILE if entry.startswith(_FILE) else EntryKind.NAME


def allow_view(host: str, lists: Sequence[AllowList], notes: Iterable[AllowNote]) -> AllowView:
    """Return what the jails of a host allow, with what the notes say about it, in the order of addresses."""
    present = {one.jail: {canonical_entry(entry) for entry in one.entries} for one in lists}
    lines, told = _noted_lines(present, notes)
    rest: dict[str, list[str]] = defaultdict(list)
    for jail, entries in present.items():
        for entry in entries - told[jail]:
            rest[entry].append(jail)
    for entry, jails in rest.items():
        is_everywhere = len(jails) == len(present)
        lines.append(
            AllowLine(entry, kind_of(entry), AllowOrigin.CONFIGURATION, tuple(jails), is_everywhere=is_everywhere)
        )
    own = tuple(one.jail for one in lists if one.own_addresses)
    return AllowView(host, tuple(present), tuple(sorted(lines, key=_in_order)), own)


def _noted_lines(
    present: dict[str, set[str]], notes: Iterable[AllowNote]
) -> tuple[list[AllowLine], dict[str, set[str]]]:
    """Return a line for each note, and the entries of each jail that these tell of."""
    same: dict[tuple[object, ...], list[AllowNote]] = defaultdict(list)
    for note in notes:
        # Written together, for several jails.
        same[note.entry, note.note, note.author, note.made, note.ends].append(note)
    lines = []
    told: dict[str, set[str]] = defaultdict(set)
    for group in same.values():
        first = group[0]
        wanted = [jail for jail in present if any(note.is_about(jail) for note in group)]
        jails = tuple(jail for jail in wanted if first.entry in present[jail])
        found_before = {jail for note in group for jail in note.found_in}
        for jail in jails:
            told[jail].add(first.entry)
        lines.append(
            AllowLine(
                entry=first.entry,
                kind=kind_of(first.entry),
                origin=_origin(jails, found_before),
                jails=jails,
                missing=tuple(jail for jail in wanted if jail not in jails),
                stopped=tuple(note.jail for note in group if note.jail is not None and note.jail not in present),
                for_all=any(note.jail is None for note in group),
                is_everywhere=0 < len(present) == len(jails),
                note=first.note,
                author=first.author,
                made=first.made,
                ends=first.ends,
            )
        )
    return lines, told


def _origin(jails: tuple[str, ...], found_before: set[str]) -> AllowOrigin:
    is_configured = bool(jails) and found_before.issuperset(jails)
    return AllowOrigin.CONFIGURATION if is_configured else AllowOrigin.BANGUI


def _in_order(line: AllowLine) -> tuple[int, int, int, str, int]:
    address = address_of(line.entry)
    if address is None:
        return 9, 0, 0, line.entry, line.made or 0
    network = address.network
    return network.version, int(network.network_address), network.prefixlen, "", line.made or 0
