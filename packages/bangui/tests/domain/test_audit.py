from __future__ import annotations

from bangui.domain.accounts import Actor, Via
from bangui.domain.audit import AccessAction, AuditEntry, AuditResult, entry_of


def test_an_entry_says_who_did_what_and_from_where() -> None:
    entry = entry_of(Actor("ada", Via.SESSION, "192.0.2.1"), 5, AccessAction.USER_ADD, "grace", "viewer")
    assert entry == AuditEntry(
        5, "ada", Via.SESSION, "192.0.2.1", "user.add", "grace", AuditResult.DONE, "viewer", host=""
    )
