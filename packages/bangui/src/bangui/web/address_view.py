"""Build the dossier of an id from the live state and what the history tells: pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bangui.domain.addresses import Address, parse_address
from bangui.domain.daemon import Presence
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import StoreError
from bangui.domain.history_queries import Filter
from bangui.domain.kept_ids import kept_id
from bangui.domain.moments import moment_of
from bangui.domain.places import AddressScope, scope_of
from bangui.domain.search_terms import narrowed
from bangui.domain.snapshot import Snapshot
from bangui.domain.story import Story, Surroundings
from bangui.services.ban_days import BanDays
from bangui.services.banned_now import BannedNow
from bangui.services.dossier import Dossier
from bangui.web.address_bans import ban_entries
from bangui.web.address_contexts import (
    AddressView,
    Around,
    CurrentBan,
    CurrentState,
    CurrentView,
    DaysChart,
    Figure,
    JailRow,
    NeighbourRow,
    Neighbours,
    Where,
)
from bangui.web.ban_values import ban_value
from bangui.web.charts import bars_of
from bangui.web.contexts import Remark
from bangui.web.history_query import HistoryQuery, address_path, history_path, query_of_id
from bangui.web.language import LazyTable, lazy, said
from bangui.web.language import gettext as _
from bangui.web.overview import has_numbers


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """What is known of an id: `dossier` is None without a history, `trouble` says that it cannot be read."""

    id: str
    snapshot: Snapshot
    current: BannedNow
    dossier: Dossier | None = None
    trouble: StoreError | None = None
    is_kept: bool = True


def build_address(
    facts: AddressFacts, now: datetime, remarks: tuple[Remark, ...] = (), credits: tuple[str, ...] = ()
) -> AddressView:
    """Return the view of an id."""
    address = _parsed(facts.id)
    id = address.text if address else facts.id
    dossier = facts.dossier
    story = dossier.story if dossier else Story(id, None, (), (), has_more_bans=False)
    everything = query_of_id(id)
    hint, hint_path = _hint(facts.id, address)
    return AddressView(
        now=now,
        id=id,
        is_address=address is not None,
        what=_what(address),
        hint=hint,
        hint_path=hint_path,
        current=_current(facts, id),
        where=_where(dossier),
        figures=tuple(_figures(story, everything)),
        chart=_chart(dossier.days, everything) if dossier and dossier.days else None,
        jails=tuple(_jails(story, everything)),
        bans=tuple(ban_entries(story, now)),
        more_path=history_path(replace(everything, kind="ban")) if story.has_more_bans else None,
        around=tuple(Around(one.id, address_path(one.id), one.bans, moment_of(one.last)) for one in story.around),
        neighbours=tuple(_neighbours(story, dossier)) if dossier else (),
        history_path=history_path(everything),
        is_unseen=dossier is not None and story.is_empty,
        is_kept=facts.is_kept,
        trouble=Remark(facts.trouble.message, facts.trouble.hint) if facts.trouble else None,
        remarks=remarks,
        credits=credits if story.country or story.network else (),
    )


def _parsed(text: str) -> Address | None:
    try:
        return parse_address(text)
    except InvalidInput:
        return None


def _what(address: Address | None) -> str:
    if address is None:
        return _("no address, but a text that fail2ban may ban all the same")
    scope = scope_of(address.network.network_address)
    return (NETWORK_SCOPES if address.is_network else ADDRESS_SCOPES).get(scope, "")


ADDRESS_SCOPES = LazyTable(
    {
        AddressScope.PRIVATE: lazy("private address: only used inside local networks"),
        AddressScope.SHARED: lazy("shared address: between a provider and its customers"),
        AddressScope.LOOPBACK: lazy("loopback address: this machine itself"),
        AddressScope.LINK_LOCAL: lazy("link-local address: only used on one cable or one radio"),
        AddressScope.MULTICAST: lazy("multicast address: nobody can send from it"),
        AddressScope.DOCUMENTATION: lazy("address reserved for examples in documents"),
        AddressScope.UNSPECIFIED: lazy("unspecified address: it stands for any machine"),
        AddressScope.RESERVED: lazy("reserved address: nobody on the internet has it"),
    }
)
NETWORK_SCOPES = LazyTable(
    {
        AddressScope.PRIVATE: lazy("private network: only used inside local networks"),
        AddressScope.SHARED: lazy("shared network: between a provider and its customers"),
        AddressScope.LOOPBACK: lazy("loopback network: this machine itself"),
        AddressScope.LINK_LOCAL: lazy("link-local network: only used on one cable or one radio"),
        AddressScope.MULTICAST: lazy("multicast network: nobody can send from it"),
        AddressScope.DOCUMENTATION: lazy("network reserved for examples in documents"),
        AddressScope.UNSPECIFIED: lazy("unspecified network: it stands for any machine"),
        AddressScope.RESERVED: lazy("reserved network: nobody on the internet has it"),
    }
)


def _hint(text: str, address: Address | None) -> tuple[str, str | None]:
    """Return what could have been meant by a text that is no address, and the search for its beginning."""
    if address is not None:
        return "", None
    try:
        filter = narrowed(Filter(), text)
    except InvalidInput as error:
        return (f"{said(error.message)}: {said(error.hint)}" if error.hint else error.message), None
    if filter.prefix is not None and not text.endswith("*"):
        return _("it looks like the beginning of an address"), history_path(HistoryQuery(q=text))
    return "", None


def _current(facts: AddressFacts, id: str) -> CurrentView:
    snapshot, found = facts.snapshot, facts.current
    is_known = has_numbers(snapshot)
    if not is_known:
        state = CurrentState.UNKNOWN
    elif found.bans:
        state = CurrentState.BANNED
    else:
        state = CurrentState.NOT_FOUND if found.unlisted else CurrentState.NOT_BANNED
    return CurrentView(
        state,
        tuple(
            CurrentBan(
                ban.jail,
                ban.id,
                ban_value(ban.jail, ban.id),
                address_path(ban.id),
                kept_id(ban.id) == id,
                ban.ends_at,
            )
            for ban in found.bans
        ),
        found.inside,
        found.unlisted,
        snapshot.taken_at if is_known else None,
        is_stale=snapshot.daemon.presence is Presence.AWAY,
    )


def _where(dossier: Dossier | None) -> Where:
    if dossier is None:
        return Where(None, None, None, None, None)
    country, network = dossier.story.country, dossier.story.network
    return Where(
        country,
        history_path(HistoryQuery(country=country)) if country else None,
        network,
        dossier.network_name,
        history_path(HistoryQuery(network=f"AS{network}")) if network else None,
    )


def _figures(story: Story, everything: HistoryQuery) -> Iterator[Figure]:
    bans_path = history_path(replace(everything, kind="ban"))
    if story.inside:
        yield Figure(_("Bans in it"), story.inside.bans.value, story.inside.bans.is_exact, path=bans_path)
    summary = story.summary
    if summary is None:
        return
    failures_path = history_path(replace(everything, kind="failure"))
    yield Figure(_("Bans of itself") if story.inside else _("Bans"), summary.bans, path=bans_path)
    yield Figure(_("Failures"), summary.failures, path=failures_path)
    yield Figure(_("First seen"), at=moment_of(summary.first))
    yield Figure(_("Last seen"), at=moment_of(summary.last))


def _chart(days: BanDays, everything: HistoryQuery) -> DaysChart:
    end = days.starts[-1] + timedelta(days=days.step)
    bars = bars_of(days.counts, days.starts, end, replace(everything, kind="ban"))
    return DaysChart(bars, max(days.counts), sum(days.counts), days.step, days.starts[0], days.is_whole)


def _jails(story: Story, everything: HistoryQuery) -> Iterator[JailRow]:
    for jail in sorted(story.jails, key=lambda jail: (-jail.bans, -jail.failures, jail.jail)):
        path = history_path(replace(everything, jail=jail.jail))
        yield JailRow(jail, moment_of(jail.first), moment_of(jail.last), path)


def _neighbours(story: Story, dossier: Dossier) -> Iterator[Neighbours]:
    if story.inside and story.inside.others:
        yield _surroundings(_("In this network"), story.inside.name, story.inside, HistoryQuery(q=story.id))
    if story.subnet and story.subnet.others:
        query = HistoryQuery(q=story.subnet.name)
        yield _surroundings(_("From the same subnet"), story.subnet.name, story.subnet, query)
    if story.system and story.system.others:
        name = f"{story.system.name} {dossier.network_name or ''}".rstrip()
        yield _surroundings(_("From the same network"), name, story.system, HistoryQuery(network=story.system.name))


def _surroundings(title: str, name: str, around: Surroundings, query: HistoryQuery) -> Neighbours:
    rows = tuple(
        NeighbourRow(row.key or "", address_path(row.key or ""), row.bans, row.failures, moment_of(row.last))
        for row in around.others
    )
    return Neighbours(title, name, around.bans, history_path(query), rows)
