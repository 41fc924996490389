"""Lift bans: of single ids, of many, or of all that match.

Only what is an address, or what the daemon itself lists as banned, is ever named to the daemon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bangui.domain.accounts import Actor, Scope
from bangui.domain.addresses import parse_address
from bangui.domain.ban_wishes import UnbanReport
from bangui.domain.errors import InvalidInput
from bangui.domain.snapshot import Snapshot
from bangui.services.ban_matching import BanFilter
from bangui.web.api.addresses import parse_id
from bangui.web.api.ban_changes import actions_of
from bangui.web.api.bans import BanFilterAsked, require_running
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.shapes import About
from bangui.web.site import Site

_ID = About("What is banned.", "203.0.113.7", reads=parse_id)
_MOST_TOLD = 1_000


@dataclass(frozen=True, slots=True)
class UnbanAsked:
    """Whose bans are lifted, and where."""

    id: Annotated[tuple[Annotated[str, _ID], ...], About("Ids that are banned.", ("203.0.113.7",), most=50)]
    jail: Annotated[
        tuple[Annotated[str, About("The name of a jail.", "sshd")], ...],
        About("In these jails; in all of them if none is given.", ("sshd",), most=50),
    ] = ()


@dataclass(frozen=True, slots=True)
class ChosenBan:
    """One ban in force."""

    jail: Annotated[str, About("The name of the jail.", "sshd")]
    id: Annotated[str, _ID]


@dataclass(frozen=True, slots=True)
class UnbansWanted:
    """Which bans are lifted: exactly one of these is given."""

    bans: Annotated[tuple[ChosenBan, ...], About("These bans.")] = ()
    ids: Annotated[
        tuple[Annotated[str, _ID], ...],
        About("All bans of these ids; a network that is not banned lifts the bans in it.", ("203.0.113.7",)),
    ] = ()
    matching: Annotated[BanFilterAsked | None, About("All bans that match, 10,000 at most.")] = None


@dataclass(frozen=True, slots=True)
class Unbanned:
    """What came of one unban."""

    jail: Annotated[str | None, About("The jail that was asked; null for all of them.", None)]
    id: Annotated[str, About("The id.", "203.0.113.7")]
    jails: Annotated[tuple[str, ...], About("The jails in which this very id was banned.", ("sshd",))]
    lifted: Annotated[int, About("How many bans were lifted.", 1)]
    problem: Annotated[str | None, About("Why it failed.", None)]


@dataclass(frozen=True, slots=True)
class UnbansMade:
    """What came of a request to unban: failures first, and not more than 1,000 lines."""

    items: tuple[Unbanned, ...]
    next: Annotated[str | None, About("Always null.", None)]
    lifted: Annotated[int, About("How many bans were lifted in all.", 1)]
    stopped_by: Annotated[str | None, About("Why not everything was tried; null where it was.", None)]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that lift bans."""

    async def unban(call: Call[UnbanAsked, Nothing]) -> UnbansMade:
        snapshot, asked, actions = site.live.snapshot, call.asked, actions_of(site)
        ids = _ids(snapshot, asked.id, "query", "id")
        for jail in asked.jail:
            require_running(snapshot, jail)
        if not asked.jail:
            return _told(await actions.unban_everywhere(ids, call.caller.actor))
        return _told(await actions.unban([(jail, id) for jail in asked.jail for id in ids], call.caller.actor))

    async def unban_many(call: Call[Nothing, UnbansWanted]) -> UnbansMade:
        return _told(await _lift(site, _one_of(call.body), call.caller.actor))

    problems = ("unknown-jail", "refused", "daemon-away", "history-away")
    return (
        Operation(
            "unban", "DELETE", "/bans", "Bans", "Lift the bans of a few ids", Scope.BAN, unban, problems=problems
        ),
        Operation(
            "unbanMany",
            "POST",
            "/unbans",
            "Bans",
            "Lift many bans, or all that match",
            Scope.BAN,
            unban_many,
            problems=problems,
            example={"bans": [{"jail": "sshd", "id": "203.0.113.7"}]},
        ),
    )


async def _lift(site: Site, wanted: UnbansWanted, actor: Actor) -> UnbanReport:
    snapshot, actions = site.live.snapshot, actions_of(site)
    if wanted.ids:
        return await actions.unban_everywhere(_ids(snapshot, wanted.ids, "body", "ids"), actor)
    if wanted.matching is None:
        return await actions.unban(_chosen(snapshot, wanted.bans), actor)
    filter = wanted.matching.filter
    require_running(snapshot, filter.jail)
    found = await site.ban_search.matching(snapshot, filter)
    return await actions.unban([(ban.jail, ban.id) for ban in found], actor) if found else UnbanReport(())


def _one_of(wanted: UnbansWanted) -> UnbansWanted:
    given = [name for name in ("bans", "ids", "matching") if getattr(wanted, name)]
    if len(given) != 1:
        raise WrongRequest([Mistake("body", "", "expected exactly one of `bans`, `ids` and `matching`")])
    if wanted.matching is not None and wanted.matching.filter == BanFilter():
        hint = "name at least one thing that they have in common"
        raise WrongRequest([Mistake("body", "matching", "this would be every ban", hint)])
    return wanted


def _chosen(snapshot: Snapshot, bans: tuple[ChosenBan, ...]) -> list[tuple[str, str]]:
    for jail in {ban.jail for ban in bans}:
        require_running(snapshot, jail)
    ids = _ids(snapshot, tuple(ban.id for ban in bans), "body", "bans")
    return [(ban.jail, id) for ban, id in zip(bans, ids, strict=True)]


def _ids(snapshot: Snapshot, ids: tuple[str, ...], place: str, field: str) -> list[str]:
    """Return ids as the daemon has them; one that is neither banned nor an address is a mistake."""
    wanted = frozenset(ids)
    banned = {ban.id for jail in snapshot.bans for ban in jail.bans if ban.id in wanted}
    found, mistakes = [], []
    for number, id in enumerate(ids):
        try:
            found.append(id if id in banned else parse_address(id).text)
        except InvalidInput:
            mistakes.append(Mistake(place, f"{field}[{number}]", "this is no address, and is not banned either"))
    if mistakes:
        raise WrongRequest(mistakes)
    return found


def _told(report: UnbanReport) -> UnbansMade:
    changes = sorted(report.changes, key=lambda one: one.problem is None)[:_MOST_TOLD]
    items = tuple(Unbanned(one.jail, one.id, one.jails, one.lifted, one.problem) for one in changes)
    return UnbansMade(items, None, report.lifted, report.stopped_by.message if report.stopped_by else None)
