"""Build what the overview shows of the last 24 hours and of the record itself: pure, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bangui.domain.collection import CollectorState
from bangui.domain.history_queries import TopRow
from bangui.domain.last_day import LastDay, Record
from bangui.domain.places import DataSource
from bangui.web.contexts import DayView, RankedRow, Ranking, Remark
from bangui.web.country_words import country_name
from bangui.web.history_query import HistoryQuery, address_path, history_path
from bangui.web.keys import row_key
from bangui.web.language import LazyTable, lazy, said
from bangui.web.language import gettext as _

_A_DAY = "24h"


def build_day(record: Record) -> DayView:
    """Return the view of a record."""
    day = record.day
    return DayView(
        taken_at=day.taken_at if day else None,
        rankings=_rankings(day) if day else (),
        remarks=remarks_of(record),
        credits=credits_of(record.credits),
    )


def credits_of(sources: Iterable[DataSource]) -> tuple[str, ...]:
    """Return what has to be said where countries and networks are shown, each once."""
    return tuple(dict.fromkeys(map(_credit, sources)))


def _credit(source: DataSource) -> str:
    what = {"country": _("Countries"), "network": _("Networks")}.get(source.what, source.what)
    return f"{what}: {source.name}, {source.date} ({source.licence}): {source.credit}"


def _rankings(day: LastDay) -> tuple[Ranking, ...]:
    countries = [
        RankedRow(row_key("country", code), country_name(code), _path(country=code), bans)
        for code, bans in _counts(day.countries)
    ]
    networks = [
        RankedRow(
            row_key("network", str(one.number)),
            one.name or f"AS{one.number}",
            _path(network=f"AS{one.number}"),
            one.bans,
        )
        for one in day.networks
    ]
    addresses = [RankedRow(row_key("address", id), id, address_path(id), bans) for id, bans in _counts(day.addresses)]
    jails = [RankedRow(row_key("ranked", jail), jail, _path(jail=jail), bans) for jail, bans in _counts(day.jails)]
    return (
        Ranking("countries", _("Countries"), tuple(countries)),
        Ranking("networks", _("Networks"), tuple(networks)),
        Ranking("addresses", _("Addresses"), tuple(addresses), is_code=True),
        Ranking("jails", _("Jails"), tuple(jails)),
    )


def _counts(rows: Iterable[TopRow]) -> Iterator[tuple[str, int]]:
    return ((row.key or "", row.bans) for row in rows)


def _path(*, country: str = "", network: str = "", jail: str = "") -> str:
    return history_path(HistoryQuery(kind="ban", country=country, network=network, jail=jail, since=_A_DAY))


def remarks_of(record: Record) -> tuple[Remark, ...]:
    """Return what a reader of the history has to know about it now; nothing while all is well."""
    return tuple(_remarks(record))


def _remarks(record: Record) -> Iterator[Remark]:
    if record.problem:
        text = _("The history cannot be read: %(problem)s.") % {"problem": said(record.problem)}
        yield Remark(text, record.hint or "")
    if record.collection is not None:
        yield from _remarks_about_collecting(record.collection)


def _remarks_about_collecting(collection: CollectorState) -> Iterator[Remark]:
    if collection.problem:
        text = _("Nothing is recorded at the moment: %(problem)s. What happens meanwhile is made up for later.")
        yield Remark(text % {"problem": said(collection.problem)}, collection.hint or "")
    for source in collection.sources:
        if source.problem:
            text = _("%(source)s cannot be read: %(problem)s.")
            facts = {"source": _NAMES.get(source.name, source.name), "problem": said(source.problem)}
            yield Remark(text % facts, source.hint or "")
        elif source.read_at is None and source.total:
            text = _("%(source)s is being read for the first time: %(share)s %% done.")
            share = 100 * source.done // source.total
            yield Remark(text % {"source": _NAMES.get(source.name, source.name), "share": share})
    if not collection.sources:
        yield Remark(
            _("Nothing can be recorded: neither fail2ban's database nor its log can be read."),
            _("they belong to root: start BanGUI with sudo"),
        )


_NAMES = LazyTable(
    {
        "database": lazy("fail2ban's database"),
        "log": lazy("fail2ban's log"),
        "journal": lazy("fail2ban's log in the journal"),
        "socket": lazy("fail2ban's list of bans"),
    }
)
