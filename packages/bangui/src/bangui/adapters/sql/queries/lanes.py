"""Ways through the events of a scope: ranges of an index, each in the order of time.

A lane is what an index has under one value of its leading columns, such as one jail and one kind, or one id; within it
events are sorted by time. All events of a scope are in a few lanes, or in as many as it has ids. So the newest ones of
all are found as in a merge: by the newest of each lane, and from there on in those few lanes that matter.

Which index is walked depends on what is known to be rare. What its columns cannot tell is checked row by row, so it
must be such that rows that pass are not rare: what two rare things have in common is found through `ids`, which knows
where an id is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bangui.adapters.sql.queries.asker import Asker, Given, query
from bangui.adapters.sql.queries.conditions import (
    PLACES,
    About,
    Conditions,
    add_hints,
    add_ids,
    add_places,
    conditions_of,
)
from bangui.adapters.sql.queries.scope import Scope
from bangui.adapters.sql.schema import ORIGIN_CODES
from bangui.domain.history import Origin

MANY_IDS = 20_000
"""More ids are so much of everything that they need not be searched for."""
_SOME_IDS = 2_000
"""Looking at as many costs no more than a page may."""
_FEW_IDS = 200
_ONE_LANE = "(SELECT 1 AS one) v"
_SEEN = ("v.last >= :since", "v.first < :until")


@dataclass(frozen=True, slots=True)
class Lanes:
    """Lanes through an index of `events` (`e`), one for each row of `tables` (`v`).

    `match` are pairs of the columns of `e` and `v` that are equal in a lane, `lane_wanted` says which rows of `v` are
    meant, `wanted` what else the index can tell of an event. `checked` needs the row of an event, and perhaps `joined`.
    Without an index events are found by their numbers.
    """

    index: str
    tables: str
    match: tuple[tuple[str, str], ...] = ()
    lane_wanted: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()
    joined: str = ""
    parameters: dict[str, object] = field(default_factory=dict)
    is_short: bool = False
    """Whether no lane has many events, so that checking all of one is nothing to be afraid of."""

    @property
    def events(self) -> str:
        """The table of events as a query names it."""
        return f"events e INDEXED BY {self.index}" if self.index else "events e"

    @property
    def matching(self) -> tuple[str, ...]:
        """The conditions that an event is in the lane `v`."""
        return tuple(f"e.{column} = v.{of_lane}" for column, of_lane in self.match)

    @property
    def all_tables(self) -> str:
        """The tables of a query for the events of all lanes; its conditions are `all_wanted`."""
        return f"{self.tables} CROSS JOIN {self.events} {self.joined}".rstrip()

    @property
    def all_wanted(self) -> tuple[str, ...]:
        """All conditions on the events of all lanes."""
        return (
            *(*self.lane_wanted, *self.matching, *self.wanted),
            *("e.time >= :since", "e.time < :until"),
            *self.checked,
        )


def choose_lanes(asker: Asker, scope: Scope) -> tuple[Lanes, ...]:
    """Return the lanes through which the events of a scope are found soonest.

    Where two are returned, the first ones are quicker as long as they find what is wanted, the second ones surer. Each
    of them has all events of the scope.
    """
    if scope.has_ids:
        lanes = _id_lanes(asker, scope)
        count = count_ids(asker, scope)
        if count <= (_FEW_IDS if _is_by_somebody(scope) else _SOME_IDS):
            return (lanes,)
        if count <= MANY_IDS and not _is_by_somebody(scope):
            # Looking for words in every event on the way would be no quick way at all.
            return (lanes,) if scope.words is not None else (_range_lanes(asker, scope), lanes)
    if _is_by_somebody(scope):
        return (_origin_lanes(asker, scope),)
    if scope.networks is not None and scope.countries is not None:
        lanes = _place_lanes(asker, scope)
        if _count(asker, lanes, _SOME_IDS) <= _SOME_IDS:
            return (lanes,)
    return (_range_lanes(asker, scope),)


def events_between(asker: Asker, scope: Scope, kinds: Sequence[int] | None = None) -> Lanes:
    """Return a lane for each jail and kind; of the scope no more than times and hosts counts besides."""
    hosts = conditions_of(asker, scope, (About.HOST,))
    lanes = [(jail, kind) for jail in scope.all_jails for kind in kinds or scope.all_kinds]
    given = asker.table("v", ("jail", "kind"), lanes)
    return Lanes(
        "events_jail",
        given.sql,
        (("jail", "jail"), ("kind", "kind")),
        checked=tuple(hosts.wanted),
        parameters=given.parameters | _times(scope),
    )


def count_lanes(asker: Asker, lanes: Lanes, at_most: int) -> int:
    """Return how many events there are in lanes; it stops at the most that is asked for."""
    events = query("1", lanes.all_tables, lanes.all_wanted, "LIMIT :most")
    return int(asker.column(query("count(*)", f"({events}) AS found"), lanes.parameters | {"most": at_most})[0])


def lanes_of_ids(asker: Asker, scope: Scope, tables: str, ids: Conditions) -> Lanes:
    """Return a lane for each row of some tables, which say `v.number` of ids."""
    told = conditions_of(asker, scope, (About.HOST, About.JAIL, About.KIND))
    rest = conditions_of(asker, scope, (About.ORIGIN, *PLACES, About.WORDS))
    return Lanes(
        "events_identity",
        tables,
        (("id", "number"),),
        lane_wanted=tuple(ids.wanted),
        wanted=tuple(told.wanted),
        checked=tuple(rest.wanted),
        parameters=ids.parameters | told.parameters | rest.parameters | _times(scope),
        is_short=True,
    )


def _is_by_somebody(scope: Scope) -> bool:
    """Whether only what no filter wanted is meant, which is rare."""
    return scope.origins is not None and ORIGIN_CODES[Origin.FILTER] not in scope.origins


def _is_by_key(scope: Scope) -> bool:
    return scope.within is not None and scope.id is None and scope.prefix is None


def count_ids(asker: Asker, scope: Scope) -> int:
    """Return how many ids there are that are meant by what they are, or more than many."""
    ids = Conditions()
    add_ids(ids, scope, "v")
    # Networks larger than the one that is asked for are few, and looking at their prefixes would cost too much.
    wanted = tuple(condition for condition in ids.wanted if not condition.startswith("v.prefix"))
    tables = "ids v INDEXED BY ids_key" if _is_by_key(scope) else "ids v"
    return _count(asker, Lanes("", tables, lane_wanted=wanted, parameters=ids.parameters), MANY_IDS)


def _count(asker: Asker, lanes: Lanes, at_most: int) -> int:
    rows = query("1", lanes.tables, lanes.lane_wanted, "LIMIT :most")
    return int(asker.column(query("count(*)", f"({rows}) AS lanes"), lanes.parameters | {"most": at_most + 1})[0])


def _id_lanes(asker: Asker, scope: Scope) -> Lanes:
    """A lane for each id that is meant."""
    ids = Conditions()
    add_ids(ids, scope, "v")
    add_hints(ids, scope, "v")
    ids.wanted += _SEEN
    return lanes_of_ids(asker, scope, "ids v INDEXED BY ids_key" if _is_by_key(scope) else "ids v", ids)


def _place_lanes(asker: Asker, scope: Scope) -> Lanes:
    """A lane for each id that may be both in the countries and in the networks that are meant."""
    there = Conditions()
    add_places(there, "p.network", scope.networks)
    add_places(there, "p.country", scope.countries)
    columns = "p.number, p.first, p.last"
    here = query(columns, "ids p INDEXED BY ids_country", there.wanted)
    moved = query(columns, "ids p INDEXED BY ids_moved", ("p.moved = 1",))
    return lanes_of_ids(asker, scope, f"({here} UNION {moved}) v", Conditions(list(_SEEN), [], there.parameters))


def _origin_lanes(asker: Asker, scope: Scope) -> Lanes:
    given = asker.table("v", ("origin",), [(origin,) for origin in scope.origins or ()])
    rest = _rest(asker, scope, About.ORIGIN)
    return Lanes(
        "events_origin",
        given.sql,
        (("origin", "origin"),),
        wanted=("e.origin <> 1",),
        checked=tuple(rest.wanted),
        joined=" ".join(rest.tables),
        parameters=given.parameters | rest.parameters | _times(scope),
    )


def _range_lanes(asker: Asker, scope: Scope) -> Lanes:
    """A lane for each network; or for each country, jail and kind; or a single one where none of them is asked for."""
    if scope.networks is not None:
        return _network_lanes(asker, scope, scope.networks)
    if scope.countries is None and scope.jails is None and scope.kinds is None:
        rest = _rest(asker, scope)
        return Lanes(
            "events_time",
            _ONE_LANE,
            checked=tuple(rest.wanted),
            joined=" ".join(rest.tables),
            parameters=rest.parameters | _times(scope),
        )
    return _jail_lanes(asker, scope, scope.countries)


def _network_lanes(asker: Asker, scope: Scope, networks: Sequence[int | None]) -> Lanes:
    told = conditions_of(asker, scope, (About.JAIL, About.KIND))
    rest = _rest(asker, scope, About.NETWORK, About.JAIL, About.KIND)
    numbers = [(number,) for number in networks if number is not None]
    given = asker.table("v", ("network",), numbers) if numbers else Given(_ONE_LANE, {})
    return Lanes(
        "events_network",
        given.sql,
        (("network", "network"),) if numbers else (),
        wanted=(*told.wanted, *(() if numbers else ("e.network IS NULL",))),
        checked=tuple(rest.wanted),
        joined=" ".join(rest.tables),
        parameters=given.parameters | told.parameters | rest.parameters | _times(scope),
    )


def _jail_lanes(asker: Asker, scope: Scope, countries: Sequence[str | None] | None) -> Lanes:
    given = asker.table("v", ("jail", "kind"), [(jail, kind) for jail in scope.all_jails for kind in scope.all_kinds])
    rest = _rest(asker, scope, About.JAIL, About.KIND, About.COUNTRY)
    match, tables, parameters = [("jail", "jail"), ("kind", "kind")], given.sql, given.parameters | rest.parameters
    codes = [(code,) for code in countries or () if code is not None]
    if codes:
        of_countries = asker.table("c", ("country",), codes)
        tables = f"({query('*', f'{of_countries.sql} CROSS JOIN {given.sql}')}) v"
        parameters |= of_countries.parameters
        match.append(("country", "country"))
    return Lanes(
        "events_jail" if countries is None else "events_country",
        tables,
        tuple(match),
        wanted=() if countries is None or codes else ("e.country IS NULL",),
        checked=tuple(rest.wanted),
        joined=" ".join(rest.tables),
        parameters=parameters | _times(scope),
    )


def _rest(asker: Asker, scope: Scope, *known: About) -> Conditions:
    return conditions_of(asker, scope, [about for about in About if about not in known])


def _times(scope: Scope) -> dict[str, object]:
    return {"since": scope.since, "until": scope.until}
