"""Places for tests: where an address is follows from its first byte, until a test says otherwise."""

from __future__ import annotations

from bangui.domain.places import NOWHERE, DataSource, IPNetwork, Network, Place

_COUNTRIES = ("CN", "US", "RU", "DE", "BR", "IN", None)


class Places:
    """A finder of places; `version` is the date of its data, and with another one all addresses are elsewhere."""

    def __init__(self, version: int = 0) -> None:
        self.version = version
        self.asked = 0

    def find(self, network: IPNetwork) -> Place:
        """Return a place that depends on nothing but the address and the version."""
        self.asked += 1
        first = network.network_address.packed[0] + self.version
        if first % 11 == 0:
            return NOWHERE
        number = 64_500 + first % 13
        return Place(_COUNTRIES[first % len(_COUNTRIES)], Network(number, f"network {number}"))

    def sources(self) -> tuple[DataSource, ...]:
        """Return one source, with its date."""
        return (DataSource("country", "test", str(self.version), "none", "none"),)
