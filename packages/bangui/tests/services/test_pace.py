from __future__ import annotations

from bangui.services.pace import Pace


def test_the_default_pace_polls_once_a_second_and_waits_longer_only_for_a_daemon_that_is_away() -> None:
    pace = Pace()
    assert pace.interval == 1.0
    assert pace.starting < pace.interval
    assert pace.watched < 0.5  # a ban is on the screen of whoever looks on within a second
    assert pace.away_first < pace.away_longest
    assert pace.settle > 10  # fail2ban prolongs bans up to 10 s after they began
