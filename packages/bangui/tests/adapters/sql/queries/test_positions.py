from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.queries.positions import Position, decode_position, encode_position
from bangui.adapters.sql.storable import LATEST_TIME, LONGEST_ID
from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history_queries import Filter, Order, SortKey

FILTER = Filter(jails=("sshd",), within=parse_address("203.0.113.0/24"), text="\x00 \ud800 ' \u202e")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200)
NUMBERS = st.integers(0, (1 << 63) - 1)
KEYS = {
    SortKey.TIME: st.just(()),
    SortKey.JAIL: st.tuples(TEXTS),
    SortKey.COUNTRY: st.tuples(TEXTS),
    SortKey.NETWORK: st.tuples(NUMBERS),
    SortKey.ADDRESS: st.tuples(st.integers(0, 1), st.binary(max_size=17), TEXTS),
}
PLACES = st.sampled_from(list(SortKey)).flatmap(
    lambda sort: st.tuples(st.just(sort), st.builds(Position, KEYS[sort], st.integers(0, 253_402_300_799_000), NUMBERS))
)


@given(place=PLACES, is_descending=st.booleans())
def test_a_token_leads_back_to_its_position_and_fits_into_a_url(
    place: tuple[SortKey, Position], is_descending: bool
) -> None:
    sort, position = place
    order = Order(sort, is_descending)

    token = encode_position(position, FILTER, order)

    assert token.replace("-", "").replace("_", "").isalnum()
    assert token.isascii()
    assert decode_position(token, FILTER, order) == position


@pytest.mark.parametrize(("character", "most"), [("\U0001f525", 2_900), ("\x01", 900), ('"', 900), ("a", 900)])
def test_the_longest_id_fits_into_a_url_whatever_it_is_made_of(character: str, most: int) -> None:
    last = (1 << 63) - 1
    position = Position((1, b"\xff" * 17, character * LONGEST_ID), LATEST_TIME, last)
    order = Order(SortKey.ADDRESS)

    token = encode_position(position, FILTER, order)

    assert len(token) <= most
    assert decode_position(token, FILTER, order) == position


def test_a_token_is_of_no_use_in_another_list() -> None:
    token = encode_position(Position((), 5, 7), Filter(), Order())

    for filter, order in (
        (Filter(since=1), Order()),
        (Filter(text="root"), Order()),
        (Filter(), Order(is_descending=False)),
        (Filter(), Order(SortKey.JAIL)),
    ):
        with pytest.raises(InvalidInput, match="no page of this list"):
            decode_position(token, filter, order)


@given(st.one_of(st.text(max_size=80), st.binary(max_size=80).map(lambda raw: urlsafe_b64encode(raw).decode())))
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput):
        decode_position(token, FILTER, Order())


PARTS = st.one_of(st.text(max_size=5), st.integers(-2, 1 << 65).map(str), st.binary(max_size=20).map(bytes.hex))


@given(sort=st.sampled_from(list(SortKey)), parts=st.lists(PARTS, max_size=6))
def test_a_token_with_the_right_mark_is_still_checked(sort: SortKey, parts: list[str]) -> None:
    order = Order(sort)
    mark = _decoded(encode_position(Position(_some_key(sort), 1, 2), FILTER, order)).split("\x00")[0]
    text = "\x00".join([mark, *parts])
    forged = urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode()

    try:
        position = decode_position(forged, FILTER, order)
    except InvalidInput:
        return
    # Whatever was let through is what the database takes: it leads to itself again.
    assert decode_position(encode_position(position, FILTER, order), FILTER, order) == position


def _some_key(sort: SortKey) -> tuple[int | str | bytes, ...]:
    match sort:
        case SortKey.TIME:
            return ()
        case SortKey.NETWORK:
            return (64_500,)
        case SortKey.ADDRESS:
            return (0, b"4\x01\x02\x03\x04", "1.2.3.4")
        case _:
            return ("x",)


def _decoded(token: str) -> str:
    return urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
