"""What was before: the part of `bangui why` that only a history can tell."""

from __future__ import annotations

from datetime import datetime

from bangui.cli.complaints import complain
from bangui.cli.data_credits import credit_values, print_credits
from bangui.cli.history_errors import explaining
from bangui.cli.json_values import dump
from bangui.cli.parts import Call
from bangui.cli.story import print_story, story_value
from bangui.domain.errors import DaemonAway
from bangui.domain.history_ports import StoreError
from bangui.domain.moments import milliseconds_of
from bangui.services.network_names import NetworkNames
from bangui.services.story import FEW, tell_story

_EVERY_BAN = 1_000
# Sources are looked at twice a second, and fail2ban writes a ban into its database within a few seconds.
_RECORDED_WITHIN = 60_000


def add_past(call: Call, now: dict[str, object], away: DaemonAway | None, banned_at: datetime | None) -> str:
    """Tell what the history knows, in JSON together with what is now; return why not where it cannot be read.

    `banned_at` is when the newest ban in force began: a history that ends before says that it does.
    """
    try:
        with explaining():
            _tell(call, now, away, banned_at)
    except StoreError as error:
        return f"{error.message}: {error.hint}"
    return ""


def _tell(call: Call, now: dict[str, object], away: DaemonAway | None, banned_at: datetime | None) -> None:
    options, screen = call.options, call.screen
    with call.parts.open_history(options.history) as reader:
        places = call.parts.open_places(options.data)
        names = NetworkNames(places)
        story = tell_story(reader, places, options.id, _EVERY_BAN if options.all else FEW)
        if story.network:
            names.name(story.network, story.id) or names.name_by_number(story.network, reader)
        last = reader.state().last
    if options.json:
        known = {"history": story_value(story, names), "history_problem": None}
        screen.line(dump({**now, **known, "data_sources": credit_values(places.sources())}))
        return
    if away is not None:
        complain(call.errors, away)
        screen.prose("fail2ban is away, so nobody knows who is banned now; this is what was before", "bold")
    screen.line()
    print_story(screen, story, names, call.parts.now(), with_all=options.all)
    if banned_at is not None and milliseconds_of(banned_at) > (last or 0) + _RECORDED_WITHIN:
        screen.line()
        screen.prose("nothing was recorded since this ban began: does bangui serve, or bangui collect, run?", "dim")
    if screen.is_terminal:
        screen.line()
    print_credits(screen, places.sources())
