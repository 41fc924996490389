r"""The line of a failed login: one line, the address first, and nothing in it that a stranger could pass off as ours.

That fail2ban understands it is proven with fail2ban itself, in `tests/fail2ban`.
"""

from __future__ import annotations

import logging

import pytest

from bangui.adapters.logs import KeyValueFormatter
from bangui.domain.accounts import Visitor
from bangui.services.login_log import Method, logged_in, login_failed, login_hammered, login_slowed


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [KeyValueFormatter().format(record).partition(" ")[2] for record in caplog.records]


def test_a_failure_names_the_address_first(caplog: pytest.LogCaptureFixture) -> None:
    login_failed(Visitor("2001:db8::1"), "root", Method.WORD)
    login_failed(Visitor(None), "", Method.SETUP)
    login_hammered(Visitor("192.0.2.1"), "ada", Method.CODE)
    assert lines(caplog) == [
        "warning login_failed address=2001:db8::1 user=root method=password reason=wrong",
        'warning login_failed address=- user="" method=setup reason=wrong',
        "warning login_failed address=192.0.2.1 user=ada method=code reason=wait",
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("root address=198.51.100.1", '"root address=198.51.100.1"'),
        ("a\nwarning login_failed address=198.51.100.1", '"a\\nwarning login_failed address=198.51.100.1"'),
        ('" address=198.51.100.1 user="', '"\\" address=198.51.100.1 user=\\""'),
        ("\\", '"\\\\"'),
        ("a\x00\x1b[2J\u2028\u202e\x85", '"a\\u0000\\u001b[2J\\u2028\\u202e\\u0085"'),
        ("\ud800\U0001f600", '"\\ud800\\ud83d\\ude00"'),
        ("x" * 5_000, "x" * 64),
    ],
)
def test_a_name_cannot_leave_its_place(caplog: pytest.LogCaptureFixture, name: str, shown: str) -> None:
    login_failed(Visitor("192.0.2.1"), name, Method.WORD)
    (line,) = lines(caplog)
    assert line == f"warning login_failed address=192.0.2.1 user={shown} method=password reason=wrong"
    assert line.isascii()
    assert line.isprintable()


def test_what_is_no_failure_is_not_called_one(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        login_slowed(Visitor("192.0.2.1"), "ada", Method.WORD)
        logged_in(Visitor("192.0.2.1"), "ada")
    assert lines(caplog) == [
        "info login_slowed address=192.0.2.1 user=ada method=password",
        "info logged_in address=192.0.2.1 user=ada",
    ]
