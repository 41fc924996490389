from __future__ import annotations

from bangui.domain.accounts import Via
from bangui.domain.allow_list import AllowAction
from bangui.domain.audit import AccessAction, AuditResult
from bangui.services.ban_records import BAN_ADD, BAN_REMOVE
from bangui.services.jail_changes import JailDeed
from bangui.web.audit_words import ACTION_CHOICES, ACTION_NAMES, RESULT_NAMES, VIA_NAMES, action_name


def test_everything_that_is_done_has_a_name() -> None:
    done = {action.value for actions in (AccessAction, AllowAction, JailDeed) for action in actions}
    assert done | {BAN_ADD, BAN_REMOVE} <= set(ACTION_NAMES)
    assert set(RESULT_NAMES) == set(AuditResult)
    assert set(VIA_NAMES) == set(Via)


def test_everything_that_can_be_chosen_has_something_to_find() -> None:
    for beginning in ACTION_CHOICES:
        assert any(action == beginning or action.startswith(f"{beginning}.") for action in ACTION_NAMES)


def test_what_is_not_known_is_named_as_it_is() -> None:
    assert action_name("rocket.launch") == "rocket.launch"
    assert action_name("ban.add") == "banned"
