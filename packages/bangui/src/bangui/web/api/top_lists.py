"""Who was banned most: jails, countries, networks, subnets and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.addresses import Address
from bangui.domain.history_ports import HistoryReader
from bangui.domain.history_queries import Dimension, Filter, Metric, Top, TopRow
from bangui.services.history import require_jails
from bangui.services.network_names import NetworkNames
from bangui.web.api.event_filters import COUNTRY, JAIL, NETWORK, SINCE, UNTIL, WITHIN, check_period
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.parts import history_of, milliseconds, moment
from bangui.web.api.shapes import About
from bangui.web.ports import HistorySource
from bangui.web.site import Site

_MOST_ROWS = 1_000
# Looking up the name of a network asks the history: for those that a person reads, not for a thousand.
_MOST_NAMES = 50


@dataclass(frozen=True, slots=True)
class TopAsked:
    """What is counted by what."""

    by: Annotated[Dimension, About("What is counted by; a subnet is a /24, or a /48 of IPv6.", "country")]
    metric: Annotated[Metric, About("What is counted.", "bans")] = Metric.BANS
    since: Annotated[datetime | None, SINCE] = None
    until: Annotated[datetime | None, UNTIL] = None
    jail: Annotated[tuple[Annotated[str, JAIL], ...], About("Names of jails.", ("sshd",), most=50)] = ()
    country: Annotated[
        tuple[Annotated[str, COUNTRY], ...], About("Codes of countries; of addresses and subnets.", (), most=50)
    ] = ()
    network: Annotated[
        tuple[Annotated[int, NETWORK], ...], About("Autonomous systems; of addresses and subnets.", (), most=50)
    ] = ()
    within: Annotated[Address | None, WITHIN] = None
    limit: Annotated[int, About("How many rows.", 10, least=1, most=_MOST_ROWS)] = 10


@dataclass(frozen=True, slots=True)
class TopEntry:
    """One of those that were counted most."""

    key: Annotated[
        str | None,
        About("The jail, the country's code, the network's number, the subnet or the id; null where unknown.", "DE"),
    ]
    bans: Annotated[int, About("Its bans.", 120)]
    failures: Annotated[int, About("Its failures.", 2_400)]
    first: Annotated[datetime | None, About("The first of them within the time.", "2026-11-01T04:00:00Z")]
    last: Annotated[datetime | None, About("The last of them.", "2026-11-25T16:29:00Z")]
    country: Annotated[str | None, About("Where a subnet or an id is.", None)]
    network: Annotated[int | None, About("The autonomous system of a subnet or an id.", None)]
    network_name: Annotated[str | None, About("The name of the autonomous system.", None)]


@dataclass(frozen=True, slots=True)
class TopEntries:
    """Those that were counted most, the highest count first."""

    items: tuple[TopEntry, ...]
    next: Annotated[str | None, About("Always null.", None)] = None


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that rank."""

    async def top(call: Call[TopAsked, Nothing]) -> TopEntries:
        history = history_of(site)
        question = _question(call.asked)
        return await history.ask(lambda reader: _read(reader, history, question))

    return (
        Operation(
            "listTop",
            "GET",
            "/top",
            "Statistics",
            "Rank who was banned or has failed most",
            Scope.READ,
            top,
            problems=("unknown-jail", "history-away"),
        ),
    )


def _question(asked: TopAsked) -> Top:
    check_period(asked.since, asked.until)
    if asked.by not in {Dimension.ADDRESS, Dimension.SUBNET}:
        given = [name for name in ("country", "network", "within") if getattr(asked, name)]
        if given:
            raise WrongRequest(
                Mistake("query", name, "this goes with addresses and subnets", "leave it out, or count by=address")
                for name in given
            )
    filter = Filter(
        milliseconds(asked.since),
        milliseconds(asked.until),
        jails=asked.jail,
        within=asked.within,
        countries=asked.country,
        networks=asked.network,
    )
    return Top(asked.by, asked.metric, filter, asked.limit)


def _read(reader: HistoryReader, history: HistorySource, question: Top) -> TopEntries:
    require_jails(reader, question.filter.jails)
    rows = reader.top(question)
    names = NetworkNames(history.places)

    def name(row: TopRow, rank: int) -> str | None:
        if question.dimension is Dimension.NETWORK and row.key and rank < _MOST_NAMES:
            return names.name_by_number(int(row.key), reader)
        return names.name(row.network, row.key or "")

    return TopEntries(tuple(_entry(row, name(row, rank)) for rank, row in enumerate(rows)))


def _entry(row: TopRow, name: str | None) -> TopEntry:
    return TopEntry(
        row.key, row.bans, row.failures, moment(row.first), moment(row.last), row.country, row.network, name
    )
