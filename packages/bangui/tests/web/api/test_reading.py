"""What programs send, read strictly and with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import pytest

from bangui.domain.accounts import Role
from bangui.domain.addresses import Address, parse_address
from bangui.domain.secret import Secret
from bangui.web.api.mistakes import MOST_MISTAKES, WrongRequest
from bangui.web.api.reading import read_body, read_parameters
from bangui.web.api.shapes import About


@dataclass(frozen=True, slots=True)
class Inner:
    word: Role
    flag: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    name: Annotated[str, About(longest=5)]
    ids: Annotated[tuple[Annotated[Address, About(reads=parse_address)], ...], About(most=3)] = ()
    number: Annotated[int, About(least=1, most=10)] = 1
    share: float = 0.5
    since: datetime | None = None
    password: Secret | None = None
    inner: Inner | None = None


@dataclass(frozen=True, slots=True)
class Parameters:
    jail: Annotated[str, About()]
    role: tuple[Role, ...] = ()
    limit: Annotated[int, About(least=1, most=100)] = 10
    flag: bool = False
    since: datetime | None = None


def mistakes_of_body(value: object) -> dict[str, str]:
    with pytest.raises(WrongRequest) as caught:
        read_body(Body, value)
    assert {one.place for one in caught.value.mistakes} == {"body"}
    return {one.field: one.detail for one in caught.value.mistakes}


def mistakes_of_query(*query: tuple[str, str]) -> dict[str, str]:
    with pytest.raises(WrongRequest) as caught:
        read_parameters(Parameters, {"jail": "sshd"}, query)
    return {one.field: one.detail for one in caught.value.mistakes}


def test_a_body_becomes_values() -> None:
    body = read_body(
        Body,
        {
            "name": "x",
            "ids": ["192.0.2.1", "2001:DB8::1"],
            "number": 3,
            "share": 1,
            "since": "2026-11-25T17:30:00.5+01:00",
            "password": "hush",
            "inner": {"word": "admin", "flag": True},
        },
    )
    assert [address.text for address in body.ids] == ["192.0.2.1", "2001:db8::1"]
    assert body.since == datetime(2026, 11, 25, 16, 30, 0, 500_000, UTC)
    assert body.password == Secret("hush")
    assert body.inner == Inner(Role.ADMIN, flag=True)


def test_what_is_left_out_has_its_default_and_null_is_a_value() -> None:
    assert read_body(Body, {"name": "x", "since": None}) == Body("x")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    wrong = {
        "name": "too long",
        "ids": ["192.0.2.1", "192.0.2.300", 7],
        "number": 11,
        "share": "1",
        "since": "yesterday",
        "inner": {"word": "king", "other": 1},
        "extra\x1b[2J": 1,
    }
    assert mistakes_of_body(wrong) == {
        "name": "at most 5 characters fit here",
        "ids[1]": "'192.0.2.300' is not an address",
        "ids[2]": "expected a text",
        "number": "expected a number from 1 to 10",
        "share": "expected a number",
        "since": "'yesterday' is no time",
        "inner.other": "there is no such field",
        "inner.word": "'king' is not known",
        r"extra\x1b[2J": "there is no such field",
    }


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ([], ""),
        ({}, "name"),
        ({"name": None}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "x", "ids": "192.0.2.1"}, "ids"),
        ({"name": "x", "ids": ["192.0.2.1"] * 4}, "ids"),
        ({"name": "x", "number": True}, "number"),
        ({"name": "x", "number": 1.5}, "number"),
        ({"name": "x", "number": "1"}, "number"),
        ({"name": "x", "inner": {"word": "admin", "flag": 1}}, "inner.flag"),
        ({"name": "x", "inner": 1}, "inner"),
        ({"name": "x", "since": "1969-12-31T23:59:59Z"}, "since"),
        ({"name": "x", "since": "9999-12-31T23:59:59-23:59"}, "since"),
        ({"name": "x", "since": "2026-13-01T00:00:00Z"}, "since"),
        ({"name": "x", "since": "2026-11-25T16:30:00"}, "since"),
    ],
)
def test_nothing_is_guessed(value: object, field: str) -> None:
    assert list(mistakes_of_body(value)) == [field]


def test_only_so_many_mistakes_are_told() -> None:
    assert len(mistakes_of_body({f"field{number}": 1 for number in range(1_000)})) == MOST_MISTAKES


def test_parameters_become_values_and_lists_are_parameters_that_come_again() -> None:
    query = [("role", "admin"), ("role", "viewer"), ("role", "admin"), ("flag", "true"), ("limit", "7")]
    asked = read_parameters(Parameters, {"jail": "sshd"}, query)
    assert asked == Parameters("sshd", (Role.ADMIN, Role.VIEWER), 7, flag=True)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ([("limit", "1"), ("limit", "2")], "limit"),
        ([("limit", "one")], "limit"),
        ([("limit", "1" * 5_000)], "limit"),
        ([("limit", "٣")], "limit"),
        ([("limit", "101")], "limit"),
        ([("flag", "yes")], "flag"),
        ([("role", "king")], "role"),
        ([("since", "")], "since"),
        ([("other", "1")], "other"),
        ([("jail", "again")], "jail"),
    ],
)
def test_parameters_are_read_strictly(query: Sequence[tuple[str, str]], field: str) -> None:
    assert list(mistakes_of_query(*query)) == [field]


def test_a_parameter_that_must_be_there_is_missed() -> None:
    with pytest.raises(WrongRequest, match="jail: this is missing"):
        read_parameters(Parameters, {}, [])


def test_a_wrong_part_of_the_path_is_told_as_such() -> None:
    with pytest.raises(WrongRequest) as caught:
        read_parameters(Parameters, {"jail": "x" * 501}, [])
    assert [(one.place, one.field) for one in caught.value.mistakes] == [("path", "jail")]
