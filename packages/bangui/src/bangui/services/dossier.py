"""Use case: everything that a page shows about one id, asked in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Filter
from bangui.domain.places import PlaceFinder
from bangui.domain.story import Story
from bangui.services.ban_days import BanDays, count_ban_days
from bangui.services.network_names import NetworkNames
from bangui.services.story import tell_story


@dataclass(frozen=True, slots=True)
class Dossier:
    """A story with its bans by days (None where there are none) and the name of its network."""

    story: Story
    days: BanDays | None
    network_name: str | None


def read_dossier(
    reader: HistoryReader, places: PlaceFinder, names: NetworkNames, text: str, bans: int, now: datetime
) -> Dossier:
    """Return the dossier of an address, a network or any other text, with so many of its bans."""
    story = tell_story(reader, places, text, bans)
    name = names.name(story.network, story.id)
    if name is None and story.network is not None:
        name = names.name_by_number(story.network, reader)
    return Dossier(story, count_ban_days(reader, _filter_of(text), now), name)


def _filter_of(text: str) -> Filter:
    try:
        address = parse_address(text)
    except InvalidInput:
        return Filter(id=text)
    return Filter(within=address) if address.is_network else Filter(id=address.text)
