"""The names of networks. The history keeps their numbers: names change, and take more room than an event."""

from __future__ import annotations

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Dimension, Filter, Metric, Top
from bangui.domain.places import PlaceFinder

# Of those that have addresses in more than one network over the years, a few are asked for their name again.
_TRIES = 8


class NetworkNames:
    """Finds the name of a network by an address that it was recorded with, and remembers it.

    An address may have moved to another network since; then that address tells nothing.
    """

    def __init__(self, places: PlaceFinder) -> None:
        self._places = places
        self._names: dict[int, str] = {}
        self._tries: dict[int, int] = {}

    def name(self, number: int | None, id: str) -> str | None:
        """Return the name of the network that was recorded with an id; None where nobody knows."""
        if number is None:
            return None
        if number not in self._names and self._tries.get(number, 0) < _TRIES:
            self._tries[number] = self._tries.get(number, 0) + 1
            self._look_up(number, id)
        return self._names.get(number) or None

    def name_by_number(self, number: int, reader: HistoryReader) -> str | None:
        """Return the name of a network, found by some address in the history."""
        if number not in self._names:
            for metric in Metric:
                top = Top(Dimension.ADDRESS, metric, Filter(networks=(number,)), _TRIES)
                for row in reader.top(top):
                    self.name(number, row.key or "")
        return self._names.get(number) or None

    def _look_up(self, number: int, id: str) -> None:
        try:
            network = self._places.find(parse_address(id).network).network
        except InvalidInput:
            return
        if network is not None and network.number == number:
            self._names[number] = network.name
