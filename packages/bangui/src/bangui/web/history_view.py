"""Build what the history shows of a search and its answer: pure, no I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from bangui.domain.filter_words import KIND_WORDS, ORIGIN_WORDS
from bangui.domain.history import Event
from bangui.domain.history_ports import StoreError
from bangui.domain.history_queries import Order, SortKey
from bangui.domain.moments import moment_of
from bangui.domain.phrases import phrase
from bangui.services.history_search import FoundPage, SearchAnswer
from bangui.web.contexts import Remark
from bangui.web.country_words import country_name
from bangui.web.event_words import ORIGIN_NAMES, asker, kind_name
from bangui.web.history_contexts import (
    Choice,
    EmptyHistory,
    EventRow,
    Head,
    HistoryView,
    NetworkLink,
    SearchForm,
)
from bangui.web.history_filters import chips_of
from bangui.web.history_query import (
    EXPORT_PATH,
    HISTORY_PATH,
    RANGES,
    Asked,
    FieldProblem,
    HistoryQuery,
    address_path,
    history_path,
    next_page,
    sorted_by,
    told_at,
)
from bangui.web.language import LazyText, lazy, lazy_in
from bangui.web.text import marked

_LONGEST_LINE = 1_000
_MOST_LINES = 3

_COLUMNS: tuple[tuple[str, LazyText, SortKey | None], ...] = (
    ("time", lazy("Time"), SortKey.TIME),
    ("kind", lazy("Kind"), None),
    ("address", lazy("Address"), SortKey.ADDRESS),
    ("jail", lazy("Jail"), SortKey.JAIL),
    ("country", lazy("Country"), SortKey.COUNTRY),
    ("network", lazy("Network"), SortKey.NETWORK),
    ("for", lazy_in("length of a ban", "For"), None),
    ("note", lazy("Note"), None),
)
_SELDOM = ("network", "words", "origin", "since", "until")
_EXPORTS = (
    (lazy("CSV"), {"format": "csv"}),
    (lazy("JSON lines"), {"format": "jsonl"}),
    (lazy("addresses"), {"format": "list"}),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a search went: its answer, or the trouble with the history; neither where no history is kept."""

    answer: SearchAnswer | None = None
    trouble: StoreError | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What a page says about the history as a whole."""

    now: datetime
    remarks: tuple[Remark, ...] = ()
    credits: tuple[str, ...] = ()


def build_history(query: HistoryQuery, asked: Asked, outcome: Outcome, around: Around) -> HistoryView:
    """Return the view of a search."""
    answer = outcome.answer or SearchAnswer()
    page = answer.page
    problems = _problems(asked, answer)
    empty = _why_empty(query, outcome, problems)
    is_somewhere_else = query.after != "" and not answer.is_lost
    return HistoryView(
        now=around.now,
        form=_form(query, answer, problems),
        chips=chips_of(query, asked.filter, page.networks if page else {}),
        heads=tuple(_heads(query, asked.order)),
        rows=tuple(_row(event, query, page) for event in page.events) if page else (),
        count=page.count if page else None,
        next_path=_next_path(query, page, around.now),
        newest_path=history_path(query.first_page) if is_somewhere_else or answer.is_lost else None,
        exports=_exports(query) if page and page.events else (),
        empty=empty,
        trouble=_trouble(outcome),
        remarks=around.remarks,
        credits=around.credits if page and page.events else (),
        clear_path=HISTORY_PATH,
        jail_path=_jail_path(query, answer) if empty is EmptyHistory.NO_MATCH else None,
        all_time_path=_all_time_path(query) if empty is EmptyHistory.NO_MATCH else None,
    )


def _next_path(query: HistoryQuery, page: FoundPage | None, now: datetime) -> str | None:
    return history_path(next_page(query, page.next, told_at(query, now))) if page and page.next else None


def _problems(asked: Asked, answer: SearchAnswer) -> Mapping[str, FieldProblem]:
    if answer.unknown_jail is None:
        return asked.problems
    problem = FieldProblem(phrase("the history knows no jail of this name"), answer.unknown_jail.hint)
    return {**asked.problems, "jail": problem}


def _why_empty(query: HistoryQuery, outcome: Outcome, problems: Mapping[str, FieldProblem]) -> EmptyHistory | None:
    answer = outcome.answer
    if outcome.trouble:
        return EmptyHistory.TROUBLE
    if answer is None:
        return EmptyHistory.NOT_KEPT
    if problems:
        return EmptyHistory.WRONG_FIELD
    if answer.is_lost:
        return EmptyHistory.LOST_PLACE
    if answer.page is None or answer.page.events:
        return None
    if answer.page.is_new:
        return EmptyHistory.NOTHING_YET
    return EmptyHistory.PAGE_GONE if query.after else EmptyHistory.NO_MATCH


def _trouble(outcome: Outcome) -> Remark | None:
    return Remark(outcome.trouble.message, outcome.trouble.hint) if outcome.trouble else None


def _form(query: HistoryQuery, answer: SearchAnswer, problems: Mapping[str, FieldProblem]) -> SearchForm:
    countries = [(code, country_name(code)) for code in answer.choices.countries]
    is_range = query.since in RANGES and not query.until
    return SearchForm(
        query=query,
        kinds=choices_of([(word, kind_name(kind)) for word, kind in KIND_WORDS.items()], query.kind.lower()),
        jails=choices_of([(jail, jail) for jail in answer.choices.jails], query.jail),
        countries=choices_of(sorted(countries, key=lambda choice: choice[1]), query.country.upper()),
        origins=choices_of(
            [(word, ORIGIN_NAMES[origin]) for word, origin in ORIGIN_WORDS.items()], query.origin.lower()
        ),
        ranges=tuple(Choice(value, text, is_range and value == query.since) for value, text in RANGES.items()),
        problems=problems,
        is_wide=not problems.keys().isdisjoint(_SELDOM),
    )


def choices_of(known: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    """Return the choices; one that is chosen and not among the known ones (several values, a mistake) is added."""
    choices = [Choice(value, text, value == chosen) for value, text in known]
    if chosen and not any(choice.is_chosen for choice in choices):
        choices.append(Choice(chosen, chosen.replace(",", ", "), is_chosen=True))
    return tuple(choices)


def _heads(query: HistoryQuery, order: Order) -> Iterator[Head]:
    for look, text, key in _COLUMNS:
        name = str(text)
        if key is None:
            yield Head(name, look=look)
        elif key is order.key:
            turned = sorted_by(query, replace(order, is_descending=not order.is_descending))
            yield Head(name, history_path(turned), "descending" if order.is_descending else "ascending", look)
        else:
            turned = sorted_by(query, Order(key, is_descending=key is SortKey.TIME))
            yield Head(name, history_path(turned), look=look)


def _row(event: Event, query: HistoryQuery, page: FoundPage) -> EventRow:
    base = query.first_page
    number = event.network
    network = (
        NetworkLink(number, page.networks.get(number), history_path(replace(base, network=f"AS{number}")))
        if number
        else None
    )
    return EventRow(
        key=str(event.number),
        at=moment_of(event.time),
        kind=event.kind,
        id=event.id,
        id_path=address_path(event.id),
        jail=event.jail,
        jail_path=history_path(replace(base, jail=event.jail)),
        country=event.country,
        country_path=history_path(replace(base, country=event.country)) if event.country else None,
        network=network,
        duration=event.duration,
        nth=event.count if event.count and event.count > 1 else None,
        by=asker(event),
        reason=event.reason or "",
        lines=tuple(_found_lines(page.lines.get(event.number, ()), query.words)),
    )


def _found_lines(lines: Sequence[str], words: str) -> Iterator[Markup]:
    """Return the lines in which the words stand, or the last ones where they stand in several together."""
    wanted = words_pattern(words)
    if wanted is None or not lines:
        return
    found = [line for line in lines if wanted.search(line)] or lines
    for line in found[-_MOST_LINES:]:
        yield marked(line, wanted, _LONGEST_LINE)


def words_pattern(words: str) -> re.Pattern[str] | None:
    """Return what finds the words of a search in a line: each from its beginning on."""
    parts = re.findall(r"[^\W_]+", words)[:20]
    return re.compile("|".join(rf"(?<![^\W_]){re.escape(part)}" for part in parts), re.IGNORECASE) if parts else None


def _exports(query: HistoryQuery) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), history_path(query.first_page, EXPORT_PATH, **more)) for name, more in _EXPORTS)


def _jail_path(query: HistoryQuery, answer: SearchAnswer) -> str | None:
    if not query.jail and query.q in answer.choices.jails:
        return history_path(replace(query, q="", jail=query.q))
    return None


def _all_time_path(query: HistoryQuery) -> str | None:
    if query.since or query.until:
        return history_path(replace(query, since="", until=""))
    return None
