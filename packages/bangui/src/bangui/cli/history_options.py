"""The options of the commands about the history, imported only by those.

How long what is kept is filled in after parsing (`complete_retention`), because it comes from the environment as well.
"""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Mapping
from typing import TypeVar

from bangui.cli import history_help_texts as help_texts
from bangui.cli.place_options import place_options
from bangui.domain.errors import InvalidInput
from bangui.domain.history import EventKind, Origin
from bangui.domain.history_queries import Dimension, SortKey
from bangui.domain.retention import DEFAULT_SIZE, FOREVER, RetentionWords, parse_age, parse_max_bytes

T = TypeVar("T")

DIMENSIONS: Mapping[str, Dimension] = {
    "addresses": Dimension.ADDRESS,
    "subnets": Dimension.SUBNET,
    "networks": Dimension.NETWORK,
    "countries": Dimension.COUNTRY,
    "jails": Dimension.JAIL,
}
STEPS: Mapping[str, int] = {
    "minute": 60,
    "5min": 300,
    "15min": 900,
    "hour": 3_600,
    "3h": 10_800,
    "6h": 21_600,
    "day": 86_400,
    "week": 7 * 86_400,
}
FORMATS = ("csv", "jsonl", "list")
KINDS: Mapping[str, EventKind] = {kind.value.replace(" ", "-"): kind for kind in EventKind}
ORIGINS: Mapping[str, Origin] = {origin.value: origin for origin in Origin}
SORT_KEYS: Mapping[str, SortKey] = {key.value: key for key in SortKey}


def complete_retention(options: Namespace, environment: Mapping[str, str]) -> None:
    """Fill in how long the history is kept, where the command line does not say."""
    options.retention = RetentionWords(
        _setting(options.keep, "--keep", environment, FOREVER, parse_age),
        _setting(options.keep_failures, "--keep-failures", environment, FOREVER, parse_age),
        _setting(options.keep_size, "--keep-size", environment, DEFAULT_SIZE, parse_max_bytes),
    )


def history_options(parser: ArgumentParser) -> None:
    """Add the options of `history`."""
    parser.epilog = help_texts.HISTORY
    _filter_options(parser)
    _order_options(parser)
    parser.add_argument("--limit", metavar="N", type=_number, help="so many (default: a screenful; all when piped)")
    parser.add_argument("--all", action="store_true", help="all, also on a terminal")
    parser.add_argument("--lines", action="store_true", help="with the log lines that led to each ban")
    place_options(parser)


def top_options(parser: ArgumentParser) -> None:
    """Add the options of `top`."""
    parser.epilog = help_texts.TOP
    parser.add_argument(
        "what",
        metavar="WHAT",
        nargs="?",
        default="addresses",
        choices=DIMENSIONS,
        help=f"{', '.join(DIMENSIONS)} (default: addresses)",
    )
    parser.add_argument(
        "--by", metavar="COUNT", choices=("bans", "failures"), default="bans", help="bans (default) or failures"
    )
    _time_options(parser)
    _jail_option(parser)
    _country_option(parser)
    _network_option(parser)
    parser.add_argument("--limit", metavar="N", type=_number, default=10, help="so many rows (default: 10)")
    place_options(parser)


def stats_options(parser: ArgumentParser) -> None:
    """Add the options of `stats`."""
    parser.epilog = help_texts.STATS
    _time_options(parser, since="7d")
    _jail_option(parser)
    parser.add_argument(
        "--by", metavar="STEP", choices=STEPS, help=f"{', '.join(STEPS)} (default: what suits the period)"
    )
    place_options(parser)


def export_options(parser: ArgumentParser) -> None:
    """Add the options of `export`."""
    parser.epilog = help_texts.EXPORT
    parser.add_argument(
        "--format", metavar="FORMAT", choices=FORMATS, default="csv", help="csv (default), jsonl or list"
    )
    parser.add_argument("--output", metavar="FILE", help="into a file that only you can read (default: print)")
    parser.add_argument("--lines", action="store_true", help="with the log lines that led to each ban")
    _filter_options(parser)
    _order_options(parser)
    parser.add_argument("--limit", metavar="N", type=_number, help="so many (default: all)")
    place_options(parser)


def backup_options(parser: ArgumentParser) -> None:
    """Add the options of `backup`."""
    parser.epilog = help_texts.BACKUP
    parser.add_argument("file", metavar="FILE", help="a new file; only you can read it")
    place_options(parser)


def restore_options(parser: ArgumentParser) -> None:
    """Add the options of `restore`."""
    parser.epilog = help_texts.RESTORE
    parser.add_argument("file", metavar="FILE", help="what bangui backup has written")
    place_options(parser)


def collect_options(parser: ArgumentParser) -> None:
    """Add the options of `collect`."""
    parser.epilog = help_texts.COLLECT
    parser.add_argument("--once", action="store_true", help="record what is new, and end")
    parser.add_argument("--verbose", action="store_true", help="log what happens, not only what goes wrong")
    retention_options(parser)


def retention_options(parser: ArgumentParser) -> None:
    """Add where the history is, and how long what is kept in it."""
    group = parser.add_argument_group("how long the history is kept")
    group.add_argument("--keep", metavar="AGE", help=f"such as 2y or 90d (default: $BANGUI_KEEP or {FOREVER})")
    group.add_argument(
        "--keep-failures",
        metavar="AGE",
        help="the same for failures, where they shall go earlier (default: $BANGUI_KEEP_FAILURES)",
    )
    group.add_argument(
        "--keep-size",
        metavar="SIZE",
        help=f"room on disk; then the oldest go: 500M, unlimited (default: $BANGUI_KEEP_SIZE or {DEFAULT_SIZE})",
    )
    place_options(parser)


def _filter_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "terms", metavar="IP", nargs="*", help="an address, a network, the beginning of one, or any id (default: all)"
    )
    _time_options(parser)
    _jail_option(parser)
    parser.add_argument(
        "--kind", metavar="KIND", type=_several(KINDS), action="extend", default=[], help=f"{', '.join(KINDS)}"
    )
    _country_option(parser)
    _network_option(parser)
    parser.add_argument(
        "--origin",
        metavar="WHO",
        type=_several(ORIGINS),
        action="extend",
        default=[],
        help=f"who wanted the ban: {', '.join(ORIGINS)}",
    )
    parser.add_argument("--text", metavar="WORDS", help="words that the log lines of a ban must all hold")


def _time_options(parser: ArgumentParser, since: str | None = None) -> None:
    default = f" (default: {since})" if since else ""
    parser.add_argument(
        "--since", metavar="TIME", default=since, help=f"24h, 7d, yesterday, 2026-11-01, 2026-11-01T10:00{default}"
    )
    parser.add_argument("--until", metavar="TIME", help="up to then, a day up to its beginning (default: now)")


def _jail_option(parser: ArgumentParser) -> None:
    parser.add_argument("--jail", metavar="JAIL", action="append", default=[], help="only this jail; may be repeated")


def _country_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--country", metavar="CODE", type=_countries, action="extend", default=[], help="such as DE or DE,CN"
    )


def _network_option(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--network", metavar="AS", type=_networks, action="extend", default=[], help="such as AS4134 or 4134"
    )


def _order_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--sort", metavar="BY", choices=SORT_KEYS, default="time", help=f"{', '.join(SORT_KEYS)} (default: time)"
    )
    parser.add_argument("--reverse", action="store_true", help="the other way round: the oldest first, or the last")


def _setting(
    given: str | None, option: str, environment: Mapping[str, str], default: str, parse: Callable[[str], object]
) -> str:
    """Return a setting from its option, else from its variable (`--keep-size`: `BANGUI_KEEP_SIZE`), once understood."""
    variable = "BANGUI_" + option.removeprefix("--").replace("-", "_").upper()
    text, name = (given, option) if given is not None else (environment.get(variable) or default, f"${variable}")
    try:
        parse(text)
    except InvalidInput as error:
        raise InvalidInput(f"{name}: {error.message}", error.hint) from None
    return text


def _number(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 1_000_000_000:
        return int(text)
    raise ArgumentTypeError(f"expected a number such as 100, not {text!r}")


def _several(known: Mapping[str, T]) -> Callable[[str], list[T]]:
    """Return a parser of words between commas, each in the singular or with an s."""

    def parse(text: str) -> list[T]:
        found = []
        for word in text.lower().split(","):
            value = known.get(word.strip()) or known.get(word.strip().removesuffix("s"))
            if value is None:
                raise ArgumentTypeError(f"expected one of {', '.join(known)}, not {word!r}")
            found.append(value)
        return found

    return parse


def _countries(text: str) -> list[str]:
    codes = [code.strip().upper() for code in text.split(",")]
    for code in codes:
        if len(code) != 2 or not code.isascii() or not code.isalpha():
            raise ArgumentTypeError(f"expected the two letters of a country, such as DE, not {code!r}")
    return codes


def _networks(text: str) -> list[int]:
    numbers = []
    for word in text.split(","):
        digits = word.strip().upper().removeprefix("AS")
        if not digits.isascii() or not digits.isdecimal() or int(digits) >= 1 << 32:
            raise ArgumentTypeError(f"expected the number of a network, such as AS4134, not {word!r}")
        numbers.append(int(digits))
    return numbers
