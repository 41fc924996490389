from __future__ import annotations

import pytest

from aiofail2ban._commands import actions


def test_a_time_out_is_whole_seconds_wherever_it_stands() -> None:
    assert actions.set_property("sshd", "noop", "timeout", "1m").request[-1] == 60
    assert actions.set_properties("sshd", "noop", {"timeout": "1m"}).request[-1] == [["timeout", 60]]
    assert actions.call("sshd", "noop", "executeCmd", {"timeout": "1m"}).request[-1] == '{"timeout": 60}'
    for value in (1.5, None, True, [60]):
        with pytest.raises(TypeError, match="time-out"):
            actions.set_property("sshd", "noop", "timeout", value)


def test_names_that_begin_with_an_underscore_are_refused() -> None:
    with pytest.raises(ValueError, match="daemon's own"):
        actions.get_property("sshd", "noop", "_properties")
    with pytest.raises(ValueError, match="daemon's own"):
        actions.call("sshd", "noop", "__setattr__", {"name": "timeout", "value": "1"})


def test_arguments_travel_as_json() -> None:
    command = actions.add("sshd", "mail", "/etc/mail.py", {"to": "root", "lines": 5})
    assert command.request[3:] == ("mail", "/etc/mail.py", '{"to": "root", "lines": 5}')
