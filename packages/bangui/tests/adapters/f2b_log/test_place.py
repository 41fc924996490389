from __future__ import annotations

import pytest

from bangui.adapters.f2b_log.place import Place, load_place


def test_a_place_is_what_it_was_after_a_dump() -> None:
    place = Place(1, 2, 3, 4, "abc")
    assert load_place(place.dump()) == place
    assert load_place(None) is None


@pytest.mark.parametrize("values", [5, [1, 2, 3], [1, 2, -3, 4, "x"], ["1", 2, 3, 4, "x"]])
def test_what_is_no_place_is_refused(values: object) -> None:
    with pytest.raises(ValueError, match="none"):
        load_place(values)
