"""The bans of a dossier: each with its end, the rule of its moment, and the log lines that led to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from bangui.domain.moments import moment_of
from bangui.domain.rule_words import rule_in_words
from bangui.domain.story import Story, ToldBan
from bangui.services.ban_endings import end_of
from bangui.web.address_contexts import BanEntry
from bangui.web.event_words import asker
from bangui.web.history_query import address_path, history_path, query_of_id
from bangui.web.text import marked

# A ban may have fifty lines of 2,000 characters each, and an attacker decides how many.
_MOST_LINES = 20
_LONGEST_LINE = 1_000


def ban_entries(story: Story, now: datetime) -> Iterator[BanEntry]:
    """Yield the bans of a story; the rule of a jail is told again only where it was another one."""
    rules: dict[str, str] = {}
    for told in story.bans:
        rule = rule_in_words(told.settings)
        is_news = rules.get(told.event.jail) != rule
        rules[told.event.jail] = rule
        yield _entry(told, story.id, rule if is_news else "", now)


def _entry(told: ToldBan, page_id: str, rule: str, now: datetime) -> BanEntry:
    event = told.event
    end = end_of(told, now)
    is_itself = event.id == page_id
    return BanEntry(
        key=str(event.number),
        at=moment_of(event.time),
        id=None if is_itself else event.id,
        id_path=None if is_itself else address_path(event.id),
        jail=event.jail,
        jail_path=history_path(replace(query_of_id(page_id), jail=event.jail)),
        duration=event.duration,
        nth=event.count if event.count and event.count > 1 else None,
        failures=event.failures,
        ending=end.ending,
        ended_at=None if end.at is None else moment_of(end.at),
        by=asker(event),
        reason=event.reason or "",
        rule=rule,
        lines=_lines(told.lines, event.id),
        lines_before=max(0, len(told.lines) - _MOST_LINES),
    )


def _lines(lines: Sequence[str], id: str) -> tuple[Markup, ...]:
    wanted = id_pattern(id)
    return tuple(marked(line, wanted, _LONGEST_LINE) for line in lines[-_MOST_LINES:])


def id_pattern(id: str) -> re.Pattern[str] | None:
    """Return what finds an id in a line, and not the beginning of a longer one (`192.0.2.1` in `192.0.2.10`)."""
    if not id.strip():
        return None
    return re.compile(rf"(?<![0-9A-Za-z]){re.escape(id)}(?![0-9A-Za-z])", re.IGNORECASE)
