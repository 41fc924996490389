import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.web.text import inert, marked, prose, visible


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("1.2.3.4\u202e9.9", "1.2.3.4\\u202e9.9"),
        ("a\u200bb\ufeffc\u00add", "a\\u200bb\\ufeffc\\xadd"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("line\nbreak\u2028and\u2029more", "line\\x0abreak\\u2028and\\u2029more"),
        ("lone \udc80", "lone \\udc80"),
        ("no\u00a0break", "no\\xa0break"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("Hangul filler \u3164", "Hangul filler \\u3164"),
    ],
)
def test_shows_what_cannot_be_seen_as_its_escape(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


@pytest.mark.parametrize("honest", ["2001:db8::1", "198.51.100.0/24", "büro-jail", "日本", "naïve e\u0301", "a b"])
def test_leaves_visible_text_as_it_is(honest: str) -> None:
    assert visible(honest) == honest


def test_keeps_two_marks_on_a_letter_and_shows_the_rest_of_a_pile() -> None:
    assert visible("Z" + "\u0351" * 4) == "Z\u0351\u0351\\u0351\\u0351"


def test_isolates_and_escapes_markup() -> None:
    assert inert("<script>&'\"") == "<bdi>&lt;script&gt;&amp;&#39;&#34;</bdi>"


def test_marks_escapes_apart_from_text_that_looks_like_one() -> None:
    assert inert("\\u202e\u202e") == '<bdi>\\u202e<span class="escape">\\u202e</span></bdi>'


def test_says_that_a_text_is_empty() -> None:
    assert inert("") == '<bdi><span class="escape">empty</span></bdi>'


def test_shortens_what_is_longer_than_any_honest_name() -> None:
    assert inert("x" * 5000, 10) == "<bdi>xxxxxxxxxx…</bdi>"
    assert visible("x" * 5000, 10) == "xxxxxxxxxx…"


def test_turns_backticks_into_code_and_nothing_else_into_markup() -> None:
    assert prose("run `a <b>` now") == "run <code>a &lt;b&gt;</code> now"
    assert prose("an odd ` stays") == "an odd ` stays"


def test_marks_what_is_wanted_and_nothing_else() -> None:
    found = marked("<b>root</b> ROOT \u202eroot", re.compile("root", re.IGNORECASE))
    assert found == (
        "<bdi>&lt;b&gt;<mark>root</mark>&lt;/b&gt; <mark>ROOT</mark> "
        '<span class="escape">\\u202e</span><mark>root</mark></bdi>'
    )
    assert marked("<b>", None) == "<bdi>&lt;b&gt;</bdi>"
    assert marked("x" * 50, re.compile("x{3}"), 4) == "<bdi><mark>xxx</mark>x…</bdi>"


def test_marks_keep_what_is_hostile_inside_them_inert() -> None:
    assert marked("a<i>\x1b", re.compile("<i>\x1b")) == (
        '<bdi>a<mark>&lt;i&gt;<span class="escape">\\x1b</span></mark></bdi>'
    )


@given(st.text(st.characters()))
def test_nothing_invisible_gets_through_and_everything_can_be_sent(text: str) -> None:
    for shown in (visible(text), str(inert(text)), str(prose(text)), str(marked(text, re.compile("[a-z\\W]")))):
        shown.encode()
        assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in shown)
