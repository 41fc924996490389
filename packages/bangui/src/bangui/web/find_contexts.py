"""What the page of the search from anywhere gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bangui.web.contexts import Frame


@dataclass(frozen=True, slots=True)
class FoundLink:
    """Something that was found: hostile text, and where it leads."""

    text: str
    path: str
    note: str = ""
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """What was found of one kind."""

    name: str
    links: tuple[FoundLink, ...]


@dataclass(frozen=True, slots=True)
class FindPage:
    """The page at `/search`. `further` are searches with the same text elsewhere."""

    template: ClassVar[str] = "find.html"
    frame: Frame
    text: str
    groups: tuple[FoundGroup, ...]
    further: tuple[FoundLink, ...]
