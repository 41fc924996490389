import base64
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.services.ban_window import BanFilter, BanPosition
from bangui.web.errors import WebError
from bangui.web.guard import LONGEST_TARGET
from bangui.web.query import (
    LONGEST_WORD,
    ViewQuery,
    decode_position,
    encode_position,
    parse_query,
    view_path,
)
from bangui.web.url_words import LONGEST_PLACE
from packages.bangui.tests.web.scripted import HOSTILE_IDS, LONG_JAIL, NOW


def reparsed(query: ViewQuery) -> ViewQuery:
    return parse_query(dict(parse_qsl(urlsplit(view_path(query)).query)))


@pytest.mark.parametrize(
    "query",
    [
        ViewQuery(),
        ViewQuery(BanFilter("sshd", "203.0.113")),
        ViewQuery(BanFilter("jail with spaces, & more", "<b>")),
        ViewQuery(BanFilter("sshd"), older=BanPosition(NOW, "2001:db8::1", "sshd")),
        ViewQuery(newer=BanPosition(NOW, "198.51.100.7", "sshd")),
    ],
)
def test_the_address_of_a_view_leads_back_to_it(query: ViewQuery) -> None:
    assert reparsed(query) == query


def test_the_plain_view_has_the_plain_address() -> None:
    assert view_path(ViewQuery()) == "/"


@pytest.mark.parametrize("id_", HOSTILE_IDS)
def test_every_ban_can_stand_on_the_edge_of_a_page(id_: str) -> None:
    position = BanPosition(NOW, id_, LONG_JAIL)
    word = encode_position(position)
    assert decode_position(word).banned_at == NOW
    assert decode_position(word).id == id_[:64]


@given(st.text(st.characters(), max_size=500), st.text(st.characters(), max_size=500))
def test_no_name_makes_an_address_that_would_be_refused(id_: str, jail: str) -> None:
    query = ViewQuery(BanFilter(jail[:LONGEST_WORD]), older=BanPosition(NOW, id_, jail))
    assert len(encode_position(BanPosition(NOW, id_, jail))) <= LONGEST_PLACE
    assert len(view_path(query)) <= LONGEST_TARGET


@pytest.mark.parametrize(
    "word",
    [
        "x",
        "%%%",
        "é",
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(b"[1, 2, 3]").decode(),
        base64.urlsafe_b64encode(b'[1e99, "a", "b"]').decode(),
        base64.urlsafe_b64encode(b'[NaN, "a", "b"]').decode(),
        base64.urlsafe_b64encode(b"[" * 1500).decode(),
        "A" * (LONGEST_PLACE + 1),
    ],
)
def test_a_damaged_cursor_is_an_error_with_a_way_back(word: str) -> None:
    with pytest.raises(WebError) as caught:
        parse_query({"older": word})
    assert caught.value.problem.status == 400


def test_refuses_words_longer_than_any_name() -> None:
    with pytest.raises(WebError):
        parse_query({"q": "x" * (LONGEST_WORD + 1)})
