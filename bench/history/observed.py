"""Attacks as the collector would hand them to the writer: observations, and where their ids are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bangui.domain.history import EventKind, Observation, Origin
from bangui.domain.places import NOWHERE, DataSource, IPNetwork, Network, Place
from bench.history.attacks import HOST, JAILS, Attacks, Happening
from bench.history.matched_lines import make_lines


class Places:
    """Knows where some ids are, and of no other."""

    def __init__(self, places: Mapping[str, tuple[str | None, int | None]]) -> None:
        self._places = {
            id: Place(country, None if network is None else Network(network, ""))
            for id, (country, network) in places.items()
        }

    def find(self, network: IPNetwork) -> Place:
        """Return where an address is, or a network."""
        single = network.num_addresses == 1
        return self._places.get(str(network.network_address if single else network), NOWHERE)

    def sources(self) -> tuple[DataSource, ...]:
        """Return no source: it is all made up."""
        return ()


def places_of(attacks: Attacks, happened: Iterable[Happening]) -> dict[str, tuple[str | None, int | None]]:
    """Return country and network of everybody who had to do with what happened."""
    visitors = (attacks.visitors[number] for number in {one.visitor for one in happened})
    return {visitor.id: (visitor.country, visitor.network) for visitor in visitors}


def has_lines(one: Happening) -> bool:
    """Whether there are matched lines: a ban that a filter wanted has some."""
    return one.kind is EventKind.BAN and one.origin is Origin.FILTER


def lines_of(attacks: Attacks, one: Happening) -> tuple[str, ...]:
    """Return the matched lines of what happened."""
    return make_lines(JAILS[one.jail].name, attacks.visitors[one.visitor].id, one.time // 1000)


def observation_of(attacks: Attacks, one: Happening) -> Observation:
    """Return what sources have seen of what happened."""
    return Observation(
        HOST,
        JAILS[one.jail].name,
        attacks.visitors[one.visitor].id,
        one.kind,
        one.time,
        one.source,
        logged=one.time + one.logged,
        ordinal=one.ordinal,
        origin=one.origin,
        duration=one.duration,
        count=one.times,
        failures=one.failures,
        lines=lines_of(attacks, one) if has_lines(one) else (),
    )
