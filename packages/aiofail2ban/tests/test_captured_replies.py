"""Every reply that was captured from a real daemon decodes to what its description says, all 538 of them.

`data/replies/index.json` describes them; objects in it are written `module.Class(args)`, as they never are imported.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from aiofail2ban import Fail2BanResponse, RemoteClass, RemoteObject, ReplyReader

FOLDER = Path(__file__).parent / "data" / "replies"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "index.json").read_text("utf-8"))["cases"]

# The description shortens what is too long to write out.
WRITTEN_SHORT = {
    "(0, ['x' * 70000])": (0, ["x" * 70000]),
    "(0, list(range(20000)))": (0, list(range(20000))),
}


def read(pieces: list[bytes]) -> list[Fail2BanResponse]:
    reader = ReplyReader()
    replies = [reply for piece in pieces for reply in reader.feed(piece)]
    assert reader.is_idle
    return replies


def describe(value: object) -> str:
    """Write a decoded value as the index does."""
    match value:
        case RemoteObject():
            arguments = ", ".join(map(describe, value.args))
            state = "" if value.state is None else f" with state {describe(value.state)}"
            return f"{value.module}.{value.name}({arguments}){state}"
        case RemoteClass():
            return f"<class object {value.name}>"
        case tuple() if len(value) == 1:
            return f"({describe(value[0])},)"
        case tuple():
            return f"({', '.join(map(describe, value))})"
        case list():
            return f"[{', '.join(map(describe, value))}]"
        case dict():
            return f"{{{', '.join(f'{key!r}: {describe(item)}' for key, item in value.items())}}}"
    return repr(value)


def expected(case: dict[str, Any]) -> list[str]:
    if case["kind"] == "stream":
        return [frame["decoded_repr"] for frame in case["frames"]]
    return [case["decoded_repr"]]


def assert_as_described(case: dict[str, Any], replies: list[Fail2BanResponse]) -> None:
    if case["decoded_repr"] in WRITTEN_SHORT:
        assert replies == [WRITTEN_SHORT[case["decoded_repr"]]]
    else:
        assert [describe(reply) for reply in replies] == expected(case)
    if case["kind"] == "error":
        (reply,) = replies
        assert isinstance(reply, tuple)
        code, error = reply
        assert code == 1
        assert isinstance(error, RemoteObject)
        assert f"{error.module}.{error.name}" == case["error"]["class"]
        assert repr(error.args) == case["error"]["args_repr"]
        assert str(error.state) == str(case["error"].get("state_repr"))


def in_random_pieces(data: bytes, seed: int) -> list[bytes]:
    choose = random.Random(seed)
    cuts = sorted(choose.sample(range(len(data)), min(len(data), choose.randint(1, 8))))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def one(case: dict[str, Any]) -> str:
    name: str = case["file"]
    return name.removesuffix(".bin")


def test_nothing_of_the_collection_is_missing() -> None:
    assert len(CASES) == 538
    assert {path.name for path in FOLDER.glob("*.bin")} == {case["file"] for case in CASES}


def names_in(value: object) -> set[str]:
    """What a decoded value names of the daemon's, wherever it stands."""
    match value:
        case RemoteClass():
            return {f"{value.module}.{value.name}"}
        case RemoteObject():
            return {f"{value.module}.{value.name}"} | names_in(value.args) | names_in(value.state)
        case dict():
            return names_in([*value.keys(), *value.values()])
        case list() | tuple() | set():
            return {name for item in value for name in names_in(item)}
    return set()


@pytest.mark.parametrize("case", [case for case in CASES if case["kind"] == "ok"], ids=one)
def test_what_a_captured_success_reply_names_is_a_stand_in(case: dict[str, Any]) -> None:
    (reply,) = read([(FOLDER / case["file"]).read_bytes()])
    assert names_in(reply) == set(case["globals"]) - {"builtins.str", "__builtin__.str"}


@pytest.mark.parametrize("version", ["1.0.2", "1.1.2.dev1"])
def test_the_class_of_an_action_and_its_compiled_patterns_are_stand_ins(version: str) -> None:
    (reply,) = read([(FOLDER / f"{version}-get-action-class.bin").read_bytes()])
    assert reply == (0, RemoteClass("fail2ban.server.action", "CommandAction"))
    (reply,) = read([(FOLDER / f"{version}-get-action-properties.bin").read_bytes()])
    assert isinstance(reply, tuple)
    assert reply[1]["ESCAPE_VN_CRE"] == RemoteObject("re", "_compile", ("\\W", re.UNICODE))
    assert reply[1]["timeout"] == 60


@pytest.mark.parametrize("case", CASES, ids=one)
def test_a_captured_reply_decodes_whole_and_one_byte_at_a_time_and_in_random_pieces(case: dict[str, Any]) -> None:
    data = (FOLDER / case["file"]).read_bytes()
    assert_as_described(case, read([data]))
    assert_as_described(case, read([bytes([byte]) for byte in data]))
    for seed in range(5):
        assert_as_described(case, read(in_random_pieces(data, seed)))


@pytest.mark.parametrize("case", [case for case in CASES if case["bytes"] < 1000], ids=one)
def test_a_captured_reply_cut_short_is_never_taken_for_a_reply(case: dict[str, Any]) -> None:
    data = (FOLDER / case["file"]).read_bytes()
    whole = len(expected(case))
    for end in range(len(data)):
        reader = ReplyReader()
        assert len(list(reader.feed(data[:end]))) < whole
        assert end == 0 or not reader.is_idle or case["kind"] == "stream"


def test_all_captured_replies_come_out_of_one_stream_in_order() -> None:
    cases = [case for case in CASES if case["decoded_repr"] not in WRITTEN_SHORT]
    data = b"".join((FOLDER / case["file"]).read_bytes() for case in cases)
    replies = read([data[start : start + 997] for start in range(0, len(data), 997)])
    assert [describe(reply) for reply in replies] == [text for case in cases for text in expected(case)]


@pytest.mark.parametrize("case", [case for case in CASES if "marker_inside_payload_at" in case], ids=one)
def test_a_marker_that_an_attacker_planted_is_data(case: dict[str, Any]) -> None:
    (reply,) = read([(FOLDER / case["file"]).read_bytes()])
    assert "<F2B_END_COMMAND>" in repr(reply)
