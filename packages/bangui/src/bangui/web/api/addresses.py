"""The dossier of an address, a network or a banned text: what is in force, and what the history knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.bans import Ban
from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import IdSummary, JailCount, TopRow
from bangui.domain.kept_ids import LONGEST_ID
from bangui.domain.story import Story, Surroundings, ToldBan
from bangui.services.banned_now import BannedNow, banned_now
from bangui.services.dossier import Dossier, read_dossier
from bangui.services.network_names import NetworkNames
from bangui.services.threads import in_thread
from bangui.web.api.event_values import HistoryEvent, history_event
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import history_of, moment
from bangui.web.api.shapes import About
from bangui.web.site import Site


def parse_id(text: str) -> str:
    """Return an id that somebody asks for, or raise `InvalidInput`."""
    if not text.strip():
        raise InvalidInput("an id is empty", "give an address, a network, or a text that was banned")
    return text


@dataclass(frozen=True, slots=True)
class DossierAsked:
    """Whose dossier."""

    id: Annotated[
        str,
        About("An address, a network, or a text that was banned.", "203.0.113.7", longest=LONGEST_ID, reads=parse_id),
    ]
    bans: Annotated[int, About("How many of the newest bans are told.", 10, least=1, most=100)] = 10


@dataclass(frozen=True, slots=True)
class CoveringBan:
    """A ban in force that keeps the address out."""

    jail: Annotated[str, About("The name of the jail.", "sshd")]
    id: Annotated[str, About("What is banned: the id itself, or a network around it.", "203.0.113.7")]
    banned_at: Annotated[datetime, About("When the ban began.", "2026-11-25T16:30:00Z")]
    ends_at: Annotated[datetime | None, About("When it ends by itself.", "2026-11-25T17:30:00Z")]


@dataclass(frozen=True, slots=True)
class KnownId:
    """What was ever counted for an id, and the times of its first and its last ban or failure."""

    id: Annotated[str, About("The id.", "203.0.113.7")]
    bans: Annotated[int, About("Bans.", 3)]
    failures: Annotated[int, About("Failures.", 41)]
    first: Annotated[datetime | None, About("The first of them.", "2026-10-01T02:00:00Z")]
    last: Annotated[datetime | None, About("The last of them.", "2026-11-25T16:30:00Z")]


@dataclass(frozen=True, slots=True)
class JailCounted:
    """What one jail counted for an id."""

    jail: Annotated[str, About("The name of the jail.", "sshd")]
    bans: Annotated[int, About("Bans.", 3)]
    failures: Annotated[int, About("Failures.", 41)]
    first: Annotated[datetime | None, About("The first of them.", "2026-10-01T02:00:00Z")]
    last: Annotated[datetime | None, About("The last of them.", "2026-11-25T16:30:00Z")]


@dataclass(frozen=True, slots=True)
class TracedBan:
    """One ban: what led to it, under which settings, and how it ended."""

    ban: HistoryEvent
    unbanned_at: Annotated[datetime | None, About("When it was lifted or ran out.", "2026-11-25T17:30:00Z")]
    settings: Annotated[
        Mapping[str, str] | None,
        About("The settings of the jail then; null where nobody looked.", {"maxretry": "5", "findtime": "600"}),
    ]


@dataclass(frozen=True, slots=True)
class Around:
    """What came from a network, and who in it was banned most."""

    name: Annotated[str, About("A network, or the number of an autonomous system.", "203.0.113.0/24")]
    bans: Annotated[int, About("Its bans in all.", 12)]
    bans_are_exact: Annotated[bool, About("Whether there are exactly so many, or more.", example=True)]
    others: tuple[KnownId, ...]


@dataclass(frozen=True, slots=True)
class AddressDossier:
    """Everything that is known about an id."""

    id: Annotated[str, About("The id, in canonical form where it is an address.", "203.0.113.7")]
    country: Annotated[str | None, About("Where it is.", "DE")]
    network: Annotated[int | None, About("The number of its autonomous system.", 64_500)]
    network_name: Annotated[str | None, About("The name of its autonomous system.", "EXAMPLE-NET")]
    banned_now: Annotated[tuple[CoveringBan, ...], About("The bans in force that keep it out, the newest first.")]
    banned_inside: Annotated[int, About("How many ids are banned within a network.", 0)]
    unlisted: Annotated[tuple[str, ...], About("Jails that could not be looked into.", ())]
    known: Annotated[KnownId | None, About("What was ever counted for it; null where it was never seen.")]
    jails: tuple[JailCounted, ...]
    bans: Annotated[tuple[TracedBan, ...], About("Its newest bans.")]
    has_more_bans: Annotated[bool, About("Whether there are older ones.", example=False)]
    banned_around: Annotated[tuple[KnownId, ...], About("Networks around it that were banned at some time.")]
    inside: Annotated[Around | None, About("What came from the network that was asked for.", None)]
    subnet: Annotated[Around | None, About("Its /24, or its /48 of IPv6.")]
    system: Annotated[Around | None, About("Its autonomous system.", None)]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations about single ids."""
    names = NetworkNames(site.history.places) if site.history else None

    async def dossier(call: Call[DossierAsked, Nothing]) -> AddressDossier:
        history, snapshot, asked = history_of(site), site.live.snapshot, call.asked
        now = await in_thread(lambda: banned_now(snapshot, asked.id))
        known = names or NetworkNames(history.places)
        found = await history.ask(
            lambda reader: read_dossier(reader, history.places, known, asked.id, asked.bans, call.now)
        )
        return _told(found, now, known)

    return (
        Operation(
            "getAddress",
            "GET",
            "/addresses",
            "Addresses",
            "Tell everything about an address, a network or a banned text",
            Scope.READ,
            dossier,
            text="The id is a parameter and no part of the path, because it may hold anything.",
            problems=("history-away",),
        ),
    )


def _told(found: Dossier, now: BannedNow, names: NetworkNames) -> AddressDossier:
    story = found.story
    return AddressDossier(
        story.id,
        story.country,
        story.network,
        found.network_name,
        tuple(map(_covering, now.bans)),
        now.inside,
        now.unlisted,
        _known(story.summary) if story.summary else None,
        tuple(map(_counted, story.jails)),
        tuple(_traced(ban, names) for ban in story.bans),
        story.has_more_bans,
        tuple(map(_known, story.around)),
        *_surroundings(story),
    )


def _surroundings(story: Story) -> tuple[Around | None, Around | None, Around | None]:
    inside, subnet, system = (
        None if one is None else _around(one) for one in (story.inside, story.subnet, story.system)
    )
    return inside, subnet, system


def _covering(ban: Ban) -> CoveringBan:
    return CoveringBan(ban.jail, ban.id, ban.banned_at, ban.ends_at)


def _known(summary: IdSummary) -> KnownId:
    return KnownId(summary.id, summary.bans, summary.failures, moment(summary.first), moment(summary.last))


def _counted(count: JailCount) -> JailCounted:
    return JailCounted(count.jail, count.bans, count.failures, moment(count.first), moment(count.last))


def _traced(ban: ToldBan, names: NetworkNames) -> TracedBan:
    event = history_event(ban.event, names.name(ban.event.network, ban.event.id), ban.lines)
    return TracedBan(event, moment(ban.unbanned), ban.settings.values if ban.settings else None)


def _around(around: Surroundings) -> Around:
    return Around(around.name, around.bans.value, around.bans.is_exact, tuple(map(_other, around.others)))


def _other(row: TopRow) -> KnownId:
    return KnownId(row.key or "", row.bans, row.failures, moment(row.first), moment(row.last))
