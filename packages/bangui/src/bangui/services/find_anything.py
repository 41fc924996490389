"""Use case: from a few letters to what they may mean: an address, a jail, a country, a network.

What is known without asking comes first (jails and bans of the live state), then what the history knows. Names of
countries are the reader's own, so they are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Dimension, Top
from bangui.domain.snapshot import Snapshot
from bangui.services.network_names import NetworkNames

LONGEST_TEXT = 500
_MOST = 8
# Networks are found by name among those with the most bans.
_NETWORKS = 200


@dataclass(frozen=True, slots=True)
class FoundNetwork:
    """A network by its number, and its name where that is known."""

    number: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a text may mean. `address` is one in canonical form, or the id of a ban that is in force.

    `banned` are ids of bans in force that begin with the text.
    """

    text: str
    address: str | None = None
    jails: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    networks: tuple[FoundNetwork, ...] = ()
    banned: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether the text means nothing that is known."""
        return not (self.address or self.jails or self.countries or self.networks or self.banned)


def find_here(text: str, snapshot: Snapshot, countries: Mapping[str, str]) -> Found:
    """Return what the live state knows of a text, and countries (by code, with the names that the reader knows)."""
    wanted = text.strip()[:LONGEST_TEXT]
    low = wanted.casefold()
    if not low:
        return Found("")
    jails = [jail.name for jail in snapshot.jails if low in jail.name.casefold()]
    jails.sort(key=lambda name: (name.casefold() != low, not name.casefold().startswith(low), name))
    codes = [code for code, name in countries.items() if low == code.casefold() or _is_word_of(low, name.casefold())]
    codes.sort(key=lambda code: (code.casefold() != low, not countries[code].casefold().startswith(low), code))
    beginning = (ban.id for bans in snapshot.bans for ban in bans.bans if ban.id.casefold().startswith(low))
    banned = tuple(dict.fromkeys(islice(beginning, _MOST)))
    return Found(wanted, _address(wanted, banned), tuple(jails[:_MOST]), tuple(codes[:_MOST]), (), banned)


def find_networks(text: str, reader: HistoryReader, names: NetworkNames) -> tuple[FoundNetwork, ...]:
    """Return the networks of the history that a text names, by number (`AS4134`) or by a part of the name."""
    low = text.strip().casefold()
    number = low.removeprefix("as")
    if number.isascii() and number.isdecimal() and len(number) <= 10 and (low.startswith("as") or len(number) > 2):
        wanted = int(number)
        return (FoundNetwork(wanted, names.name_by_number(wanted, reader)),)
    if len(low) < 2:
        return ()
    numbers = [int(row.key) for row in reader.top(Top(Dimension.NETWORK, limit=_NETWORKS)) if row.key]
    named = ((number, names.name_by_number(number, reader) or "") for number in numbers)
    return tuple(islice((FoundNetwork(number, name) for number, name in named if low in name.casefold()), _MOST))


def _is_word_of(low: str, name: str) -> bool:
    return len(low) > 1 and (name.startswith(low) or any(word.startswith(low) for word in name.split()))


def _address(text: str, banned: Sequence[str]) -> str | None:
    try:
        return parse_address(text).text
    except InvalidInput:
        return text if text in banned else None
