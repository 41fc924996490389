from __future__ import annotations

from argparse import Namespace

import pytest

from bangui.cli.arguments import parse_arguments
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind, Origin


def parse(*words: str, **environment: str) -> Namespace:
    return parse_arguments(words, environment)


def test_lists_may_be_written_with_commas_and_repeated() -> None:
    options = parse("history", "--kind", "bans,Failure", "--kind", "already-banned", "--country", "de, cn")
    assert options.kind == [EventKind.BAN, EventKind.FAILURE, EventKind.ALREADY_BANNED]
    assert options.country == ["DE", "CN"]
    options = parse("export", "--network", "AS4134,13335", "--origin", "hand", "--jail", "a", "--jail", "b,c")
    assert (options.network, options.origin, options.jail) == ([4134, 13335], [Origin.HAND], ["a", "b,c"])


def test_one_run_does_not_remember_the_lists_of_another() -> None:
    parse("history", "--kind", "ban", "--jail", "sshd")
    assert (parse("history").kind, parse("history").jail) == ([], [])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["history", "--kind", "banned"], "already-banned"),
        (["history", "--country", "GER"], "DE"),
        (["history", "--country", "DE,"], "DE"),
        (["history", "--network", "chinanet"], "AS4134"),
        (["history", "--network", "4294967296"], "AS4134"),
        (["history", "--origin", "me"], "filter"),
        (["history", "--limit", "0"], "100"),
        (["history", "--limit", "-5"], "100"),
        (["history", "--sort", "id"], "address"),
        (["top", "cities"], "countries"),
        (["stats", "--by", "2h"], "3h"),
        (["export", "--format", "xml"], "jsonl"),
        (["backup"], "FILE"),
    ],
)
def test_a_value_that_makes_no_sense_is_told_with_what_does(words: list[str], expected: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(*words)
    assert expected in caught.value.message


def test_without_options_everything_is_kept_until_it_takes_five_gigabytes() -> None:
    for command in ("serve", "collect", "demo"):
        retention = parse(command).retention.understood()
        assert (retention.ages, retention.max_bytes) == ({}, 5_000_000_000)


def test_options_win_over_variables() -> None:
    words = ("collect", "--keep", "2y", "--keep-failures", "90d", "--keep-size", "unlimited")
    retention = parse(*words, BANGUI_KEEP="1y", BANGUI_KEEP_SIZE="1G").retention.understood()
    assert retention.ages[EventKind.BAN] == 730 * 86_400
    assert retention.ages[EventKind.FAILURE] == 90 * 86_400
    assert retention.max_bytes is None
    words = parse("collect", BANGUI_KEEP="1y", BANGUI_KEEP_FAILURES="30d", BANGUI_KEEP_SIZE="1G").retention
    retention = words.understood()
    assert retention.ages[EventKind.BAN] == 365 * 86_400
    assert retention.ages[EventKind.FAILURE] == 30 * 86_400
    assert retention.max_bytes == 1_000_000_000


@pytest.mark.parametrize(
    ("words", "environment", "name"),
    [
        (["--keep", "5s"], {}, "--keep:"),
        (["--keep-size", "5"], {}, "--keep-size:"),
        ([], {"BANGUI_KEEP_FAILURES": "long"}, "$BANGUI_KEEP_FAILURES:"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_by_its_name(
    words: list[str], environment: dict[str, str], name: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse("collect", *words, **environment)
    assert caught.value.message.startswith(name)
