from __future__ import annotations

from collections.abc import Callable

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.filter_words import parse_countries, parse_kinds, parse_networks, parse_origins
from bangui.domain.history import EventKind, Origin


def test_several_values_stand_between_commas_and_each_counts_once() -> None:
    assert parse_kinds("ban, already-banned,BAN") == (EventKind.BAN, EventKind.ALREADY_BANNED)
    assert parse_origins("hand,import") == (Origin.HAND, Origin.IMPORT)
    assert parse_countries("de,CN,De") == ("DE", "CN")
    assert parse_networks("AS4134, 13335,as4134") == (4134, 13335)


def test_a_plural_means_the_same() -> None:
    assert parse_kinds("bans,failures") == (EventKind.BAN, EventKind.FAILURE)


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_kinds, "bam"),
        (parse_kinds, "ban,"),
        (parse_origins, "me"),
        (parse_countries, "Germany"),
        (parse_countries, "1a"),
        (parse_countries, "öä"),
        (parse_networks, "ASN"),
        (parse_networks, "4294967296"),
        (parse_networks, "9" * 5000),
        (parse_networks, "٤١٣٤"),
        (parse_networks, "-1"),
        (parse_networks, ""),
    ],
)
def test_what_is_not_understood_is_told_with_what_was_expected(
    parse: Callable[[str], tuple[object, ...]], text: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse(text)
    assert raised.value.hint.startswith("expected")
