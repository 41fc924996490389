from __future__ import annotations

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Filter
from bangui.domain.search_terms import narrowed


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.9/24 ", "203.0.113.0/24"),
        ("[2001:DB8::7]", "2001:db8::7"),
        ("2001:db8::", "2001:db8::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_an_address_and_a_network_mean_all_that_lies_in_them(term: str, text: str) -> None:
    filter = narrowed(Filter(), term)
    assert filter.within is not None
    assert (filter.within.text, filter.prefix, filter.id) == (text, None, None)


@pytest.mark.parametrize(
    ("term", "prefix"),
    [
        ("203.0.11", "203.0.11"),
        ("203.", "203."),
        ("203", "203"),
        ("203.0.113.*", "203.0.113."),
        ("203.0.113.1*", "203.0.113.1"),
        ("2001:db8:", "2001:db8:"),
        ("2001:0DB8:00A", "2001:db8:00a"),
        ("2001:db8::*", "2001:db8::"),
        ("2001:db8:0:*", "2001:db8:0:"),
        ("admin*", "admin"),
    ],
)
def test_a_beginning_means_every_id_that_begins_so(term: str, prefix: str) -> None:
    filter = narrowed(Filter(), term)
    assert (filter.within, filter.prefix, filter.id) == (None, prefix, None)


@pytest.mark.parametrize(
    "term", ["admin", "user@example.org", "bad.example.com", "cafe.de", "beef", "evil \x1b[2J", "fe80::1%eth0"]
)
def test_any_other_text_means_exactly_this_id(term: str) -> None:
    filter = narrowed(Filter(), term)
    assert (filter.within, filter.prefix, filter.id) == (None, None, term)


@pytest.mark.parametrize(
    "term",
    [
        "203.0.113.999",
        "10.0.0.0/33",
        "2001:db8::/129",
        "203.0.113.7:22",
        "192.0.2.1-192.0.2.9",
        "300.1",
        "1.2.3.4.5",
        "10.0.0/",
        "",
        " ",
        "*",
    ],
)
def test_what_looks_like_a_mistyped_address_is_told(term: str) -> None:
    with pytest.raises(InvalidInput):
        narrowed(Filter(), term)


def test_what_else_the_filter_asks_for_stays() -> None:
    assert narrowed(Filter(jails=("sshd",), since=7), "203.0.113.7").jails == ("sshd",)
