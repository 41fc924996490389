"""An attack on time and memory ends soon, in `Fail2BanProtocolError`, and in bounded memory."""

from __future__ import annotations

import pytest

from packages.aiofail2ban.tests.safety.streams import HEAVY
from packages.aiofail2ban.tests.safety.watched import run_guarded


@pytest.mark.slow
@pytest.mark.parametrize("name", HEAVY)
def test_an_attack_on_time_and_memory_ends_soon(name: str) -> None:
    outcome = run_guarded(name)
    assert outcome.is_refused
    assert outcome.events == []
    assert outcome.new_modules == []
    # A reply of a million bans takes a few hundred megabytes, and its decoding a second.
    assert outcome.megabytes < 700
    assert outcome.seconds < 25
