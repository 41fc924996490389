from __future__ import annotations

from bangui.domain.jail_details import JailDetails, JailFilter
from bangui.domain.jails import JailCounters, JailRule


def test_the_name_of_a_jail_is_that_of_its_counters() -> None:
    details = JailDetails(
        JailRule("here", "sshd", 5, 600, 600, grows=False),
        JailCounters("here", "sshd", 0, 0, 0, 0),
        None,
        (),
        (),
        JailFilter("", (), ()),
        {},
        (),
    )
    assert details.name == "sshd"
