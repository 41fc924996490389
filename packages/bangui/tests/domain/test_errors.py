from __future__ import annotations

from bangui.domain.errors import AwayReason, BanGUIError, DaemonAway, InvalidInput, OperationRefused, UnknownJail


def test_every_error_has_one_root_a_message_and_a_hint() -> None:
    errors: list[BanGUIError] = [
        DaemonAway("gone", "start it", reason=AwayReason.MISSING),
        OperationRefused("no", "ask again", detail="ValueError: no"),
        UnknownJail("sshd", "see the list"),
        InvalidInput("what?", "say it again"),
    ]
    assert all(error.message and error.hint for error in errors)
    assert str(UnknownJail("sshd")) == "there is no jail named 'sshd'"
