"""What the history knows about an address, for people and as values of JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bangui.cli.event_values import asker_text, duration_text, event_value, network_text, precise_time, time_text
from bangui.cli.inert import inert
from bangui.cli.numbers import counted_out, grouped, total_text
from bangui.cli.screen import Screen
from bangui.cli.table import Column, print_table
from bangui.cli.times import clock, recent
from bangui.domain.durations import rough_duration
from bangui.domain.history_queries import IdSummary, JailCount, TopRow
from bangui.domain.moments import moment_of
from bangui.domain.rule_words import rule_in_words
from bangui.domain.story import Story, Surroundings, ToldBan
from bangui.services.ban_endings import Ending, end_of
from bangui.services.network_names import NetworkNames

# A look at the last of them shows what it was about.
_FEW_LINES = 2


def print_story(screen: Screen, story: Story, names: NetworkNames, now: datetime, *, with_all: bool) -> None:
    """Tell the story, with every matched line or only the last of each ban."""
    id = inert(story.id)
    teller = _Teller(screen, names, now, with_all=with_all)
    if story.is_empty:
        screen.prose(f"the history has never seen {'anything in ' if story.inside else ''}{id}", "bold")
    else:
        screen.prose(f"history of {id}", "bold")
    teller.place(story)
    if story.summary:
        teller.summary(story.summary, story.jails)
    if story.bans:
        teller.bans(story)
    if story.around:
        teller.around(story.around)
    for around, what in ((story.inside, "from"), (story.subnet, "from others in"), (story.system, "from others in")):
        is_told_already = around is story.system and story.subnet and around and around.others == story.subnet.others
        if around and around.others and not is_told_already:
            teller.surroundings(around, what, story.network)


class _Teller:
    """Writes the parts of a story."""

    def __init__(self, screen: Screen, names: NetworkNames, now: datetime, *, with_all: bool) -> None:
        self._screen = screen
        self._names = names
        self._now = now
        self._with_all = with_all

    def place(self, story: Story) -> None:
        network = network_text(story.network, self._names.name(story.network, story.id))
        where = ", ".join(part for part in (story.country, network) if part)
        if where:
            self._screen.prose(f"  from   {inert(where)}")

    def summary(self, summary: IdSummary, jails: Sequence[JailCount]) -> None:
        counts = f"{counted_out(summary.bans, 'ban')}, {counted_out(summary.failures, 'failure')}"
        where = f", all in {inert(jails[0].jail)}" if len(jails) == 1 else ""
        self._screen.prose(f"  seen   {counts}{where}")
        self._screen.prose(f"  first  {self._when(summary.first)}")
        self._screen.prose(f"  last   {self._when(summary.last)}")
        if len(jails) > 1:
            self._screen.line()
            self._jails(jails)

    def _jails(self, jails: Sequence[JailCount]) -> None:
        rows = [
            (
                jail.jail,
                self._number(jail.bans),
                self._number(jail.failures),
                self._when(jail.first),
                self._when(jail.last),
            )
            for jail in jails
        ]
        print_table(self._screen, (Column("JAIL", can_be_cut=True), *_COUNTS, *_SEEN), rows, indent=2)

    def bans(self, story: Story) -> None:
        self._screen.line()
        shown = len(story.bans)
        more = f", the newest {shown}; --all tells more" if story.has_more_bans and not self._with_all else ""
        self._screen.line(f"bans{more}")
        rules: dict[str, str] = {}
        for told in story.bans:
            event = told.event
            self._screen.line()
            self._screen.prose("  " + self._ban_text(told, story))
            if who := asker_text(event):
                self._screen.prose(f"    by     {inert(who)}")
            rule = rule_in_words(told.settings)
            if rule and rules.get(event.jail) != rule:
                self._screen.prose(f"    rule   {inert(rule)}")
                rules[event.jail] = rule
            self._lines(told.lines)

    def _ban_text(self, told: ToldBan, story: Story) -> str:
        event = told.event
        which = f"{inert(event.id)} in " if event.id != story.id else ""
        parts = [f"{self._when(event.time)}  {which}{inert(event.jail)}"]
        if length := duration_text(event):
            parts.append(length if length == "permanent" else f"for {length}")
        if event.count and event.count > 1:
            parts.append(f"{_ordinal(event.count)} ban")
        if event.failures:
            parts.append(f"after {counted_out(event.failures, 'failure')}")
        if end := self._end_text(told):
            parts.append(end)
        return ", ".join(parts)

    def _end_text(self, told: ToldBan) -> str:
        end = end_of(told, self._now)
        match end.ending:
            case Ending.OVER:
                return "over"
            case Ending.LIFTED if end.at is not None:
                return f"lifted after {rough_duration((end.at - told.event.time) / 1000)}"
            case Ending.RUNS if end.at is not None:
                return f"until {self._when(end.at)}"
        return ""

    def _lines(self, lines: Sequence[str]) -> None:
        """Write the matched lines, written by attackers in part; on a terminal only the last, unless all are wanted."""
        screen = self._screen
        shown = lines[-_FEW_LINES:] if screen.is_terminal and not self._with_all else lines
        if len(shown) < len(lines):
            screen.line(screen.styled(f"    {counted_out(len(lines) - len(shown), 'line')} before these", "dim"))
        for line in shown:
            screen.prose("    " + inert(line), "dim")

    def around(self, around: Sequence[IdSummary]) -> None:
        self._screen.line()
        self._screen.prose("networks around it that were banned themselves")
        rows = [(one.id, self._number(one.bans), self._when(one.first), self._when(one.last)) for one in around]
        print_table(self._screen, (Column("NETWORK"), Column("BANS", is_number=True), *_SEEN), rows, indent=2)

    def surroundings(self, around: Surroundings, what: str, network: int | None) -> None:
        self._screen.line()
        name = self._names.name(network, "") if around.name.startswith("AS") else None
        title = f"{what} {around.name}{' ' + inert(name) if name else ''}: {total_text(around.bans, 'ban')} in all"
        self._screen.prose(title)
        rows = [self._row(row) for row in around.others]
        print_table(self._screen, (Column("ADDRESS", can_be_cut=True), *_COUNTS, *_SEEN), rows, indent=2)

    def _row(self, row: TopRow) -> tuple[str, ...]:
        counts = self._number(row.bans), self._number(row.failures)
        return row.key or "", *counts, self._when(row.first), self._when(row.last)

    def _when(self, milliseconds: int) -> str:
        moment = moment_of(milliseconds)
        if moment is None or not self._screen.is_terminal:
            return time_text(milliseconds) or "never"
        return recent(moment, self._now) if moment <= self._now else clock(moment, self._now)

    def _number(self, number: int) -> str:
        return grouped(number) if self._screen.is_terminal else str(number)


_COUNTS = (Column("BANS", is_number=True), Column("FAILURES", is_number=True))
_SEEN = (Column("FIRST SEEN", drop=2), Column("LAST SEEN", drop=1))


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def story_value(story: Story, names: NetworkNames) -> dict[str, object]:
    """Return the story as values of JSON."""
    return {
        "id": story.id,
        "country": story.country,
        "network": story.network,
        "network_name": names.name(story.network, story.id),
        "summary": _summary_value(story.summary) if story.summary else None,
        "jails": [_jail_value(jail) for jail in story.jails],
        "bans": [_ban_value(told, names) for told in story.bans],
        "has_more_bans": story.has_more_bans,
        "around": [{"id": one.id, **_summary_value(one)} for one in story.around],
        "inside": _surroundings_value(story.inside),
        "subnet": _surroundings_value(story.subnet),
        "system": _surroundings_value(story.system),
    }


def _summary_value(summary: IdSummary) -> dict[str, object]:
    return {
        "bans": summary.bans,
        "failures": summary.failures,
        "first": time_text(summary.first),
        "last": time_text(summary.last),
    }


def _jail_value(jail: JailCount) -> dict[str, object]:
    return {
        "jail": jail.jail,
        "bans": jail.bans,
        "failures": jail.failures,
        "first": time_text(jail.first),
        "last": time_text(jail.last),
    }


def _ban_value(told: ToldBan, names: NetworkNames) -> dict[str, object]:
    event = told.event
    return {
        **event_value(event, names.name(event.network, event.id)),
        "unbanned_at": precise_time(told.unbanned),
        "settings": dict(told.settings.values) if told.settings else None,
        "lines": list(told.lines),
    }


def _surroundings_value(around: Surroundings | None) -> dict[str, object] | None:
    if around is None:
        return None
    return {
        "name": around.name,
        "bans": around.bans.value,
        "bans_exact": around.bans.is_exact,
        "others": [
            {
                "id": row.key,
                "bans": row.bans,
                "failures": row.failures,
                "first": time_text(row.first),
                "last": time_text(row.last),
            }
            for row in around.others
        ],
    }
