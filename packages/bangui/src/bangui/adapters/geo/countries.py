"""Countries of addresses as `iptocc` knows them: those that the five registries have assigned the addresses to.

Its table is part of a compiled module: nothing is read or unpacked at run time, and a look-up takes less than
converting the address to text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.domain.places import DataSource, IPAddress

# Two letters that registries and publishers use where they have no country to name: nobody, and whole regions.
_NO_COUNTRIES = frozenset({"ZZ", "XX", "EU", "AP"})


def country_code(text: object) -> str | None:
    """Return an ISO 3166-1 alpha-2 code in upper case, or None for what cannot be one."""
    if not isinstance(text, str) or len(text) != 2 or not text.isascii() or not text.isalpha():
        return None
    code = text.upper()
    return None if code in _NO_COUNTRIES else code


def _version_beside(place: Path) -> str:
    """Return the version that the installer has noted; importlib.metadata takes 12 ms and 3 MB to find it."""
    found = sorted(place.glob("iptocc-*.dist-info"))
    return found[-1].name.removesuffix(".dist-info").partition("-")[2] if found else "unknown"


class RegistryCountries:
    """The country that a registry has assigned an address to."""

    def __init__(self) -> None:
        try:
            import iptocc
        except ImportError as error:
            raise BrokenGeoData(f"iptocc cannot be imported: {error}", "install bangui again") from error
        self._look_up: Callable[[str], str | None] = iptocc.country_code
        self._place = Path(iptocc.__file__).parents[1]

    @cached_property
    def about(self) -> DataSource:
        """Where the countries come from."""
        return DataSource(
            what="country",
            name="iptocc",
            date=_version_beside(self._place),
            licence="MIT or Apache-2.0",
            credit="statistics of AFRINIC, APNIC, ARIN, LACNIC and RIPE NCC: assigned to, not used in",
        )

    def country(self, address: IPAddress) -> str | None:
        """Return the country of an address."""
        return country_code(self._look_up(str(address)))
