from __future__ import annotations

from aiofail2ban._capabilities import Capabilities, Feature


def test_nothing_is_missing_until_it_was_refused_and_all_of_it_can_be_forgotten() -> None:
    capabilities = Capabilities()
    assert not any(capabilities.lack(feature) for feature in Feature)
    capabilities.note_missing(Feature.STATISTICS)
    assert [feature for feature in Feature if capabilities.lack(feature)] == [Feature.STATISTICS]
    capabilities.forget()
    assert not capabilities.lack(Feature.STATISTICS)
