import pytest

from bangui.adapters.sql.storable import LONGEST_ID as STORED
from bangui.adapters.sql.storable import storable_text
from bangui.domain.kept_ids import LONGEST_ID, kept_id
from packages.bangui.tests.web.scripted import HOSTILE_IDS


@pytest.mark.parametrize("id", [*HOSTILE_IDS, "192.0.2.1", "a\x00b", "\udc80\x00", "\U0001f600" * 600])
def test_an_id_is_looked_for_as_it_is_stored(id: str) -> None:
    assert kept_id(id) == storable_text(id, STORED)
    assert kept_id(kept_id(id)) == kept_id(id)


def test_what_needs_no_change_has_none() -> None:
    assert kept_id("2001:db8::/32") == "2001:db8::/32"
    assert kept_id("büro 日本") == "büro 日本"
    assert len(kept_id("x" * 5_000)) == LONGEST_ID
