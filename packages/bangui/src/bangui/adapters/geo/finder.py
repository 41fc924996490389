"""Finds places in a user's own data first, and then in the data that comes with BanGUI.

A broken file of the user is told once and left out: a service without countries is better than none. A file that is
replaced while the service runs is noticed within seconds; when the new one is broken, the old one stays in use.

Thread-safe: what is in use is one value that is exchanged as a whole; one thread looks for new files while the others
go on with the old ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeVar

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.files import (
    OPENERS,
    CountrySource,
    NetworkSource,
    Opened,
    Stamp,
    open_built_in_countries,
    open_built_in_networks,
    stamp_of,
)
from bangui.domain.places import NOWHERE, DataSource, IPAddress, IPNetwork, Place, is_global, underlying

T = TypeVar("T")

Warn = Callable[[str, str], None]

_SECONDS_BETWEEN_LOOKS = 3.0
# Attackers come back: this many answers, at some 250 bytes, save nearly all look-ups.
_PLACES_KEPT = 8_192
# Of a network with more addresses so many are asked, evenly spread: each /24 of a /16.
_ADDRESSES_ASKED = 256


def warn_in_log(path: str, problem: str) -> None:
    """Tell whoever runs the service that data is not used."""
    import logging

    logging.getLogger(__name__).warning("geo_data_not_used", extra={"path": path, "problem": problem})


def open_place_finder(folder: Path | None, warn: Warn = warn_in_log) -> GeoFinder:
    """Open the data of a folder and that of BanGUI; no file that is missing or broken is an error."""
    return GeoFinder(folder, warn)


class _InUse(NamedTuple):
    """What is asked, in this order, and the answers that are remembered."""

    countries: tuple[CountrySource, ...]
    networks: tuple[NetworkSource, ...]
    find: Callable[[int, int, int], Place]


@dataclass(slots=True)
class _File:
    """A file of the user: its state when it was last looked at, and what of it is in use."""

    path: Path
    open: Callable[[Path], Opened]
    stamp: Stamp | None = None
    opened: Opened = field(default_factory=Opened)
    problem: str | None = None


class GeoFinder:
    """The finder of places of this machine."""

    def __init__(self, folder: Path | None, warn: Warn, clock: Callable[[], float] = time.monotonic) -> None:
        self._warn = warn
        self._clock = clock
        self._files = [_File(folder / name, opener) for name, opener in OPENERS.items()] if folder else []
        self._lock = Lock()
        self._own_problems: list[str] = []
        self._own = [self._open_own(open_built_in_countries), self._open_own(open_built_in_networks)]
        self._look_for_changes()
        self._next_look = clock() + _SECONDS_BETWEEN_LOOKS
        self._in_use = self._collect()

    def find(self, network: IPNetwork) -> Place:
        """Return where a network or an address is; never raises."""
        return self._current().find(network.version, int(network.network_address), network.prefixlen)

    def sources(self) -> tuple[DataSource, ...]:
        """Return where the answers come from, in the order in which they are asked."""
        in_use = self._current()
        return (*(source.about for source in in_use.countries), *(source.about for source in in_use.networks))

    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with data that is not in use."""
        self._current()
        return (*(file.problem for file in self._files if file.problem), *self._own_problems)

    def _current(self) -> _InUse:
        """Return what is in use, after a look at the files where it is time for one."""
        if self._clock() >= self._next_look and self._lock.acquire(blocking=False):
            try:
                if self._look_for_changes():
                    self._in_use = self._collect()
                self._next_look = self._clock() + _SECONDS_BETWEEN_LOOKS
            finally:
                self._lock.release()
        return self._in_use

    def _look_for_changes(self) -> bool:
        """Open again what has changed, and return whether anything has."""
        changed = [self._look_at(file) for file in self._files]
        return any(changed)

    def _look_at(self, file: _File) -> bool:
        stamp = stamp_of(file.path)
        if stamp == file.stamp:
            return False
        file.stamp, file.problem = stamp, None
        if stamp is None:
            file.opened = Opened()
            return True
        try:
            file.opened = file.open(file.path)
        except BrokenGeoData as error:
            file.problem = f"{error.message}: {error.hint}"
            self._warn(str(file.path), file.problem)
        return True

    def _open_own(self, opener: Callable[[], Opened]) -> Opened:
        try:
            return opener()
        except BrokenGeoData as error:
            self._own_problems.append(f"{error.message}: {error.hint}")
            self._warn("built-in data", error.message)
            return Opened()

    def _collect(self) -> _InUse:
        opened = [*(file.opened for file in self._files), *self._own]
        countries = tuple(each.country for each in opened if each.country)
        networks = tuple(each.network for each in opened if each.network)

        @lru_cache(_PLACES_KEPT)
        def find(version: int, first: int, length: int) -> Place:
            kind = IPv4Network if version == 4 else IPv6Network
            network = underlying(kind((first, length)))
            if not is_global(network):
                return NOWHERE
            return Place(
                _in_common(network, [source.country for source in countries]),
                _in_common(network, [source.network for source in networks]),
            )

        return _InUse(countries, networks, find)


def _in_common(network: IPNetwork, sources: Sequence[Callable[[IPAddress], T | None]]) -> T | None:
    """Return what the sources answer for all addresses of a network that they know, None where that differs."""
    found: T | None = None
    for address in _spread(network):
        answer = next((answer for ask in sources if (answer := ask(address)) is not None), None)
        if answer is not None and found is not None and answer != found:
            return None
        found = found if answer is None else answer
    return found


def _spread(network: IPNetwork) -> Iterator[IPAddress]:
    """Yield addresses of a network from its first on, evenly spread where it has more than can be asked."""
    if network.num_addresses == 1:
        yield network.network_address
        return
    step = max(1, network.num_addresses // _ADDRESSES_ASKED)
    for offset in range(0, network.num_addresses, step):
        yield network[offset]
