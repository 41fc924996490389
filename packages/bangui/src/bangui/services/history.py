"""Use cases over the history: find events, count them, and list whose they are.

Somebody may search for several addresses, networks or beginnings at once. The store answers for one of them; their
answers are merged here, in order, with nothing in them twice, and never held as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput, UnknownJail
from bangui.domain.history import Event
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import LARGEST_PAGE, Count, Filter, Order, Search, SortKey
from bangui.domain.phrases import phrase
from bangui.services.jails import suggest_jail

_LINES_AT_ONCE = 500


def find(reader: HistoryReader, filters: Sequence[Filter], order: Order, limit: int | None = None) -> Iterator[Event]:
    """Yield the events that any of the filters lets through, in order, each once."""
    if len(filters) == 1:
        yield from _events(reader, filters[0], order, limit)
        return
    answers = [_events(reader, filter, order, limit) for filter in filters]
    yield from islice(_without_twins(merge(*answers, key=_KEYS[order.key], reverse=order.is_descending)), limit)


def count(reader: HistoryReader, filters: Sequence[Filter]) -> Count | None:
    """Return how many events the filters let through; None where an event may pass several of them."""
    if len(filters) > 1 and not _are_apart(filters):
        return None
    counts = [reader.count(filter) for filter in filters]
    return Count(sum(one.value for one in counts), all(one.is_exact for one in counts))


def with_lines(reader: HistoryReader, events: Iterable[Event]) -> Iterator[tuple[Event, tuple[str, ...]]]:
    """Yield each event with its matched lines, reading those of many events at once."""
    remaining = iter(events)
    while part := list(islice(remaining, _LINES_AT_ONCE)):
        numbers = [event.number for event in part if event.line_count]
        lines = reader.lines(numbers) if numbers else {}
        for event in part:
            yield event, lines.get(event.number, ())


def require_jails(reader: HistoryReader, names: Sequence[str]) -> None:
    """Raise `UnknownJail`, with the name that was probably meant, for a jail that never was."""
    known = reader.jails() if names else ()
    for name in names:
        if name not in known:
            raise UnknownJail(name, suggest_jail(name, list(known), phrase("the history knows no jail yet")))


@dataclass(slots=True)
class AddressList:
    """The distinct addresses and networks of events that come in the order of their addresses.

    `left_out` counts the ids among them that are none, once the list has been read to its end.
    """

    events: Iterable[Event]
    left_out: int = 0

    def __iter__(self) -> Iterator[str]:
        # A network sorts among its first address, so one id may come again after another.
        seen: set[str] = set()
        first: object = None
        last_id: str | None = None
        for event in self.events:
            if event.id == last_id:
                continue
            last_id = event.id
            try:
                address = parse_address(event.id)
            except InvalidInput:
                self.left_out += 1
                continue
            if address.network.network_address != first:
                first = address.network.network_address
                seen.clear()
            if address.text not in seen:
                seen.add(address.text)
                yield address.text


def _are_apart(filters: Sequence[Filter]) -> bool:
    """Whether the filters are about different networks, none of which lies in another."""
    networks = [filter.within for filter in filters]
    return all(
        one is not None and (one is other or (other is not None and not one.contains(other)))
        for one in networks
        for other in networks
    )


def _events(reader: HistoryReader, filter: Filter, order: Order, limit: int | None) -> Iterator[Event]:
    if limit is not None and limit <= LARGEST_PAGE:
        return iter(reader.search(Search(filter, order, limit)).events)
    return islice(reader.stream(filter, order), limit)


def _without_twins(events: Iterable[Event]) -> Iterator[Event]:
    """Yield each event once; those that are alike in time come close to each other."""
    time: int | None = None
    seen: set[int] = set()
    for event in events:
        if event.time != time:
            time = event.time
            seen.clear()
        if event.number not in seen:
            seen.add(event.number)
            yield event


def _address_key(event: Event) -> tuple[int, int, str, int, int]:
    try:
        network = parse_address(event.id).network
    except InvalidInput:
        return 9, 0, event.id, event.time, event.number
    return network.version, int(network.network_address), event.id, event.time, event.number


_KEYS: dict[SortKey, Callable[[Event], tuple[object, ...]]] = {
    SortKey.TIME: lambda event: (event.time, event.number),
    SortKey.ADDRESS: _address_key,
    SortKey.JAIL: lambda event: (event.jail, event.time, event.number),
    SortKey.COUNTRY: lambda event: (event.country or "", event.time, event.number),
    SortKey.NETWORK: lambda event: (event.network or 0, event.time, event.number),
}
