"""Build what the overview shows of the last 24 hours: pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterator

from bangui.domain.collection import CollectorState
from bangui.domain.last_day import Hour, LastDay, Record
from bangui.domain.places import DataSource
from bangui.services.ban_window import BanFilter
from bangui.web.contexts import Bar, Chart, DayView, RankedRow, Ranking, Remark
from bangui.web.keys import row_key
from bangui.web.query import LONGEST_WORD, ViewQuery, view_path

# Of the width that each bar has.
_BAR_SHARE = 0.72
# A bar that stands for anything at all can be seen.
_LOWEST = 2.0


def build_day(record: Record) -> DayView:
    """Return the view of a record."""
    day = record.day
    return DayView(
        taken_at=day.taken_at if day else None,
        charts=_charts(day) if day else (),
        rankings=_rankings(day) if day else (),
        remarks=tuple(_remarks(record)),
        credits=tuple(dict.fromkeys(map(_credit, record.credits))),
    )


def _credit(source: DataSource) -> str:
    what = {"country": "Countries", "network": "Networks"}.get(source.what, source.what)
    return f"{what}: {source.name} of {source.date} ({source.licence}), {source.credit}"


def _charts(day: LastDay) -> tuple[Chart, ...]:
    return (
        _chart("Bans", "bans", day.bans, day.bans_before, [(hour, hour.bans) for hour in day.hours]),
        _chart(
            "Failures", "failures", day.failures, day.failures_before, [(hour, hour.failures) for hour in day.hours]
        ),
    )


def _chart(name: str, what: str, total: int, before: int | None, hours: list[tuple[Hour, int]]) -> Chart:
    peak = max((value for _, value in hours), default=0)
    pitch = 100 / max(len(hours), 1)
    bars = tuple(
        Bar(
            hour.start,
            value,
            left=round(index * pitch + pitch * (1 - _BAR_SHARE) / 2, 2),
            top=round(100 - height, 2),
            width=round(pitch * _BAR_SHARE, 2),
            height=round(height, 2),
        )
        for index, (hour, value) in enumerate(hours)
        for height in (max(100 * value / peak, _LOWEST) if value else 0.0,)
    )
    return Chart(name, what, total, change_in_words(total, before), peak, bars)


def change_in_words(now: int, before: int | None) -> str:
    """Return how a number compares with the one of the day before."""
    if before is None:
        return "the day before was not recorded"
    if before == 0:
        return "none the day before" if now else "as on the day before"
    percent = round(100 * (now - before) / before)
    if percent == 0:
        return "as on the day before"
    if percent >= 200:
        return f"{now / before:.0f} times the day before"
    return f"{abs(percent)} % {'more' if percent > 0 else 'fewer'} than the day before"


def _rankings(day: LastDay) -> tuple[Ranking, ...]:
    countries = [RankedRow(row_key("country", row.key or ""), row.key or "", None, row.bans) for row in day.countries]
    networks = [
        RankedRow(row_key("network", str(one.number)), one.name or f"AS{one.number}", None, one.bans)
        for one in day.networks
    ]
    addresses = [
        RankedRow(row_key("address", row.key or ""), row.key or "", _search_path(row.key or ""), row.bans)
        for row in day.addresses
    ]
    return (
        Ranking("Countries", tuple(countries)),
        Ranking("Networks", tuple(networks)),
        Ranking("Addresses", tuple(addresses), is_code=True),
    )


def _search_path(id: str) -> str | None:
    return view_path(ViewQuery(BanFilter(text=id))) if len(id) <= LONGEST_WORD else None


def _remarks(record: Record) -> Iterator[Remark]:
    if record.problem:
        yield Remark(f"The history cannot be read: {record.problem}.", record.hint or "")
    if record.collection is not None:
        yield from _remarks_about_collecting(record.collection)


def _remarks_about_collecting(collection: CollectorState) -> Iterator[Remark]:
    if collection.problem:
        yield Remark(
            f"Nothing is recorded at the moment: {collection.problem}. What happens meanwhile is made up for later.",
            collection.hint or "",
        )
    for source in collection.sources:
        if source.problem:
            yield Remark(f"{_NAMES.get(source.name, source.name)} cannot be read: {source.problem}.", source.hint or "")
        elif source.read_at is None and source.total:
            share = 100 * source.done // source.total
            yield Remark(f"{_NAMES.get(source.name, source.name)} is being read for the first time: {share} % done.")
    if not collection.sources:
        yield Remark("Nothing can be recorded: neither fail2ban's database nor its log can be read.", _AS_ROOT)


_AS_ROOT = "they belong to root: start BanGUI with sudo"
_NAMES = {
    "database": "fail2ban's database",
    "log": "fail2ban's log",
    "journal": "fail2ban's log in the journal",
    "socket": "fail2ban's list of bans",
}
