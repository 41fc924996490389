from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from bangui.services.log_lines import LineFilter
from bangui.web.errors import WebError
from bangui.web.log_query import LONGEST_TEXT, LogQuery, log_path, read_log_query


def read(query: str) -> LogQuery:
    return read_log_query(dict(parse_qsl(query, keep_blank_values=True)))


def test_an_address_without_words_shows_every_line_of_the_first_log() -> None:
    assert read("") == read("file=&q=&level=&other=1") == LogQuery()
    assert log_path(LogQuery()) == "/log"


@pytest.mark.parametrize("query", ["file=abc", "file=abc&q=203.0.113.7&level=warning&marked=1", "q=a+%26+b"])
def test_an_address_says_what_it_shows(query: str) -> None:
    assert log_path(read(query)) == f"/log?{query}"


def test_a_view_says_which_lines_are_shown() -> None:
    assert read("q=%20root%20&level=notice&marked=1").filter == LineFilter("root", "NOTICE", is_marked_only=True)
    assert read("marked=yes").filter == LineFilter()


@pytest.mark.parametrize("query", ["level=loud", "file=" + "x" * 100, "q=" + "x" * (LONGEST_TEXT + 1)])
def test_an_address_that_means_nothing_is_an_error_with_a_way_back(query: str) -> None:
    with pytest.raises(WebError) as caught:
        read(query)
    assert caught.value.problem.status == 400


def test_a_lone_surrogate_in_a_search_makes_no_error() -> None:
    assert log_path(LogQuery(text="lone \udc80")) == "/log?q=lone+%3F"
