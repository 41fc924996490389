from __future__ import annotations

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.pasted import MOST_PROBLEMS, parse_pasted


def test_one_address_a_line() -> None:
    assert parse_pasted("192.0.2.1\n2001:db8::1\r\n198.51.100.0/24\r").ids == (
        "192.0.2.1",
        "2001:db8::1",
        "198.51.100.0/24",
    )


def test_blanks_and_commas_part_them_as_well() -> None:
    assert parse_pasted("192.0.2.1, 192.0.2.2\t192.0.2.3,192.0.2.4").ids == tuple(f"192.0.2.{n}" for n in range(1, 5))


def test_comments_and_empty_lines_are_left_out() -> None:
    assert parse_pasted("# bad\n\n192.0.2.1 # again\n; drop\n192.0.2.2 ; SBL1\n  \n,,\n").ids == (
        "192.0.2.1",
        "192.0.2.2",
    )


def test_semicolons_part_addresses_and_begin_comments() -> None:
    assert parse_pasted("192.0.2.1; 192.0.2.2;192.0.2.3").ids == ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    assert parse_pasted("192.0.2.1 ; SBL1 ; 192.0.2.2").ids == ("192.0.2.1",)


def test_of_a_table_the_first_column_counts() -> None:
    table = '\ufeffip,country,count\n"192.0.2.1",US,5\n192.0.2.2,"Brazil",1\n'
    assert parse_pasted(table).ids == ("192.0.2.1", "192.0.2.2")
    assert parse_pasted("192.0.2.1;US;198.51.100.1").ids == ("192.0.2.1",)


def test_a_heading_further_down_is_a_problem() -> None:
    assert [problem.line for problem in parse_pasted("192.0.2.1\nip\n").problems] == [2]


def test_what_is_no_address_is_told_with_its_line() -> None:
    pasted = parse_pasted("192.0.2.1\n\nexample.org\n192.0.2.1:22 192.0.2.9\n")
    assert pasted.ids == ("192.0.2.1", "192.0.2.9")
    assert [(one.line, one.written) for one in pasted.problems] == [(3, "example.org"), (4, "192.0.2.1:22")]
    assert pasted.problems[1].hint == "bans are for whole addresses: leave the port out"


def test_the_same_address_is_one_entry_however_it_is_written() -> None:
    pasted = parse_pasted("2001:DB8:0::1\n[2001:db8::1]\n::ffff:192.0.2.1\n192.0.2.1/32")
    assert [(one.line, one.written, one.address.text) for one in pasted.entries] == [
        (1, "2001:DB8:0::1", "2001:db8::1"),
        (3, "::ffff:192.0.2.1", "192.0.2.1"),
    ]
    assert pasted.repeated == 2


def test_a_list_that_is_too_long_is_refused() -> None:
    text = "\n".join(f"10.0.{n >> 8}.{n & 255}" for n in range(10_001))
    with pytest.raises(InvalidInput, match="more than 10,000"):
        parse_pasted(text)
    assert len(parse_pasted(text.rpartition("\n")[0]).ids) == 10_000


def test_of_many_problems_some_are_told_and_all_are_counted() -> None:
    pasted = parse_pasted("x\n" * 5_000)
    assert (len(pasted.problems), pasted.wrong) == (MOST_PROBLEMS, 5_000)


@pytest.mark.parametrize("word", ["x", "192.0.2.1"])
def test_words_that_lead_to_nothing_are_not_read_without_end(word: str) -> None:
    with pytest.raises(InvalidInput, match="more than 50,000 words"):
        parse_pasted(f"{word}," * 60_000)


def test_a_word_without_end_is_cut() -> None:
    problem = parse_pasted("x" * 1_000_000).problems[0]
    assert len(problem.written) == 80
    assert len(problem.problem) < 200


@pytest.mark.parametrize("text", ["", "\n\n", "  ,  ", "#"])
def test_nothing_is_nothing(text: str) -> None:
    assert parse_pasted(text).ids == ()
