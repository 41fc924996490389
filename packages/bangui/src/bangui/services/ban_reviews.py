"""Says what a ban would do before anything is sent: whom it would hurt, who is banned already, who is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bangui.domain.accounts import Actor
from bangui.domain.addresses import Address, IPNetwork, parse_address
from bangui.domain.ban_wishes import BanWish, Review, ReviewedId
from bangui.domain.bans import Ban
from bangui.domain.errors import InvalidInput, UnknownJail
from bangui.domain.gateway import Gateway
from bangui.domain.jails import JailRule
from bangui.domain.operations import ReadAllowList, ReadCounters, ReadRule
from bangui.domain.phrases import phrase
from bangui.domain.safety import Dangers, Protected, Standing
from bangui.domain.snapshot import Snapshot
from bangui.services.jails import suggest_jail
from bangui.services.threads import in_thread

_NO_JAILS = phrase("this fail2ban has no jails: enable one in /etc/fail2ban/jail.local")


class BanReviews:
    """Reviews wishes over a host and its newest snapshot; `protected` is what nobody may ban without a warning."""

    def __init__(
        self, gateway: Gateway, snapshot: Callable[[], Snapshot], protected: Callable[[], Iterable[Protected]]
    ) -> None:
        self._gateway = gateway
        self._snapshot = snapshot
        self._protected = protected

    async def review(self, wish: BanWish, actor: Actor) -> Review:
        """Return what a wish would do; raises `UnknownJail`."""
        rules = await self.rules(wish.jails)
        dangers, bans = self.dangers(actor), self._bans(wish)
        allowed = {jail: _Ranges(await self._allowed(jail)) for jail in wish.jails}

        def review_id(address: Address) -> ReviewedId:
            covering = tuple(jail for jail, ranges in allowed.items() if ranges.cover(address.network))
            return ReviewedId(address.text, dangers.of(address), bans.get(address.text, ()), covering)

        # In a thread, because there may be ten thousand.
        ids = await in_thread(lambda: tuple(review_id(parse_address(id)) for id in wish.ids))
        return Review(wish, ids, rules)

    async def rules(self, jails: Iterable[str]) -> tuple[JailRule, ...]:
        """Return the rules of jails; raises `UnknownJail` with the names that could have been meant."""
        known = [jail.name for jail in await self._gateway.perform(ReadCounters())]
        for jail in jails:
            if jail not in known:
                raise UnknownJail(jail, suggest_jail(jail, known, _NO_JAILS))
        return tuple([await self._gateway.perform(ReadRule(jail)) for jail in jails])

    def dangers(self, actor: Actor) -> Dangers:
        """Return the rules about what somebody must not ban without a warning."""
        own = _own(actor)
        return Dangers([*([Protected(own, Standing.VIEWER)] if own else []), *self._protected()])

    def _bans(self, wish: BanWish) -> Mapping[str, tuple[Ban, ...]]:
        """Return the bans in force, by id, as the newest snapshot has them: it may be a second old."""
        ids, jails = frozenset(wish.ids), frozenset(wish.jails)
        found: dict[str, tuple[Ban, ...]] = {}
        for listed in self._snapshot().bans:
            if listed.jail in jails:
                for ban in listed.bans:
                    if ban.id in ids:
                        found[ban.id] = (*found.get(ban.id, ()), ban)
        return found

    async def _allowed(self, jail: str) -> tuple[str, ...]:
        return (await self._gateway.perform(ReadAllowList(jail))).entries


class _Ranges:
    """Entries of an allow list, made ready for ten thousand look-ups; names among them cover nothing."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._networks: dict[tuple[int, int], set[int]] = {}
        for entry in entries:
            try:
                network = parse_address(entry).network
            except InvalidInput:
                continue
            starts = self._networks.setdefault((network.version, network.prefixlen), set())
            starts.add(int(network.network_address) >> (network.max_prefixlen - network.prefixlen))

    def cover(self, network: IPNetwork) -> bool:
        """Whether one of the entries holds the whole network."""
        number = int(network.network_address)
        return any(
            version == network.version
            and length <= network.prefixlen
            and number >> (network.max_prefixlen - length) in starts
            for (version, length), starts in self._networks.items()
        )


def _own(actor: Actor) -> Address | None:
    try:
        return None if actor.address is None else parse_address(actor.address)
    except InvalidInput:
        return None
