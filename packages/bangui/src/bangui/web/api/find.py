"""From a few letters to what they may mean: an address, a jail, a country, a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.country_names import country_codes, country_name
from bangui.services.find_anything import find_here, find_networks
from bangui.services.network_names import NetworkNames
from bangui.services.threads import in_thread
from bangui.web.api.addresses import parse_id
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.shapes import About
from bangui.web.site import Site


@dataclass(frozen=True, slots=True)
class FindAsked:
    """What somebody typed."""

    text: Annotated[str, About("What somebody typed.", "hetz", reads=parse_id)]


@dataclass(frozen=True, slots=True)
class NamedNetwork:
    """An autonomous system."""

    number: Annotated[int, About("Its number.", 64_500)]
    name: Annotated[str | None, About("Its name, where that is known.", "EXAMPLE-NET")]


@dataclass(frozen=True, slots=True)
class Meanings:
    """What a text may mean; of each kind a few."""

    address: Annotated[str | None, About("The address or network that it is, in canonical form.", None)]
    banned: Annotated[tuple[str, ...], About("Ids of bans in force that begin with it.", ())]
    jails: Annotated[tuple[str, ...], About("Jails whose names hold it.", ())]
    countries: Annotated[tuple[str, ...], About("Codes of countries.", ())]
    networks: tuple[NamedNetwork, ...]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operation that finds what a text means."""
    names = NetworkNames(site.history.places) if site.history else None

    async def find(call: Call[FindAsked, Nothing]) -> Meanings:
        text, snapshot, history = call.asked.text, site.live.snapshot, site.history
        countries = {code: country_name(code) for code in country_codes()}
        found = await in_thread(lambda: find_here(text, snapshot, countries))
        networks: tuple[NamedNetwork, ...] = ()
        if history is not None and names is not None:
            known = await history.ask(lambda reader: find_networks(text, reader, names))
            networks = tuple(NamedNetwork(network.number, network.name) for network in known)
        return Meanings(found.address, found.banned, found.jails, found.countries, networks)

    summary = "Tell what a text may mean"
    return (Operation("find", "GET", "/find", "Addresses", summary, Scope.READ, find, problems=("history-away",)),)
