from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bangui.domain.accounts import Via
from bangui.domain.audit import AuditEntry, AuditPage, RecordedEntry
from bangui.web.audit_contexts import AuditView, EmptyAudit
from bangui.web.audit_query import AuditQuery, understand_audit
from bangui.web.audit_view import build_audit

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ENTRY = AuditEntry(1_000, "ada", Via.SESSION, "192.0.2.1", "ban.add", "203.0.113.9", host="web1")


def build(query: AuditQuery, *entries: AuditEntry, after: int | None = None) -> AuditView:
    page = AuditPage(tuple(RecordedEntry(number, entry) for number, entry in enumerate(entries)), after)
    return build_audit(query, understand_audit(query, NOW), page, NOW)


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        (ENTRY, "/address?id=203.0.113.9"),
        (replace(ENTRY, target="evil text"), "/address?id=evil+text"),
        (replace(ENTRY, target="25 ids"), None),
        (replace(ENTRY, target=""), None),
        (replace(ENTRY, host=""), None),
        (replace(ENTRY, action="jail.stop", target="sshd"), "/jail?name=sshd"),
        (replace(ENTRY, action="allow.add", target="2001:db8::/32"), "/address?id=2001:db8::/32"),
        (replace(ENTRY, action="allow.remove", target="name.example"), None),
    ],
)
def test_what_was_done_to_a_host_leads_to_its_page(entry: AuditEntry, path: str | None) -> None:
    (row,) = build(AuditQuery(), entry).rows
    assert row.target_path == path


def test_who_and_what_lead_to_more_of_the_same() -> None:
    (row,) = build(AuditQuery(since="7d", before="9"), ENTRY).rows
    assert row.actor_path == "/audit?actor=ada&since=7d"
    assert row.action_path == "/audit?action=ban.add&since=7d"
    assert row.address_path == "/address?id=192.0.2.1"


def test_pages_and_files_have_the_filters_of_the_view() -> None:
    view = build(AuditQuery(actor="ada", before="9"), ENTRY, after=4)
    assert view.next_path == "/audit?actor=ada&before=4"
    assert view.newest_path == "/audit?actor=ada"
    assert view.exports == (
        ("CSV", "/audit/export?actor=ada&format=csv"),
        ("JSON lines", "/audit/export?actor=ada&format=jsonl"),
    )


def test_each_filter_in_force_can_be_taken_away() -> None:
    query = AuditQuery("192.0.2.1", "ada", "ban", "done", "7d", "", "web1")
    chips = build(query, ENTRY).chips
    assert [(chip.name, chip.text) for chip in chips] == [
        ("About", "192.0.2.1"),
        ("Who", "ada"),
        ("What", "Bans and unbans"),
        ("Result", "done"),
        ("Host", "web1"),
        ("Time", "7 d"),
    ]
    assert chips[-1].path == "/audit?target=192.0.2.1&actor=ada&action=ban&result=done&host=web1"
    assert [chip.text for chip in build(AuditQuery(since="3d", until="2d")).chips] == ["3d – 2d"]


def test_an_action_that_is_no_choice_is_still_chosen() -> None:
    form = build(AuditQuery(action="ban.add"), ENTRY).form
    assert [choice.text for choice in form.actions if choice.is_chosen] == ["banned"]


@pytest.mark.parametrize(
    ("query", "empty"),
    [
        (AuditQuery(), EmptyAudit.NOTHING_YET),
        (AuditQuery(actor="ada"), EmptyAudit.NO_MATCH),
        (AuditQuery(before="1"), EmptyAudit.PAGE_GONE),
        (AuditQuery(since="soon"), EmptyAudit.WRONG_FIELD),
    ],
)
def test_an_empty_list_says_why(query: AuditQuery, empty: EmptyAudit) -> None:
    assert build(query).empty is empty
