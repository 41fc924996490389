"""The pages that the navigation leads to, in its order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bangui.domain.accounts import Scope
from bangui.web.access import Caller
from bangui.web.language import LazyText, lazy


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: where it leads, what it is called, and what its readers must be allowed."""

    path: str
    name: LazyText
    needs: Scope = Scope.READ


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry as a page shows it."""

    path: str
    name: str
    is_here: bool


_PLACES = (
    Place("/", lazy("Overview")),
    Place("/bans", lazy("Bans")),
    Place("/jails", lazy("Jails")),
    Place("/allow-list", lazy("Allow list")),
    Place("/history", lazy("History")),
    Place("/map", lazy("Map")),
    Place("/log", lazy("Log"), Scope.CONFIGURE),
    Place("/audit", lazy("Audit"), Scope.ADMINISTER),
    Place("/settings", lazy("Settings")),
)


def navigation(caller: Caller | None, existing: Collection[str], here: str) -> Iterator[NavigationItem]:
    """Yield the entries that lead somewhere and that the caller may follow; `here` is the path of this page's entry."""
    for place in _PLACES:
        if place.path in existing and caller is not None and caller.may(place.needs):
            yield NavigationItem(place.path, str(place.name), place.path == here)
