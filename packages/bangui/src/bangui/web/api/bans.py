"""The bans in force, as they were last read: filtered, in any order, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bangui.domain.accounts import Scope
from bangui.domain.addresses import Address, parse_address
from bangui.domain.errors import InvalidInput, UnknownJail
from bangui.domain.history import Origin
from bangui.domain.snapshot import Snapshot
from bangui.services.ban_matching import BanFilter
from bangui.services.ban_order import BanKey, BanOrder, BanPlace
from bangui.services.ban_search import BanQuestion, FoundBan
from bangui.services.jails import suggest_jail
from bangui.web.api.cursors import LONGEST_CURSOR, decode_cursor, encode_cursor
from bangui.web.api.event_filters import COUNTRY, NETWORK
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.shapes import About
from bangui.web.site import Site

# Lists that are sorted by these have texts as values, all others numbers.
_TEXTS = frozenset({BanKey.ADDRESS, BanKey.JAIL, BanKey.COUNTRY})


@dataclass(frozen=True, slots=True)
class BanFilterAsked:
    """Which bans; everything given must hold."""

    text: Annotated[str, About("Stands in the id or in the name of the jail, in any case.", "203.0", longest=300)] = ""
    within: Annotated[
        Address | None,
        About(
            "An address or a network: bans of what lies in it, and bans that cover it.",
            "203.0.113.0/24",
            reads=parse_address,
        ),
    ] = None
    jail: Annotated[str | None, About("The name of a jail.", "sshd")] = None
    country: Annotated[tuple[Annotated[str, COUNTRY], ...], About("Codes of countries.", ("DE",), most=50)] = ()
    network: Annotated[
        tuple[Annotated[int, NETWORK], ...],
        About("Numbers of autonomous systems.", (64_500,), most=50),
    ] = ()
    origin: Annotated[tuple[Origin, ...], About("Who asked for the ban.", ("hand",), most=10)] = ()

    @property
    def filter(self) -> BanFilter:
        """The filter of the use case."""
        within = () if self.within is None else (self.within,)
        return BanFilter(self.text.strip(), within, self.jail, self.country, self.network, self.origin)


@dataclass(frozen=True, slots=True)
class BansAsked(BanFilterAsked):
    """Which page of which bans."""

    sort: Annotated[BanKey, About("By what the list is sorted.", "time")] = BanKey.TIME
    descending: Annotated[bool, About("The newest, the last, the largest first.", example=True)] = True
    limit: Annotated[int, About("Bans in one answer.", 100, least=1, most=1_000)] = 100
    after: Annotated[str | None, About("`next` of the page before.", None, longest=LONGEST_CURSOR)] = None


@dataclass(frozen=True, slots=True)
class BanInForce:
    """One id that is banned in one jail."""

    jail: Annotated[str, About("The name of the jail.", "sshd")]
    id: Annotated[
        str, About("What is banned: an address, a network, or any text that a filter captured.", "203.0.113.7")
    ]
    banned_at: Annotated[datetime, About("When the ban began.", "2026-11-25T16:30:00Z")]
    duration: Annotated[int | None, About("Seconds that it lasts; null for ever.", 3_600)]
    ends_at: Annotated[datetime | None, About("When it ends by itself; null for never.", "2026-11-25T17:30:00Z")]
    country: Annotated[str | None, About("Where the address is, as far as that is known.", "DE")]
    network: Annotated[int | None, About("The number of its autonomous system.", 64_500)]
    network_name: Annotated[str | None, About("The name of its autonomous system.", "EXAMPLE-NET")]
    origin: Annotated[Origin | None, About("Who asked for the ban; null where nobody can say.", "filter")]
    author: Annotated[str | None, About("The name of whoever asked for it, where somebody did.", None)]
    reason: Annotated[str | None, About("The reason that they gave.", None)]


@dataclass(frozen=True, slots=True)
class BanPage:
    """A page of bans.

    Jails that hold too many bans to list, while fail2ban's database cannot be read, are named in `unlisted`.
    """

    items: tuple[BanInForce, ...]
    next: Annotated[str | None, About("Send it as `after` for the next page; null on the last one.", None)]
    matching: Annotated[int, About("How many bans match in all.", 318)]
    unlisted: Annotated[tuple[str, ...], About("Jails whose bans are not in the list.", ())]
    taken_at: Annotated[datetime, About("When the bans were read.", "2026-11-25T16:30:00Z")]


def operations(site: Site) -> tuple[Operation, ...]:
    """Return the operations that look at bans."""

    async def bans(call: Call[BansAsked, Nothing]) -> BanPage:
        snapshot, asked = site.live.snapshot, call.asked
        require_running(snapshot, asked.jail)
        order = BanOrder(asked.sort, asked.descending)
        name = f"bans {asked.filter} {order}"
        question = BanQuestion(asked.filter, order, asked.limit, _place(asked.after, name, asked.sort))
        found = await site.ban_search.find(snapshot, question)
        return BanPage(
            tuple(_value(one, has_origins=found.has_origins) for one in found.bans),
            _cursor(found.next, name, order),
            found.matching,
            tuple(jail.jail for jail in found.unlisted),
            snapshot.taken_at,
        )

    return (
        Operation(
            "listBans",
            "GET",
            "/bans",
            "Bans",
            "List who is banned now",
            Scope.READ,
            bans,
            text="While bans come and go, no row comes twice and none is left out that was there all the time.",
            problems=("unknown-jail",),
        ),
    )


def require_running(snapshot: Snapshot, jail: str | None) -> None:
    """Raise `UnknownJail` for a jail that does not run."""
    names = [bans.jail for bans in snapshot.bans]
    if jail is not None and jail not in names:
        raise UnknownJail(jail, suggest_jail(jail, names, "no jail is known to run"))


def _value(found: FoundBan, *, has_origins: bool) -> BanInForce:
    ban, network, asked = found.ban, found.place.network, found.asked
    origin = asked.origin if asked else Origin.FILTER if has_origins else None
    return BanInForce(
        ban.jail,
        ban.id,
        ban.banned_at,
        ban.duration,
        ban.ends_at,
        found.place.country,
        network.number if network else None,
        (network.name or None) if network else None,
        origin,
        (asked.author or None) if asked else None,
        (asked.reason or None) if asked else None,
    )


def _cursor(place: BanPlace | None, name: str, order: BanOrder) -> str | None:
    if place is None:
        return None
    value = place.value if isinstance(place.value, str) else float(place.value)
    return encode_cursor(name, (value, float(place.newness), place.jail, place.id), is_turned=order.is_turned)


def _place(word: str | None, name: str, key: BanKey) -> BanPlace | None:
    if word is None:
        return None
    try:
        value, newness, jail, id = decode_cursor(word, name, (str if key in _TEXTS else float, float, str, str))
    except InvalidInput as error:
        raise WrongRequest([Mistake("query", "after", error.message, error.hint)]) from None
    return BanPlace(value, float(newness), str(jail), str(id))
