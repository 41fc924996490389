"""Only plain values, of a size that stands in proportion to the bytes, come out of a reply."""

from __future__ import annotations

import builtins

import pytest

from aiofail2ban import Fail2BanProtocolError, RemoteClass, RemoteObject
from aiofail2ban._values import MAX_DEPTH, check_reply, is_exception_name

ACTION = RemoteClass("fail2ban.server.action", "CommandAction")
PATTERN = RemoteObject("re", "_compile", ("x", 32))
FILE_SET = RemoteObject("fail2ban.server.ipdns", "FileIPAddrSet", (["192.0.2.1"],), {"fileName": "/etc/ignore"})


def nested(depth: int) -> object:
    value: object = "inside"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "reply",
    [
        (0, "pong"),
        (0, None),
        (0, [("Number of jail", 5), {"a": {"b"}}, b"x"]),
        (0, nested(MAX_DEPTH)),
        (0, [FILE_SET]),
        (0, ACTION),
        (0, {"ESCAPE_CRE": PATTERN, "__class__": ACTION}),
        (1, RemoteObject("builtins", "ValueError", ("no",))),
        (1, RemoteObject("a.b", "Outer.Inner", (RemoteObject("re", "error", ()),), {"x": 1})),
        "ERROR: Ran out of input",
    ],
    ids=repr,
)
def test_a_reply_that_daemons_send_passes(reply: object) -> None:
    check_reply(reply, 100)


@pytest.mark.parametrize(
    "reply",
    [
        "pong",
        b"ERROR: x",
        None,
        5,
        [0, "pong"],
        (0,),
        (False, 1),
        (0, nested(MAX_DEPTH + 2)),
        (0, [RemoteObject("builtins", "ValueError", ())]),
        (0, RemoteObject("re", "compile", ("x", 32))),
        (0, RemoteObject("re", "_compile", ("x",))),
        (0, RemoteObject("re", "_compile", ("x", True))),
        (0, RemoteObject("re", "_compile", (b"x", 32))),
        (0, RemoteObject("re", "_compile", (PATTERN, 32))),
        (0, RemoteObject("re", "_compile", ("x", 32), {})),
        (0, RemoteObject("fail2ban.server.action", "CommandAction", ())),
        (0, RemoteClass("fail2ban.server.action", "ActionBase")),
        (0, [RemoteClass("builtins", "str")]),
        (1, ACTION),
        (1, PATTERN),
        (1, RemoteObject("builtins", "ValueError", (ACTION,))),
        (1, RemoteObject("builtins", "ValueError", (), PATTERN)),
        (1, RemoteObject("os", "system", ("id",))),
        (1, RemoteObject("builtins", "ValueError", (RemoteObject("os", "system", ("id",)),))),
        (1, RemoteObject("builtins", "ValueError", (), {"a": [RemoteObject("builtins", "eval", ("id",))]})),
        (0, object()),
        (0, [object()]),
    ],
    ids=repr,
)
def test_any_other_is_refused(reply: object) -> None:
    with pytest.raises(Fail2BanProtocolError):
        check_reply(reply, 100)


def test_a_value_that_refers_to_itself_again_and_again_is_refused() -> None:
    laughs: object = ["ha"] * 10
    for _ in range(9):
        laughs = [laughs] * 10
    with pytest.raises(Fail2BanProtocolError, match="unfolds"):
        check_reply((0, laughs), 200)
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(Fail2BanProtocolError, match="deep"):
        check_reply((0, circle), 200)


def test_every_exception_of_python_is_named_like_one_and_nothing_else_of_its_builtins_is() -> None:
    for name, value in vars(builtins).items():
        is_exception = isinstance(value, type) and issubclass(value, BaseException)
        assert is_exception_name("builtins", name) == is_exception, name


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "PathLike"),
        ("os", "system"),
        ("os.path", "Popen"),
        ("subprocess", "Popen"),
        ("posix", "DirEntry"),
        ("builtins", "str"),
        ("x", "lower"),
        ("x", ""),
        ("x", "A b"),
        ("x", "A\n"),
        ("x", "error.call"),
        ("x", "A()"),
        ("", "a"),
    ],
)
def test_what_is_not_named_like_an_exception_is_not_one(module: str, name: str) -> None:
    assert not is_exception_name(module, name)


def test_remote_objects_are_compared_by_what_they_hold_and_shown_without_their_state() -> None:
    one = RemoteObject("builtins", "ValueError", ("no", 5), {"a": 1})
    assert one == RemoteObject("builtins", "ValueError", ("no", 5), {"a": 1})
    assert one != RemoteObject("builtins", "ValueError", ("no", 5))
    assert one not in ["no", ValueError("no", 5)]
    assert repr(one) == "<builtins.ValueError('no', 5)>"


def test_remote_classes_are_compared_and_kept_by_where_they_live() -> None:
    assert RemoteClass("re", "Pattern") == RemoteClass("re", "Pattern")
    assert RemoteClass("re", "Pattern") != RemoteClass("re", "Match")
    assert RemoteClass("re", "Pattern") != RemoteObject("re", "Pattern", ())
    assert len({ACTION, RemoteClass("fail2ban.server.action", "CommandAction")}) == 1
    assert repr(ACTION) == "<class fail2ban.server.action.CommandAction>"
