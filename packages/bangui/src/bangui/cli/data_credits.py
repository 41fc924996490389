"""Where countries and networks come from, in the one line that stands below what shows them."""

from __future__ import annotations

from collections.abc import Sequence

from bangui.cli.inert import inert
from bangui.cli.screen import Screen
from bangui.domain.places import DataSource


def print_credits(screen: Screen, sources: Sequence[DataSource]) -> None:
    """Name the data on a terminal; a list for a program stays a list."""
    if screen.is_terminal and sources:
        named = ", ".join(f"{source.what} by {source.name} ({source.licence})" for source in sources)
        screen.prose(inert(f"{named}: see bangui geo"), "dim")


def credit_values(sources: Sequence[DataSource]) -> list[dict[str, str]]:
    """Return the data as values of JSON."""
    return [
        {
            "what": source.what,
            "name": source.name,
            "date": source.date,
            "licence": source.licence,
            "credit": source.credit,
        }
        for source in sources
    ]
