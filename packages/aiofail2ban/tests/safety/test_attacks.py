"""Classic attacks on programs that read pickles, each on its own, inside a success reply and inside an error reply.

The rule: decoding ends in `Fail2BanProtocolError`, or, for something named like an exception inside an error reply,
in an inert object. It imports nothing, opens nothing and starts nothing, which is watched from inside a process of its
own.
"""

from __future__ import annotations

import pytest

from aiofail2ban import RemoteClass, RemoteObject, ReplyReader
from aiofail2ban._encode import END_MARKER
from packages.aiofail2ban.tests.safety.attacks import KNOWN, LIGHT, is_refused, name_lines, placed, text, value
from packages.aiofail2ban.tests.safety.watched import run_guarded


@pytest.mark.parametrize(("name", "body"), LIGHT, ids=[name for name, _ in LIGHT])
def test_a_classic_attack_is_refused_wherever_it_stands(name: str, body: bytes) -> None:
    for place, data in placed(body):
        assert is_refused(data), place


@pytest.mark.parametrize(("name", "body"), LIGHT[::7], ids=[name for name, _ in LIGHT[::7]])
def test_a_classic_attack_cut_anywhere_is_refused_or_waits_for_more(name: str, body: bytes) -> None:
    for _, data in placed(body[:600]):
        for end in range(len(data)):
            assert is_refused(data[:end])


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("builtins", "ValueError"),
        ("exceptions", "StandardError"),
        ("fail2ban.exceptions", "UnknownJailException"),
        ("sqlite3", "OperationalError"),
        ("subprocess", "TimeoutExpired"),
        ("re", "error"),
        ("socket", "timeout"),
        ("socket", "gaierror"),
        ("custom.action", "Boom"),
        ("custom.action", "Outer._Boom"),
    ],
)
def test_what_is_named_like_an_exception_is_an_inert_object_in_an_error_reply(module: str, name: str) -> None:
    body = name_lines(module, name) + b"(" + text("touch pwned") + b"tR" + value({"x": 1}) + b"b"
    (reply,) = ReplyReader().feed(b"\x80\x04K\x01" + body + b"\x86." + END_MARKER)
    assert reply == (1, RemoteObject(module, name, ("touch pwned",), {"x": 1}))
    assert is_refused(b"\x80\x04K\x00" + body + b"\x86." + END_MARKER)


@pytest.mark.parametrize("name", KNOWN)
def test_a_class_or_pattern_that_an_action_has_is_inert_in_a_success_reply_and_refused_in_an_error_reply(
    name: str,
) -> None:
    (reply,) = ReplyReader().feed(b"\x80\x04K\x00" + KNOWN[name] + b"\x86." + END_MARKER)
    assert (
        reply
        in {
            "class of an action": (0, RemoteClass("fail2ban.server.action", "CommandAction")),
            "compiled pattern": (0, RemoteObject("re", "_compile", ("(a+)+$", 32))),
            "pattern that cannot be compiled": (0, RemoteObject("re", "_compile", ("((((", -1))),
        }.values()
    )
    for code in (b"K\x01", b"J\xff\xff\xff\xff"):
        assert is_refused(b"\x80\x04" + code + KNOWN[name] + b"\x86." + END_MARKER)
        assert is_refused(b"\x80\x04" + code + name_lines("x", "Error") + KNOWN[name] + b"\x85R\x86." + END_MARKER)


@pytest.mark.parametrize(
    "body",
    [
        # What is called, or has a state set, is no longer what a daemon sends.
        KNOWN["class of an action"] + b"}b",
        KNOWN["class of an action"] + b")\x81",
        KNOWN["compiled pattern"] + value({"x": 1}) + b"b",
        KNOWN["compiled pattern"] + b")R",
        name_lines("re", "_compile"),
        name_lines("re", "_compile") + b"(" + KNOWN["class of an action"] + b"K\x20tR",
        name_lines("re", "_compile") + b"(" + text("x") + b"\x88tR",
        b"}" + KNOWN["class of an action"] + b"Ns",
        b"\x8f(" + KNOWN["compiled pattern"] + b"\x90",
        name_lines("fail2ban.server.action", "CommandAction.ban"),
        name_lines("fail2ban.server.action", "ActionBase"),
        name_lines("builtins", "str"),
        name_lines("builtins", "set"),
    ],
    ids=repr,
)
def test_anything_near_to_what_an_action_has_is_refused(body: bytes) -> None:
    for _, data in placed(body):
        assert is_refused(data)


def test_what_an_action_has_is_neither_imported_nor_compiled() -> None:
    outcome = run_guarded("known")
    assert not outcome.is_refused
    assert outcome.events == []
    assert outcome.new_modules == []


def test_decoding_attacks_imports_nothing_opens_nothing_and_starts_nothing() -> None:
    outcome = run_guarded("light")
    assert outcome.is_refused
    assert outcome.events == []
    assert outcome.new_modules == []
    assert outcome.megabytes < 50


def test_the_guard_would_notice() -> None:
    outcome = run_guarded("harmless but real")
    assert "os.listdir" in outcome.events
    assert "colorsys" in outcome.new_modules
