"""Use case: when was this id, or what lies in this network, banned? Counted by days, for a small chart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bangui.domain.history import EventKind
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import LARGEST_PAGE, Filter, Search
from bangui.domain.moments import moment_of

# Days, weeks, 28 days: the first that shows the whole time in so many steps or fewer.
_STEPS = (1, 7, 28)
_MOST_STEPS = 60
_FEWEST_STEPS = 30


@dataclass(frozen=True, slots=True)
class BanDays:
    """Bans by steps of `step` days (aware, UTC, from midnight on), the oldest first, up to today.

    They are counted from so many of the newest bans; `is_whole` is False where there are older ones.
    """

    starts: tuple[datetime, ...]
    counts: tuple[int, ...]
    step: int
    is_whole: bool


def count_ban_days(reader: HistoryReader, filter: Filter, now: datetime) -> BanDays | None:
    """Return the bans that a filter lets through by days; None where there are none."""
    page = reader.search(Search(replace(filter, kinds=(EventKind.BAN,)), limit=LARGEST_PAGE))
    moments = [moment for event in page.events if (moment := moment_of(event.time)) and moment <= now]
    if not moments:
        return None
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = (today - min(moments)).days + 2
    step = next((step for step in _STEPS if days <= step * _MOST_STEPS), _STEPS[-1])
    number = max(-(-days // step), _FEWEST_STEPS)
    # The last step ends with today.
    first = today + timedelta(days=1) - timedelta(days=step * number)
    counted = Counter((moment - first).days // step for moment in moments)
    starts = tuple(first + timedelta(days=step * place) for place in range(number))
    return BanDays(starts, tuple(counted[place] for place in range(number)), step, page.next is None)
