"""Build what the page of the allow list shows: pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bangui.domain.allow_list import AllowLine, AllowOrigin, AllowView, EntryKind, address_of
from bangui.domain.allow_warnings import allow_warning
from bangui.domain.moments import moment_of
from bangui.web.allow_contexts import AllowListView, AllowRow, EmptyAllowList, JailLink, Own, Reach, Viewer
from bangui.web.allow_query import ALLOW_PATH, PAGE_SIZE, AllowQuery, allow_path, matches
from bangui.web.contexts import Remark
from bangui.web.history_contexts import Chip
from bangui.web.history_query import address_path
from bangui.web.history_view import choices_of
from bangui.web.language import LazyText, lazy
from bangui.web.language import gettext as _

_MOST_JAILS = 3
ORIGIN_NAMES: dict[AllowOrigin, LazyText] = {
    AllowOrigin.BANGUI: lazy("BanGUI"),
    AllowOrigin.CONFIGURATION: lazy("Configuration"),
}


@dataclass(frozen=True, slots=True)
class Around:
    """When and for whom a page is made; `trouble` where the daemon could not be asked."""

    now: datetime
    address: str | None = None
    trouble: Remark | None = None


def build_allow_list(allowed: AllowView, query: AllowQuery, around: Around) -> AllowListView:
    """Return what is shown of an allow list."""
    lines = [line for line in allowed.lines if matches(line, query)]
    most = query.most_rows
    return AllowListView(
        now=around.now,
        query=query,
        jails=choices_of([(jail, jail) for jail in allowed.jails], query.jail),
        origins=choices_of([(origin.value, str(name)) for origin, name in ORIGIN_NAMES.items()], query.origin),
        chips=tuple(_chips(query)),
        rows=tuple(_row(line, allowed) for line in lines[:most]),
        total=len(allowed.lines),
        matching=len(lines),
        own=None if around.trouble else _own(allowed),
        viewer=None if around.trouble else _viewer(allowed, around.address),
        empty=None if lines else _why_empty(allowed, query, around),
        trouble=around.trouble,
        more_path=allow_path(replace(query, rows=str(most + 5 * PAGE_SIZE))) if len(lines) > most else None,
        clear_path=ALLOW_PATH,
    )


def _chips(query: AllowQuery) -> Iterator[Chip]:
    base = replace(query, entry="", rows="")
    if query.q:
        text = _("Covers or lies in") if address_of(query.q) else _("Text")
        yield Chip(text, query.q, allow_path(replace(base, q="")))
    if query.jail:
        yield Chip(_("Jail"), query.jail, allow_path(replace(base, jail="")))
    if query.origin:
        names = {origin.value: str(name) for origin, name in ORIGIN_NAMES.items()}
        yield Chip(_("From"), names.get(query.origin, query.origin), allow_path(replace(base, origin="")))


def _row(line: AllowLine, allowed: AllowView) -> AllowRow:
    address = address_of(line.entry)
    names = (*line.jails, *line.missing)
    return AllowRow(
        entry=line.entry,
        kind=line.kind,
        warning=None if address is None else allow_warning(address),
        path=None if address is None else address_path(line.entry),
        origin=line.origin,
        jails=tuple(JailLink(jail, allow_path(AllowQuery(jail=jail))) for jail in names[:_MOST_JAILS]),
        more=max(0, len(names) - _MOST_JAILS),
        all_jails=", ".join(names),
        for_all=line.for_all,
        is_everywhere=line.is_everywhere and len(allowed.jails) > 1,
        missing=", ".join(line.missing),
        stopped=", ".join(line.stopped),
        note=line.note,
        author=line.author,
        since=None if line.made is None else moment_of(line.made),
        ends=None if line.ends is None else moment_of(line.ends),
        removal=_removal(line),
    )


def _removal(line: AllowLine) -> tuple[str, ...] | None:
    if line.kind is EntryKind.FILE:
        return None
    return () if line.for_all else (*line.jails, *line.missing, *line.stopped)


def _own(allowed: AllowView) -> Own | None:
    if not allowed.jails:
        return None
    return Own(_reach(len(allowed.own_addresses), len(allowed.jails)), ", ".join(allowed.own_addresses))


def _reach(count: int, total: int) -> Reach:
    return Reach.EVERYWHERE if count == total else Reach.SOMEWHERE if count else Reach.NOWHERE


def _viewer(allowed: AllowView, text: str | None) -> Viewer | None:
    address = address_of(text or "")
    # On a console that is only reached from the machine itself nobody needs to be told where they come from.
    if address is None or address.network.is_loopback or not allowed.jails:
        return None
    covered = {
        jail
        for line in allowed.lines
        if (entry := address_of(line.entry)) is not None and entry.contains(address)
        for jail in line.jails
    }
    lacking = tuple(jail for jail in allowed.jails if jail not in covered)
    reach = _reach(len(covered), len(allowed.jails))
    return Viewer(address.text, reach, lacking, f"{allow_path(AllowQuery(entry=address.text))}#add")


def _why_empty(allowed: AllowView, query: AllowQuery, around: Around) -> EmptyAllowList:
    if around.trouble:
        return EmptyAllowList.AWAY
    if query.is_filtered and allowed.lines:
        return EmptyAllowList.NO_MATCH
    return EmptyAllowList.NO_ENTRY if allowed.jails else EmptyAllowList.NO_JAIL
