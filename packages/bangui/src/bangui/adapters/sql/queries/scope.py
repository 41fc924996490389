"""A filter in the numbers of the tables: which hosts, jails, kinds and ids it means, and between which times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bangui.adapters.sql.id_keys import network_key
from bangui.adapters.sql.queries.asker import Asker
from bangui.adapters.sql.schema import KIND_CODES, ORIGIN_CODES, Grain
from bangui.adapters.sql.storable import LONGEST_ID, LONGEST_NAME, storable_text
from bangui.adapters.sql.words import words_of
from bangui.domain.addresses import Address
from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Filter
from bangui.domain.phrases import phrase

_LAST_CHARACTER = "\U0010ffff"
_BEFORE_SURROGATES = "\ud7ff"
_AFTER_SURROGATES = "\ue000"
_LARGEST_NETWORK = (1 << 32) - 1
_HOUR = 3_600_000
_DAY, _SEASON = Grain.DAY * _HOUR, Grain.SEASON * _HOUR


@dataclass(frozen=True, slots=True)
class Within:
    """Keys of `ids` from `low` to `high`, of networks that are not larger than `prefix` says."""

    low: bytes
    high: bytes
    prefix: int


@dataclass(frozen=True, slots=True)
class Words:
    """Words that matched lines must all contain; `begun` is one of which only the beginning is known.

    Lines need contain only one of those that are `meant` by the beginning, None where they are too many to tell.
    """

    whole: tuple[str, ...]
    begun: str | None = None
    meant: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a filter lets through, None where it lets everything through.

    `since` and `until` are no farther apart than the first and the last event of all, and perhaps at them.
    `jail_names` are all jails that there are, by their numbers. `countries` and `networks` may hold None, for events
    whose country or network is unknown. Nothing at all passes where `is_empty`.
    """

    since: int
    until: int
    jail_names: dict[int, str]
    host_names: dict[int, str]
    hosts: tuple[int, ...] | None = None
    jails: tuple[int, ...] | None = None
    kinds: tuple[int, ...] | None = None
    origins: tuple[int, ...] | None = None
    countries: tuple[str | None, ...] | None = None
    networks: tuple[int | None, ...] | None = None
    id: str | None = None
    within: Within | None = None
    prefix: str | None = None
    words: Words | None = None
    is_from_first: bool = False
    is_to_last: bool = False

    @property
    def times(self) -> tuple[int, int]:
        """A range that has the same events, but begins and ends where counts do, if that is possible."""
        since = self.since // _SEASON * _SEASON if self.is_from_first else self.since
        return since, -(-self.until // _DAY) * _DAY if self.is_to_last else self.until

    @property
    def is_empty(self) -> bool:
        """Whether no event can pass."""
        return self.since >= self.until or self.hosts == () or self.jails == ()

    @property
    def is_whole(self) -> bool:
        """Whether no event is too early or too late."""
        return self.is_from_first and self.is_to_last

    @property
    def all_jails(self) -> tuple[int, ...]:
        """The jails that are meant."""
        return tuple(self.jail_names) if self.jails is None else self.jails

    @property
    def all_kinds(self) -> tuple[int, ...]:
        """The kinds that are meant."""
        return tuple(KIND_CODES.values()) if self.kinds is None else self.kinds

    @property
    def has_ids(self) -> bool:
        """Whether ids are chosen by what they are."""
        return not (self.id is None and self.within is None and self.prefix is None)

    @property
    def has_places(self) -> bool:
        """Whether ids are chosen by where they are."""
        return not (self.countries is None and self.networks is None)

    @property
    def is_countable(self) -> bool:
        """Whether it speaks of times, hosts, jails and kinds alone."""
        return not (self.has_ids or self.has_places) and self.words is None and self.origins is None

    @property
    def is_open(self) -> bool:
        """Whether it speaks of times and kinds alone."""
        return self.is_countable and self.hosts is None and self.jails is None


def resolve(asker: Asker, filter: Filter) -> Scope:
    """Look up what a filter names; raises `InvalidInput` for a text without a word."""
    jails: dict[int, str] = dict(asker.rows("SELECT number, name FROM jails"))
    hosts: dict[int, str] = dict(asker.rows("SELECT number, name FROM hosts"))
    first, last = _read_bounds(asker)
    since = max(filter.since or 0, first)
    until = last + 1 if filter.until is None else min(filter.until, last + 1)
    return Scope(
        since=since,
        until=until,
        jail_names=jails,
        host_names=hosts,
        hosts=_numbers(hosts, filter.hosts),
        jails=_numbers(jails, filter.jails),
        kinds=tuple(sorted({KIND_CODES[kind] for kind in filter.kinds})) or None,
        origins=tuple(sorted({ORIGIN_CODES[origin] for origin in filter.origins})) or None,
        countries=tuple(sorted({storable_text(code, 2) for code in filter.countries})) or None,
        networks=tuple(sorted({min(max(number, 0), _LARGEST_NETWORK) for number in filter.networks})) or None,
        id=None if filter.id is None else storable_text(filter.id, LONGEST_ID),
        within=None if filter.within is None else within_of(filter.within),
        prefix=storable_text(filter.prefix, LONGEST_ID) if filter.prefix else None,
        words=None if filter.text is None else parse_words(filter.text),
        is_from_first=since == first,
        is_to_last=until == last + 1,
    )


def within_of(address: Address) -> Within:
    """Return which keys lie in an address or a network."""
    low = network_key(address.network)
    return Within(low, low[:1] + address.network.broadcast_address.packed, address.network.prefixlen)


def parse_words(text: str) -> Words:
    """Return the words of a text; the last one is only begun where a `*` follows it."""
    words = words_of(text)
    if not words:
        raise InvalidInput(
            phrase("there is no word in {text!r}", text=text),
            phrase("matched lines are searched for words of letters and digits"),
        )
    *before, last = text.split()
    *parts, begun = words_of(last) or (None,)
    if begun is None or not last.endswith("*"):
        return Words(words, None)
    return Words(words_of(" ".join([*before, *(part for part in parts if part)])), begun)


def following(text: str) -> str | None:
    """Return the least text that is greater than all that begin with this one; None where there is none."""
    head = text.rstrip(_LAST_CHARACTER)
    if not head:
        return None
    last = head[-1]
    return head[:-1] + (_AFTER_SURROGATES if last == _BEFORE_SURROGATES else chr(ord(last) + 1))


def _read_bounds(asker: Asker) -> tuple[int, int]:
    """Return the times of the first and the last event; a range without a moment where there is none."""
    first = asker.column("SELECT min(time) FROM events")[0]
    last = asker.column("SELECT max(time) FROM events")[0]
    return (0, -1) if first is None else (first, last)


def _numbers(names: dict[int, str], wanted: Sequence[str]) -> tuple[int, ...] | None:
    """Return the numbers of names; an unknown one has none, and without any wanted all are meant."""
    if not wanted:
        return None
    texts = {storable_text(name, LONGEST_NAME) for name in wanted}
    return tuple(sorted(number for number, name in names.items() if name in texts))
