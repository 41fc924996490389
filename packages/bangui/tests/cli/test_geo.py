from __future__ import annotations

import io
import json
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import pytest

from bangui.adapters.geo.errors import BrokenGeoData
from bangui.adapters.geo.finder import open_place_finder
from bangui.adapters.geo.update import replace_from_files, replace_from_url
from bangui.cli.arguments import Parser
from bangui.cli.geo import Finder, GeoCall, GeoTools, add_options, run
from bangui.cli.screen import Screen
from bangui.domain.errors import InvalidInput
from bangui.domain.places import IPAddress
from packages.bangui.tests.adapters.geo.made_data import MANY_ROWS, many_countries, mmdb
from packages.bangui.tests.adapters.geo.web_server import plain, web_server

Write = Callable[[str, bytes | str], str]


@dataclass(slots=True)
class Geo:
    """The command over the real data and a folder for new data; names are told by nobody but the test."""

    data: Path
    names: dict[IPAddress, str] = field(default_factory=dict)
    asked: list[IPAddress] = field(default_factory=list)
    code: int = -1

    def __call__(self, *words: str, columns: int | None = None, stdin: str = "") -> str:
        parser: ArgumentParser = Parser(prog="bangui geo")
        parser.add_argument("--json", action="store_true")
        add_options(parser, lambda action: action.add_argument("--json", action="store_true", default=SUPPRESS))
        options = parser.parse_args(words)
        options.timeout = 5.0
        stream = io.StringIO()
        screen = Screen(stream, is_terminal=columns is not None, columns=columns, has_colour=False)
        environment = {"BANGUI_DATA": str(self.data)}
        self.code = run(GeoCall(options, screen, io.StringIO(stdin), environment, self._tools()))
        return stream.getvalue()

    def json(self, *words: str) -> dict[str, object]:
        value = json.loads(self(*words, "--json"))
        assert isinstance(value, dict)
        return value

    def _tools(self) -> GeoTools:
        def open_finder(folder: Path) -> Finder:
            return open_place_finder(folder, lambda *_: None)

        def reverse_name(address: IPAddress, timeout: float) -> str | None:
            self.asked.append(address)
            return self.names.get(address)

        return GeoTools(open_finder, replace_from_files, replace_from_url, reverse_name)


@pytest.fixture
def geo(tmp_path: Path) -> Geo:
    return Geo(tmp_path / "data")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: bytes | str) -> str:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return str(tmp_path / name)

    return write


def test_it_shows_the_data_in_use_with_date_licence_and_credit(geo: Geo) -> None:
    out = geo()
    assert geo.code == 0
    assert "iptocc" in out
    assert "CC BY 4.0" in out
    assert "IP Geolocation by DB-IP" in out
    assert geo("show") == out
    sources = geo.json("show")["sources"]
    assert isinstance(sources, list)
    assert [source["what"] for source in sources] == ["country", "network"]
    assert set(sources[0]) == {"what", "name", "date", "licence", "credit"}


def test_data_that_cannot_be_used_is_told(geo: Geo) -> None:
    (geo.data / "geo").mkdir(parents=True)
    (geo.data / "geo" / "asn.mmdb").write_bytes(b"broken")
    out = geo("show")
    assert geo.code == 1
    assert "not in use: " in out
    assert "bangui geo update" in out
    problems = geo.json()["problems"]
    assert isinstance(problems, list)
    assert len(problems) == 1


def test_addresses_are_looked_up(geo: Geo) -> None:
    lines = geo(
        "lookup", "131.188.0.1", "10.0.0.1", "[2001:4860:4860::8888]", "::ffff:8.8.8.8", "8.8.8.0/24"
    ).splitlines()
    assert geo.code == 0
    assert len(lines) == 6
    assert lines[1].split()[:3] == ["131.188.0.1", "DE", "AS680"]
    assert lines[2].split() == ["10.0.0.1", "private", "-", "-"]
    assert lines[3].split()[:3] == ["2001:4860:4860::8888", "US", "AS15169"]
    assert lines[4].split()[:3] == ["8.8.8.8", "US", "AS15169"]
    assert lines[5].split()[:3] == ["8.8.8.0/24", "US", "AS15169"]


def test_on_a_terminal_the_sources_stand_below(geo: Geo) -> None:
    out = geo("lookup", "8.8.8.8", columns=100)
    assert "IP Geolocation by DB-IP" in out
    assert all(len(line) <= 100 for line in out.splitlines())


def test_a_look_up_in_json_holds_the_places_and_the_sources(geo: Geo) -> None:
    value = geo.json("lookup", "8.8.8.8", "10.0.0.1")
    assert value["addresses"] == [
        {
            "id": "8.8.8.8",
            "scope": "global",
            "country": "US",
            "network": {"number": 15169, "name": "Google LLC"},
            "claimed_name": None,
        },
        {"id": "10.0.0.1", "scope": "private", "country": None, "network": None, "claimed_name": None},
    ]
    assert len(json.dumps(value["sources"])) > 100


def test_nothing_found_is_an_exit_status(geo: Geo) -> None:
    geo("lookup", "10.0.0.1")
    assert geo.code == 1


def test_names_are_asked_for_only_when_they_are_wanted_and_shown_inert(geo: Geo) -> None:
    address = ip_address("8.8.8.8")
    geo.names[address] = "\x1b[31mevil"
    assert "evil" not in geo("lookup", "8.8.8.8")
    assert geo.asked == []
    out = geo("lookup", "--reverse", "8.8.8.8", "9.9.9.0/24")
    assert geo.asked == [address]
    assert "\\x1b[31mevil" in out
    assert "\x1b" not in out


def test_the_name_of_a_network_is_shown_inert(geo: Geo, write: Write) -> None:
    blocks = [f"{first}.{second}.0.0/16" for first in (1, 8, 9, 193, 198) for second in range(250)]
    record = {"asn": 7, "as_name": "\x1b]0;evil\x07\u202e"}
    geo("update", "--from", write("asn.mmdb", mmdb(dict.fromkeys(blocks, record))))
    out = geo("lookup", "8.8.8.8")
    assert "\\x1b]0;evil\\x07\\u202e" in out
    assert "\x1b" not in out


def test_new_data_is_taken_from_files(geo: Geo, write: Write) -> None:
    out = geo("update", "--from", write("asn.csv", MANY_ROWS))
    assert geo.code == 0
    assert "1,250 ranges are in use now" in out
    assert "it knows little of IPv6" in out
    assert geo("lookup", "8.8.8.8").splitlines()[1].split()[:3] == ["8.8.8.8", "US", "AS808"]
    value = geo.json("update", "--from", write("country.mmdb", many_countries(["LI"])))
    assert value["ranges"] == 1250
    assert geo("lookup", "8.8.8.8").splitlines()[1].split()[:3] == ["8.8.8.8", "LI", "AS808"]


@pytest.mark.parametrize("from_stdin", [False, True])
def test_new_data_is_taken_from_a_server(geo: Geo, from_stdin: bool) -> None:
    with web_server() as server:
        server.answers["/asn.csv?key=secret"] = plain(MANY_ROWS.encode())
        url = server.url("/asn.csv?key=secret", user="me:secret@")
        out = geo("update", "--url", "-", stdin=url + "\n") if from_stdin else geo("update", "--url", url)
    assert "asn.csv" in out
    assert "secret" not in out


def test_data_that_is_refused_is_an_error(geo: Geo, write: Write) -> None:
    with pytest.raises(BrokenGeoData):
        geo("update", "--from", write("asn.csv", "broken"))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["lookup"], "required: IP"),
        (["lookup", "8.8.8"], "is not an address"),
        (["lookup", "example.org"], "is not an address"),
        (["lookup", "8.8.8.8", "--url", "https://example.org"], "unrecognized arguments"),
        (["show", "8.8.8.8"], "unrecognized arguments"),
        (["update"], "one of the arguments --from --url is required"),
        (["update", "--from", "a", "--url", "b"], "not allowed with argument"),
        (["update", "8.8.8.8", "--from", "a"], "unrecognized arguments"),
        (["update", "--url", "http://192.0.2.1/asn.csv"], "is not safe"),
        (["forget"], "invalid choice"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_refused(geo: Geo, words: list[str], problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        geo(*words)


def test_the_folder_of_the_data_can_be_given(geo: Geo, tmp_path: Path, write: Write) -> None:
    geo("update", "--data", str(tmp_path / "other"), "--from", write("asn.csv", MANY_ROWS))
    assert [path.name for path in (tmp_path / "other" / "geo").iterdir()] == ["asn.table"]
    assert not geo.data.exists()
    assert "asn.csv" in geo("--data", str(tmp_path / "other"), "show")
    assert "asn.csv" not in geo("show")
