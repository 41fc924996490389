from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangui.adapters.sql.queries.positions import Position, decode_position, encode_position
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


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(sort=st.sampled_from(list(SortKey)), parts=st.lists(VALUES, max_size=6))
def test_a_token_with_the_right_mark_is_still_checked(sort: SortKey, parts: list[object]) -> None:
    order = Order(sort)
    token = encode_position(Position(_some_key(sort), 1, 2), FILTER, order)
    mark = json.loads(_decoded(token))[0]
    forged = urlsafe_b64encode(json.dumps([mark, *parts]).encode()).decode()

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


def _decoded(token: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(token + "=" * (-len(token) % 4))
