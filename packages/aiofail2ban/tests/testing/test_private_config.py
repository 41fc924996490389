from __future__ import annotations

from aiofail2ban.testing._private_config import enabled_jails


def test_only_jails_that_are_switched_on_are_expected() -> None:
    text = """
[INCLUDES]
before = x.conf
[DEFAULT]
bantime = %(findtime)s
[sshd]
enabled = true
[nginx]
enabled = false
[postfix]
port = smtp
[recidive]
enabled = yes
"""
    assert enabled_jails(text) == {"sshd", "recidive"}


def test_a_default_that_switches_on_all_holds_for_all() -> None:
    assert enabled_jails("[DEFAULT]\nenabled = true\n[a]\n[b]\nenabled = false\n") == {"a"}
