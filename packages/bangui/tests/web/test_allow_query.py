from __future__ import annotations

import pytest

from bangui.domain.allow_list import AllowLine, AllowOrigin, EntryKind
from bangui.web.allow_query import AllowQuery, allow_path, is_untidy, matches, read_allow_query

OFFICE = AllowLine(
    "192.0.2.0/24",
    EntryKind.NETWORK,
    AllowOrigin.BANGUI,
    ("sshd",),
    ("web",),
    ("ftp",),
    note="The Office",
    author="ada",
)
NAME = AllowLine("mail.example", EntryKind.NAME, AllowOrigin.CONFIGURATION, ("sshd",))


def test_an_address_leads_to_the_view_that_it_was_made_of() -> None:
    query = AllowQuery(q="192.0.2.0/24", jail=" a, b ", origin="bangui", entry="::1", rows="400")
    path = allow_path(query)
    assert path == "/allow-list?q=192.0.2.0/24&jail=+a,+b+&origin=bangui&entry=::1&rows=400"
    assert (
        read_allow_query({"q": " 192.0.2.0/24 ", "jail": " a, b ", "origin": "bangui", "entry": "::1", "rows": "400"})
        == query
    )
    assert allow_path(AllowQuery()) == "/allow-list"


def test_what_is_too_long_is_cut_and_what_cannot_travel_is_replaced() -> None:
    assert len(read_allow_query({"q": "x" * 9_000}).q) == 300
    assert allow_path(AllowQuery(jail="\ud800")) == "/allow-list?jail=%3F"


@pytest.mark.parametrize(
    ("rows", "most"), [("", 200), ("400", 400), ("1", 200), ("999999", 10_000), ("²", 200), ("-9", 200)]
)
def test_how_many_rows_are_shown_has_bounds(rows: str, most: int) -> None:
    assert AllowQuery(rows=rows).most_rows == most


def test_a_form_is_told_from_a_link() -> None:
    assert is_untidy({"q": "", "jail": "sshd"})
    assert not is_untidy({"q": "x", "other": ""})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (AllowQuery(), [OFFICE, NAME]),
        (AllowQuery(q="192.0.2.9"), [OFFICE]),
        (AllowQuery(q="192.0.0.0/8"), [OFFICE]),
        (AllowQuery(q="198.51.100.1"), []),
        (AllowQuery(q="office"), [OFFICE]),
        (AllowQuery(q="MAIL"), [NAME]),
        (AllowQuery(jail="web"), [OFFICE]),
        (AllowQuery(jail="ftp"), [OFFICE]),
        (AllowQuery(jail="nope"), []),
        (AllowQuery(origin="configuration"), [NAME]),
        (AllowQuery(origin="nonsense"), [OFFICE, NAME]),
    ],
)
def test_lines_are_found_by_what_they_cover_and_by_what_is_written(query: AllowQuery, found: list[AllowLine]) -> None:
    assert [line for line in (OFFICE, NAME) if matches(line, query)] == found
