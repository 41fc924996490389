"""Events of the history: found, counted, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import LARGEST_PAGE, Order, Search, SortKey
from bangui.services.history_search import FoundPage, HistorySearch
from bangui.web.api.event_filters import EventsWanted
from bangui.web.api.event_values import HistoryEvent, history_event
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import history_of
from bangui.web.api.shapes import About
from bangui.web.site import Site

_LONGEST_PLACE = 4_000


@dataclass(frozen=True, slots=True)
class EventsAsked(EventsWanted):
    """Which page of which events."""

    sort: Annotated[SortKey, About("By what the list is sorted.", "time")] = SortKey.TIME
    descending: Annotated[bool, About("The newest, the last, the largest first.", example=True)] = True
    lines: Annotated[bool, About("Whether the matched lines come too.", example=False)] = False
    limit: Annotated[int, About("Events in one answer.", 50, least=1, most=LARGEST_PAGE)] = 50
    after: Annotated[str | None, About("`next` of the page before.", None, longest=_LONGEST_PLACE)] = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of events."""

    items: tuple[HistoryEvent, ...]
    next: Annotated[str | None, About("Send it as `after` for the next page; null on the last one.", None)]
    count: Annotated[int, About("How many events there are in all.", 1_204)]
    count_is_exact: Annotated[bool, About("Whether there are exactly so many, or more.", example=True)]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that look for events."""
    search = HistorySearch(site.history.places) if site.history else None

    async def events(call: Call[EventsAsked, Nothing]) -> EventPage:
        history, asked = history_of(site), call.asked
        order = Order(asked.sort, asked.descending)
        question = Search(asked.filter, order, asked.limit, asked.after or None)
        return await history.ask(lambda reader: _page(reader, search or HistorySearch(history.places), question, asked))

    return (
        Operation(
            "listEvents",
            "GET",
            "/events",
            "History",
            "Find what happened",
            Scope.READ,
            events,
            problems=("unknown-jail", "history-away"),
        ),
    )


def _page(reader: HistoryReader, search: HistorySearch, question: Search, asked: EventsAsked) -> EventPage:
    answer = search.answer(reader, question)
    if answer.unknown_jail is not None:
        raise answer.unknown_jail
    if answer.is_lost or answer.page is None:
        hint = "send `next` of the page before, with the same parameters"
        raise WrongRequest([Mistake("query", "after", "this is no place in this list", hint)])
    return _told(reader, answer.page, has_lines=asked.lines)


def _told(reader: HistoryReader, page: FoundPage, *, has_lines: bool) -> EventPage:
    lines = reader.lines([event.number for event in page.events if event.line_count]) if has_lines else {}
    items = tuple(
        history_event(event, page.networks.get(event.network or 0), lines.get(event.number, ()))
        for event in page.events
    )
    return EventPage(items, page.next, page.count.value, page.count.is_exact)
