from __future__ import annotations

import re
import zlib

from bangui.domain.country_names import country_name
from bangui.web.world import MAP_FILE, read_world

PATH = re.compile(r"(M\d+ \d+l-?\d+(?:[ -]-?\d+)*z)*")


def test_the_map_has_nearly_every_country() -> None:
    world = read_world()
    assert len(world.countries) > 240
    assert all(country_name(code) != code for code in world.countries)
    missing = {"DE", "GF", "HK", "MT", "SG", "TV", "US", "VA", "XK"} - world.countries.keys()
    assert not missing


def test_every_country_can_be_seen_or_is_a_dot() -> None:
    world = read_world()
    for code, outline in world.countries.items():
        assert outline.path or outline.dot, code
        assert PATH.fullmatch(outline.path), code
        if outline.dot:
            x, y = outline.dot
            assert 0 <= x <= world.width
            assert 0 <= y <= world.height


def test_small_countries_are_dots_and_large_ones_are_not() -> None:
    countries = read_world().countries
    assert all(countries[code].dot for code in ("LI", "MC", "MT", "SG", "VA"))
    assert not any(countries[code].dot for code in ("DE", "CN", "US", "CH"))


def test_the_map_is_small_and_says_where_it_is_from() -> None:
    text = MAP_FILE.read_bytes()
    assert len(text) < 120_000
    assert len(zlib.compress(text)) < 40_000
    assert b"Natural Earth" in text
