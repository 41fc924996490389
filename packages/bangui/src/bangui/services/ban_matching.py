"""Which of the bans in force are meant: a filter as a value, and the test that it makes.

Everything given must hold. What is not known of a ban is not what a filter asks for, so that nothing is taken to match
(and unbanned with all that match) by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bangui.domain.addresses import Address
from bangui.domain.bans import Ban
from bangui.domain.history import Origin
from bangui.domain.places import Place
from bangui.domain.snapshot import Snapshot
from bangui.services.ban_spans import do_meet, span_of, span_of_network

Test = Callable[[Ban], bool]


@dataclass(frozen=True, slots=True)
class BanFilter:
    """Which bans; an empty text, an empty tuple or None asks for nothing.

    `text` stands in the id or in the jail's name, in any case. `within` are addresses and networks: bans of what lies
    in each of them, and bans that cover it. `countries` are codes, `networks` numbers of autonomous systems.
    """

    text: str = ""
    within: tuple[Address, ...] = ()
    jail: str | None = None
    countries: tuple[str, ...] = ()
    networks: tuple[int, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def has_places(self) -> bool:
        """Whether it must be known where each ban's address is."""
        return bool(self.countries or self.networks)


def matching_bans(
    snapshot: Snapshot,
    filter: BanFilter,
    place_of: Callable[[str], Place],
    origin_of: Callable[[Ban], Origin | None],
) -> list[Ban]:
    """Return the bans of a snapshot that a filter lets through, jail by jail in the snapshot's order."""
    found: list[Ban] = []
    for jail in snapshot.bans:
        if filter.jail in (None, jail.jail):
            tests = _tests(filter, jail.jail, place_of, origin_of)
            bans: Iterable[Ban] = jail.bans
            for test in tests:
                bans = [ban for ban in bans if test(ban)]
            found.extend(bans)
    return found


def _tests(
    filter: BanFilter, jail: str, place_of: Callable[[str], Place], origin_of: Callable[[Ban], Origin | None]
) -> list[Test]:
    """Return the tests that the bans of a jail have to stand, the cheapest first."""
    tests: list[Test] = []
    needle = filter.text.casefold()
    if needle and needle not in jail.casefold():
        tests.append(lambda ban: needle in ban.id.casefold())
    tests.extend(map(_meets, filter.within))
    if filter.countries:
        countries = frozenset(filter.countries)
        tests.append(lambda ban: place_of(ban.id).country in countries)
    if filter.networks:
        networks = frozenset(filter.networks)
        tests.append(lambda ban: (network := place_of(ban.id).network) is not None and network.number in networks)
    if filter.origins:
        origins = frozenset(filter.origins)
        tests.append(lambda ban: origin_of(ban) in origins)
    return tests


def _meets(address: Address) -> Test:
    wanted = span_of_network(address.network)
    return lambda ban: (span := span_of(ban.id)) is not None and do_meet(span, wanted)
