from __future__ import annotations

import io

from bangui.cli.data_credits import credit_values, print_credits
from bangui.cli.screen import Screen
from bangui.domain.places import DataSource

SOURCES = (DataSource("country", "table\x1b", "2026-01-01", "CC0", "somebody"),)


def printed(sources: tuple[DataSource, ...], *, is_terminal: bool) -> str:
    stream = io.StringIO()
    print_credits(Screen(stream, is_terminal=is_terminal, columns=80, has_colour=False), sources)
    return stream.getvalue()


def test_on_a_terminal_the_data_are_named_with_their_licence() -> None:
    assert printed(SOURCES, is_terminal=True) == "country by table\\x1b (CC0): see bangui geo\n"


def test_a_list_for_a_program_stays_a_list() -> None:
    assert printed(SOURCES, is_terminal=False) == ""
    assert printed((), is_terminal=True) == ""


def test_as_values_they_are_complete() -> None:
    assert credit_values(SOURCES) == [
        {"what": "country", "name": "table\x1b", "date": "2026-01-01", "licence": "CC0", "credit": "somebody"}
    ]
