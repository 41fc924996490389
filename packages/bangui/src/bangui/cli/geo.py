"""`bangui geo`: which data about addresses is in use, where is this address, and take newer data.

Needs no fail2ban. What it does outside this process it is handed as `GeoTools`.
"""

from __future__ import annotations

from argparse import SUPPRESS
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TextIO

from bangui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from pathlib import Path

    from bangui.cli.screen import Screen
    from bangui.domain.addresses import Address
    from bangui.domain.places import DataSource, IPAddress, IPNetwork, Place, ReplacedData

DEFAULT_DATA = "/var/lib/bangui"

EPILOG = """\
Country and network of an address come from tables on this machine. Nothing is asked of anybody, except for names with
--reverse, and for a file with --url. Your own data in DATA/geo comes first: country.mmdb, and asn.mmdb or asn.table.

examples:
  bangui geo                       which data is in use, of what date
  bangui geo lookup 203.0.113.7 2001:db8::1
  sudo bangui geo update --from GeoLite2-ASN.mmdb
  sudo bangui geo update --from asn-ipv4.csv --from asn-ipv6.csv
  echo "https://USER:KEY@..." | sudo bangui geo update --url -
"""


class Finder(Protocol):
    """Finds places, and knows which data it could not use."""

    def find(self, network: IPNetwork) -> Place:
        """Return where a network is."""
        ...

    def sources(self) -> tuple[DataSource, ...]:
        """Return where the answers come from."""
        ...

    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with data that is not in use."""
        ...


class GeoTools(NamedTuple):
    """What the command needs from outside; each takes the folder that the data is in first.

    The last two raise `BanGUIError`. `reverse_name` waits for so many seconds.
    """

    open_finder: Callable[[Path], Finder]
    replace_from_files: Callable[[Path, Sequence[Path]], ReplacedData]
    replace_from_url: Callable[[Path, str], ReplacedData]
    reverse_name: Callable[[IPAddress, float], str | None]


def add_options(parser: ArgumentParser, add_common: Callable[[ArgumentParser], object]) -> None:
    """Add the actions of `geo`; `add_common` gives each of them the options of every command."""
    parser.set_defaults(action="show")
    _data_option(parser, default=None)
    actions = parser.add_subparsers(
        prog=parser.prog, dest="action", metavar="ACTION", title="actions", parser_class=type(parser)
    )
    for name, (summary, add) in _ACTIONS.items():
        action = actions.add_parser(name, help=summary, description=f"{summary}.", add_help=False)
        action.add_argument("-h", "--help", action="help", help="show this help and exit")
        add(action)
        _data_option(action, default=SUPPRESS)
        add_common(action)


def _show_options(parser: ArgumentParser) -> None:
    """Add nothing: there is nothing to choose."""


def _lookup_options(parser: ArgumentParser) -> None:
    parser.add_argument("ids", metavar="IP", nargs="+", help="addresses or networks")
    parser.add_argument("--reverse", action="store_true", help="ask the name servers for names, too")


def _update_options(parser: ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--from",
        metavar="FILE",
        dest="files",
        action="append",
        help="an .mmdb, a packed table, or CSV or TSV (which may be said again), compressed or not",
    )
    source.add_argument("--url", metavar="URL", help="fetch the file by https; - reads the URL from standard input")


def _data_option(parser: ArgumentParser, default: str | None) -> None:
    parser.add_argument(
        "--data", metavar="FOLDER", default=default, help=f"BanGUI's data (default: $BANGUI_DATA or {DEFAULT_DATA})"
    )


_ACTIONS: Mapping[str, tuple[str, Callable[[ArgumentParser], None]]] = {
    "show": ("Show which data is in use", _show_options),
    "lookup": ("Show country and network of addresses", _lookup_options),
    "update": ("Replace the data after checking it", _update_options),
}


class GeoCall(NamedTuple):
    """One run of the command: what was asked, and the means to answer."""

    options: Namespace
    screen: Screen
    stdin: TextIO
    environment: Mapping[str, str]
    tools: GeoTools


def run(call: GeoCall) -> int:
    """Do what was asked and return the exit status; raises `BanGUIError`."""
    from pathlib import Path

    options = call.options
    folder = Path(options.data or call.environment.get("BANGUI_DATA") or DEFAULT_DATA) / "geo"
    if options.action == "update":
        return _update(call, folder)
    finder = call.tools.open_finder(folder)
    return _look_up(call, finder) if options.action == "lookup" else _show(call.screen, finder, options)


def _show(screen: Screen, finder: Finder, options: Namespace) -> int:
    sources, problems = finder.sources(), finder.problems()
    if options.json:
        from bangui.cli.json_values import dump

        screen.line(dump({"sources": [_source_value(source) for source in sources], "problems": list(problems)}))
    else:
        _print_sources(screen, sources)
        _print_problems(screen, problems)
    return ExitCode.NOTHING_DONE if problems else ExitCode.FINE


def _look_up(call: GeoCall, finder: Finder) -> int:
    from bangui.domain.addresses import parse_address

    addresses = [parse_address(text) for text in call.options.ids]
    found = [(address, finder.find(address.network), _name_of(call, address)) for address in addresses]
    if call.options.json:
        from bangui.cli.json_values import dump

        body = {
            "addresses": [_place_value(*each) for each in found],
            "sources": [_source_value(source) for source in finder.sources()],
            "problems": list(finder.problems()),
        }
        call.screen.line(dump(body))
    else:
        _print_places(call.screen, found, has_names=call.options.reverse)
        if call.screen.is_terminal:
            call.screen.line()
            _print_sources(call.screen, finder.sources())
            _print_problems(call.screen, finder.problems())
    return ExitCode.FINE if any(place.country or place.network for _, place, _ in found) else ExitCode.NOTHING_DONE


def _name_of(call: GeoCall, address: Address) -> str | None:
    if not call.options.reverse or address.is_network:
        return None
    return call.tools.reverse_name(address.network.network_address, call.options.timeout)


def _update(call: GeoCall, folder: Path) -> int:
    from pathlib import Path

    if call.options.url:
        # Who can list processes can read a command line.
        url = call.stdin.readline().strip() if call.options.url == "-" else call.options.url
        replaced = call.tools.replace_from_url(folder, url)
    else:
        replaced = call.tools.replace_from_files(folder, [Path(file) for file in call.options.files])
    if call.options.json:
        from bangui.cli.json_values import dump

        sources = [_source_value(source) for source in replaced.sources]
        call.screen.line(dump({"sources": sources, "ranges": replaced.ranges, "notes": list(replaced.notes)}))
    else:
        call.screen.prose(f"{replaced.ranges:,} ranges are in use now; a running BanGUI takes them within seconds")
        for note in replaced.notes:
            call.screen.prose(f"  {note}")
        _print_sources(call.screen, replaced.sources)
    return ExitCode.FINE


def _print_sources(screen: Screen, sources: Sequence[DataSource]) -> None:
    from bangui.cli.table import Column, print_table

    columns = (Column("WHAT"), Column("DATA", can_be_cut=True), Column("DATE"), Column("LICENCE", can_be_cut=True))
    print_table(screen, columns, [(each.what, each.name, each.date, each.licence) for each in sources])
    _print_credits(screen, sources)


def _print_credits(screen: Screen, sources: Sequence[DataSource]) -> None:
    from bangui.cli.inert import inert

    screen.line()
    for source in sources:
        screen.prose(f"{source.what}: {inert(source.credit)}")


def _print_problems(screen: Screen, problems: Sequence[str]) -> None:
    from bangui.cli.inert import inert

    for problem in problems:
        screen.prose(f"not in use: {inert(problem)}", "red")


def _print_places(screen: Screen, found: Sequence[tuple[Address, Place, str | None]], *, has_names: bool) -> None:
    from bangui.cli.table import Column, print_table

    columns = [
        Column("ADDRESS"),
        Column("COUNTRY"),
        Column("NETWORK", is_number=True),
        Column("NAME OF THE NETWORK", can_be_cut=True),
    ]
    if has_names:
        columns.append(Column("CLAIMED NAME", can_be_cut=True))
    print_table(screen, columns, [_row(*each)[: len(columns)] for each in found])


def _row(address: Address, place: Place, name: str | None) -> tuple[str, ...]:
    network = place.network
    return (
        address.text,
        place.country or _scope(address),
        f"AS{network.number}" if network else "-",
        (network.name if network else "") or "-",
        name or "-",
    )


def _scope(address: Address) -> str:
    """Return why an address has no country, where that is so by its nature."""
    from bangui.domain.places import AddressScope, scope_of

    scope = scope_of(address.network.network_address)
    return "-" if scope is AddressScope.GLOBAL else scope.value


def _place_value(address: Address, place: Place, name: str | None) -> dict[str, object]:
    from bangui.domain.places import scope_of

    network = place.network
    return {
        "id": address.text,
        "scope": scope_of(address.network.network_address).value,
        "country": place.country,
        "network": {"number": network.number, "name": network.name} if network else None,
        "claimed_name": name,
    }


def _source_value(source: DataSource) -> dict[str, object]:
    return {
        "what": source.what,
        "name": source.name,
        "date": source.date,
        "licence": source.licence,
        "credit": source.credit,
    }
