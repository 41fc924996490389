from __future__ import annotations

import sys
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.geo.countries import RegistryCountries, country_code
from bangui.adapters.geo.errors import BrokenGeoData


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        ("XK", "XK"),
        ("ZZ", None),
        ("EU", None),
        ("AP", None),
        ("", None),
        ("D", None),
        ("DEU", None),
        ("A1", None),
        ("ÄÖ", None),
        ("\x1b[", None),
        (None, None),
        (49, None),
        (["D", "E"], None),
    ],
)
def test_only_two_letters_of_a_country_are_a_country(text: object, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("address", "country"),
    [
        # Assigned to these countries since long before any of this was written.
        ("131.188.0.1", "DE"),
        ("8.8.8.8", "US"),
        ("133.1.1.1", "JP"),
        ("2001:4860:4860::8888", "US"),
        ("10.0.0.1", None),
        ("2001:db8::1", None),
        ("255.255.255.255", None),
    ],
)
def test_well_known_addresses_have_the_country_that_they_were_assigned_to(address: str, country: str | None) -> None:
    assert RegistryCountries().country(ip_address(address)) == country


@given(address=st.ip_addresses())
def test_every_address_has_a_country_or_none(address: IPv4Address | IPv6Address) -> None:
    country = RegistryCountries().country(address)
    assert country is None or (len(country) == 2 and country.isupper())


def test_the_source_of_the_countries_is_named_with_its_version() -> None:
    about = RegistryCountries().about
    assert (about.what, about.name) == ("country", "iptocc")
    assert about.date[0].isdigit()
    assert "RIPE NCC" in about.credit


def test_a_module_that_cannot_be_imported_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "iptocc", None)
    with pytest.raises(BrokenGeoData, match="iptocc"):
        RegistryCountries()
