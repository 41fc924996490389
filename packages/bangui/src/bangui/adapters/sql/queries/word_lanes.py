"""The way through the index of words, whose rows are in the order of time as well.

Words are looked up in it where that finds fewer rows than everything else that is asked for; where they are in most of
the lines, the other conditions lead the way, and of each event it is looked up whether the words are there.

Of a word that is only begun the words that are meant lead the way. Where they are too many to be told, a sample of the
lines tells whether such words are so common that reading lines finds them soon.
"""

from __future__ import annotations

from dataclasses import replace

from bangui.adapters.sql.line_match import match_text
from bangui.adapters.sql.lines import lines_number
from bangui.adapters.sql.queries.asker import Asker, query
from bangui.adapters.sql.queries.begun_words import words_begun
from bangui.adapters.sql.queries.conditions import About, conditions_of, words_match, words_number, words_text
from bangui.adapters.sql.queries.kind_totals import count_kinds
from bangui.adapters.sql.queries.lanes import Lanes, choose_lanes, count_lanes
from bangui.adapters.sql.queries.scope import Scope, Words
from bangui.adapters.sql.queries.time_order import Moment, is_after
from bangui.adapters.sql.schema import KIND_CODES
from bangui.domain.history import EventKind

_BAN = KIND_CODES[EventKind.BAN]
_COUNTED = 20_000
# What it costs to go from a row of the index of words to its event, and from an event to that index.
_COST_OF_WORDS, _COST_OF_LOOK = 4, 40
_PAGE = 50
# Of as many lines so many have to hold some words that reading lines fills a page sooner than the index does; and so
# many that it counts sooner as well.
_SAMPLED, _COMMON, _COMMON_TO_COUNT = 200, 0.04, 0.5
# Bans of one millisecond, of which there are as many as somebody imports at once.
_MOST_AT_ONCE = 1_000_000


def of_words(asker: Asker, scope: Scope) -> Scope | None:
    """Return a scope with words as they are looked for; None where nothing can be found.

    What has no matched lines is left out, which is all but bans, and the words that are meant are told.
    """
    words = scope.words
    if words is None or (scope.kinds is not None and _BAN not in scope.kinds):
        return None
    if words.begun is not None:
        words = replace(words, meant=words_begun(asker, words.begun))
        if words.meant == ():
            return None
    return replace(scope, kinds=(_BAN,), words=words)


def choose_ways(
    asker: Asker, scope: Scope, *, for_all: bool = False, to_count: bool = False
) -> tuple[tuple[Lanes, ...], bool]:
    """Return the lanes of a scope, the surest last, and whether they are those of its words.

    They are for a page by time; or `for_all` the events that there are, of which thousands are met where it is
    `to_count` them.
    """
    if scope.words is None:
        return choose_lanes(asker, scope), False
    by_words = _word_lanes(asker, scope)
    if scope.words.begun is not None and scope.words.meant is None:
        common = _COMMON_TO_COUNT if to_count else _COMMON
        if asker.is_sqlite and _share_of(asker, by_words, scope.words) > common:
            return choose_lanes(asker, scope), False
        return (by_words,), True
    others = replace(scope, words=None)
    if others.is_open:
        return (by_words,), True
    lanes = choose_lanes(asker, others)[-1]
    having = count_words(asker, by_words, _COUNTED)
    meant = count_lanes(asker, replace(lanes, checked=(), joined=""), _COUNTED)
    if having < _COUNTED or meant < _COUNTED:
        bans = count_kinds(asker, scope)[_BAN]
        walked = _expected(having, meant, bans, for_all=for_all) * _COST_OF_WORDS
        looked = _expected(meant, having, bans, for_all=for_all) * _COST_OF_LOOK
        if walked > looked:
            return choose_lanes(asker, scope), False
    return (by_words,), True


def count_words(asker: Asker, lanes: Lanes, at_most: int) -> int:
    """Return how many rows of the index of words there are, whatever their events are; it stops at the most."""
    *wanted, _ = lanes.lane_wanted
    rows = query("1", "line_words w", wanted, "LIMIT :most")
    return int(asker.column(query("count(*)", f"({rows}) AS words"), lanes.parameters | {"most": at_most})[0])


def page_by_words(asker: Asker, lanes: Lanes, after: Moment | None, limit: int, *, is_descending: bool) -> list[Moment]:
    """Return the first events of the lane of words that come after another one, in the order of time or against it."""
    later, position = is_after(after, is_descending=is_descending)
    parameters = lanes.parameters | position
    if after is not None:
        bound, time = ("stop_lines", after[0] + 1) if is_descending else ("first_lines", after[0])
        parameters[bound] = lines_number(time, 0)
    sql = query(
        "e.time, e.number",
        lanes.all_tables,
        (*lanes.all_wanted, *later),
        f"ORDER BY {words_number(asker)} {'DESC' if is_descending else 'ASC'} LIMIT :limit",
    )
    found: list[Moment] = asker.rows(sql, parameters | {"limit": limit})
    if len(found) == limit:
        # The index holds only the last bits of an event's number, so within a millisecond it may have another order.
        last = found[-1][0]
        parameters |= {"first_lines": lines_number(last, 0), "stop_lines": lines_number(last + 1, 0)}
        found += asker.rows(sql, parameters | {"limit": _MOST_AT_ONCE})
    return sorted(set(found), reverse=is_descending)[:limit]


def _share_of(asker: Asker, lanes: Lanes, words: Words) -> float:
    """Return which share of the latest lines holds the words."""
    latest = query(
        "packed",
        "lines",
        ("number >= :first_lines", "number < :stop_lines"),
        f"ORDER BY number DESC LIMIT {_SAMPLED}",
    )
    parameters = lanes.parameters | {"held": match_text(words.whole, words.begun)}
    holding = asker.column(query("count(*)", f"({latest}) AS latest", ("lines_hold(packed, :held)",)), parameters)[0]
    return float(holding) / _SAMPLED


def _word_lanes(asker: Asker, scope: Scope) -> Lanes:
    """The lane of the words that are asked for; the last condition on it joins the lines."""
    if scope.words is None:
        raise ValueError("no words are asked for")
    number = words_number(asker)
    rest = conditions_of(asker, scope, [about for about in About if about is not About.WORDS])
    parameters: dict[str, object] = {
        "words": words_text(asker, scope.words),
        "first_lines": lines_number(scope.since, 0),
        "stop_lines": lines_number(scope.until, 0),
        "since": scope.since,
        "until": scope.until,
    }
    return Lanes(
        "",
        "line_words w CROSS JOIN lines v",
        (("number", "event"),),
        lane_wanted=(
            words_match(asker),
            f"{number} >= :first_lines",
            f"{number} < :stop_lines",
            f"v.number = {number}",
        ),
        checked=tuple(rest.wanted),
        joined=" ".join(rest.tables),
        parameters=rest.parameters | parameters,
    )


def _expected(walked: int, passing: int, bans: int, *, for_all: bool) -> float:
    """Return how many of some bans have to be walked until a page is full, when so many of all bans pass."""
    whole = walked if walked < _COUNTED else bans
    return whole if for_all else min(whole, _PAGE * bans / max(passing, 1))
