from __future__ import annotations

from pathlib import Path

import pytest

from bangui.cli.arguments import parse_arguments
from bangui.cli.event_filters import filters_of, order_of
from bangui.domain.errors import InvalidInput, UnknownJail
from bangui.domain.history import EventKind, Origin
from bangui.domain.history_queries import Filter, SortKey
from packages.bangui.tests.filled_history import NOW, FilledHistory, ago


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> FilledHistory:
    history = FilledHistory(Path(tmp_path_factory.mktemp("history")) / "history.sqlite3")
    history.record()
    return history


def filters(history: FilledHistory, *words: str) -> tuple[Filter, ...]:
    with history.open() as reader:
        return filters_of(parse_arguments(["history", *words], {}), reader, NOW)


def test_without_options_everything_is_meant(history: FilledHistory) -> None:
    assert filters(history) == (Filter(),)


def test_every_option_narrows_the_filter(history: FilledHistory) -> None:
    words = "--since 24h --until 1h --jail sshd --kind ban,ban --country DE --network AS7 --origin hand --text oracle"
    assert filters(history, *words.split()) == (
        Filter(
            since=ago(1_440),
            until=ago(60),
            jails=("sshd",),
            kinds=(EventKind.BAN,),
            origins=(Origin.HAND,),
            countries=("DE",),
            networks=(7,),
            text="oracle",
        ),
    )


def test_each_address_has_a_filter_of_its_own(history: FilledHistory) -> None:
    found = filters(history, "203.0.113.7", "2001:db8:", "203.0.113.7", "--kind", "ban")
    assert [(filter.within and filter.within.text, filter.prefix) for filter in found] == [
        ("203.0.113.7", None),
        (None, "2001:db8:"),
    ]
    assert {filter.kinds for filter in found} == {(EventKind.BAN,)}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--since never", "--since: 'never' is no time"),
        ("--until 31.12.2026", "--until: '31.12.2026' is no time"),
        ("--since 1h --until 2h", "--until 2h is before --since 1h"),
        ("--since today --until today", "there is no time between today and today"),
        ("203.0.113.999", "'203.0.113.999' is not an address"),
        ("10.0.0.0/33", "'10.0.0.0/33' is not an address"),
    ],
)
def test_what_makes_no_sense_is_told(history: FilledHistory, words: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        filters(history, *words.split())
    assert caught.value.message == message
    assert caught.value.hint


def test_a_text_without_words_is_told(history: FilledHistory) -> None:
    with pytest.raises(InvalidInput):
        filters(history, "--text", " ")


def test_an_unknown_jail_is_told(history: FilledHistory) -> None:
    with pytest.raises(UnknownJail):
        filters(history, "--jail", "shsd")


@pytest.mark.parametrize(
    ("words", "key", "is_descending"),
    [
        ([], SortKey.TIME, True),
        (["--reverse"], SortKey.TIME, False),
        (["--sort", "jail"], SortKey.JAIL, False),
        (["--sort", "address", "--reverse"], SortKey.ADDRESS, True),
    ],
)
def test_the_newest_come_first_and_names_in_their_order(words: list[str], key: SortKey, *, is_descending: bool) -> None:
    order = order_of(parse_arguments(["history", *words], {}))
    assert (order.key, order.is_descending) == (key, is_descending)
