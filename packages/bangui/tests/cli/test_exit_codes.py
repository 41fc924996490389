from __future__ import annotations

import pytest

from bangui.cli.exit_codes import ExitCode, exit_code_of
from bangui.domain.errors import (
    AwayReason,
    BanGUIError,
    DaemonAway,
    DangerousBan,
    InvalidInput,
    OperationRefused,
    UnknownJail,
)
from bangui.domain.history_ports import StoreError, StoreTrouble


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInput("what?"), ExitCode.USAGE),
        (OperationRefused("no"), ExitCode.NOTHING_DONE),
        (UnknownJail("sshd"), ExitCode.NOTHING_DONE),
        (DangerousBan("ouch"), ExitCode.NOTHING_DONE),
        (BanGUIError("the port is taken"), ExitCode.NOTHING_DONE),
        (DaemonAway("gone", reason=AwayReason.LOST), ExitCode.AWAY),
        (DaemonAway("root only", reason=AwayReason.DENIED), ExitCode.DENIED),
        (DaemonAway("slow", reason=AwayReason.SLOW), ExitCode.SLOW),
        (StoreError("none", trouble=StoreTrouble.MISSING), ExitCode.AWAY),
        (StoreError("gone", trouble=StoreTrouble.AWAY), ExitCode.AWAY),
        (StoreError("root only", trouble=StoreTrouble.DENIED), ExitCode.DENIED),
        (StoreError("held", trouble=StoreTrouble.BUSY), ExitCode.SLOW),
        (StoreError("full", trouble=StoreTrouble.FULL), ExitCode.NOTHING_DONE),
        (StoreError("damaged", trouble=StoreTrouble.DAMAGED), ExitCode.NOTHING_DONE),
        (StoreError("foreign", trouble=StoreTrouble.FOREIGN), ExitCode.NOTHING_DONE),
    ],
)
def test_each_kind_of_error_has_its_exit_status(error: BanGUIError, code: ExitCode) -> None:
    assert exit_code_of(error) is code
