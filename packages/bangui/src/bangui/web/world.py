"""The map of the world: the outlines that `tools/make_map.py` has drawn, read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

MAP_FILE = Path(__file__).with_name("world.json")


@dataclass(frozen=True, slots=True)
class Outline:
    """One country: its path (empty where it is only a dot), and the place of its dot where it is too small to hit."""

    path: str
    dot: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class World:
    """The map: its size in units of the paths, and the countries by their codes."""

    width: int
    height: int
    countries: Mapping[str, Outline]


def read_world(file: Path = MAP_FILE) -> World:
    """Return the map of the world."""
    facts = json.loads(file.read_text(encoding="utf-8"))
    countries = {
        code: Outline(outline["path"], tuple(outline["dot"]) if "dot" in outline else None)
        for code, outline in facts["countries"].items()
    }
    return World(facts["width"], facts["height"], MappingProxyType(countries))
