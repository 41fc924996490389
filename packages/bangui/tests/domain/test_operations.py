from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields

import pytest

from bangui.domain.errors import InvalidInput
from bangui.domain.further_operations import (
    FURTHER_OPERATIONS,
    AddAllowed,
    PauseJail,
    PlanReload,
    ReadActions,
    ReadJail,
    Reload,
    RemoveAllowed,
    RenewIds,
    ResumeJail,
    SetJailValue,
    StartJail,
    StopJail,
)
from bangui.domain.operations import (
    OPERATIONS,
    BanIds,
    LookUp,
    Operation,
    ReadAllowList,
    ReadBans,
    ReadCounters,
    ReadRecentlyRecordedBans,
    ReadRecordedBans,
    ReadRule,
    ReadStart,
    ReadVersion,
    UnbanIds,
    decode_operation,
    encode_operation,
)

EVERY = {**OPERATIONS, **FURTHER_OPERATIONS}
EVERY_OPERATION: list[Operation[object]] = [
    ReadVersion(),
    ReadStart(),
    ReadCounters(),
    ReadBans("sshd"),
    ReadRecordedBans("sshd"),
    ReadRecentlyRecordedBans("sshd"),
    ReadRule("sshd"),
    ReadAllowList("sshd"),
    ReadJail("sshd"),
    ReadActions("sshd"),
    SetJailValue("sshd", "bantime", "3600"),
    PauseJail("sshd"),
    ResumeJail("sshd"),
    StopJail("sshd"),
    StartJail("sshd"),
    PlanReload(),
    Reload(("app", "sshd")),
    LookUp(("192.0.2.1", "\x1b[31m", "<F2B_END_COMMAND>")),
    BanIds("sshd", ("192.0.2.1", "2001:db8::1")),
    RenewIds("sshd", ("192.0.2.1",)),
    UnbanIds(("192.0.2.1",)),
    UnbanIds(("192.0.2.1",), "sshd"),
    AddAllowed("sshd", ("192.0.2.0/24", "2001:db8::1")),
    RemoveAllowed("sshd", ("192.0.2.0/24",)),
]


@pytest.mark.parametrize("operation", EVERY_OPERATION)
def test_an_operation_survives_the_journey_through_json(operation: Operation[object]) -> None:
    assert decode_operation(json.loads(json.dumps(encode_operation(operation)))) == operation


def test_the_examples_cover_every_operation() -> None:
    assert {type(operation) for operation in EVERY_OPERATION} == set(EVERY.values())


def test_what_changes_something_is_known() -> None:
    assert {name for name, kind in EVERY.items() if kind.changes} == {
        "ban-ids",
        "renew-ids",
        "unban-ids",
        "add-allowed",
        "remove-allowed",
        "set-jail-value",
        "pause-jail",
        "resume-jail",
        "stop-jail",
        "start-jail",
        "reload",
    }


def test_an_operation_cannot_be_altered() -> None:
    operation, field = ReadBans("sshd"), "jail"
    with pytest.raises(FrozenInstanceError):
        setattr(operation, field, "other")


@pytest.mark.parametrize(
    "encoded",
    [
        {},
        {"operation": "reboot"},
        {"operation": 5},
        {"operation": "read-bans"},
        {"operation": "read-bans", "jail": 5},
        {"operation": "read-bans", "jail": None},
        {"operation": "read-bans", "jail": "sshd", "more": "x"},
        {"operation": "ban-ids", "jail": "sshd", "ids": "192.0.2.1"},
        {"operation": "ban-ids", "jail": "sshd", "ids": [5]},
    ],
)
def test_anything_else_is_refused(encoded: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        decode_operation(encoded)


def test_every_field_is_of_a_type_that_can_be_decoded() -> None:
    allowed = {"str", "str | None", "tuple[str, ...]"}
    assert {str(field.type) for kind in EVERY.values() for field in fields(kind)} <= allowed
