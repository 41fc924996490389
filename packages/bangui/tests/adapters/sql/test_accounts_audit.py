"""The audit trail, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.adapters.sql.accounts_audit import LONGEST_PAGE
from bangui.domain.accounts import Via
from bangui.domain.audit import AuditEntry, AuditFilter, AuditResult
from packages.bangui.tests.access import NOW, an_entry


@pytest.fixture
def store(engine: Engine) -> SqlAccountStore:
    return SqlAccountStore(engine)


def targets(store: SqlAccountStore, filter: AuditFilter) -> list[str]:
    return [recorded.entry.target for recorded in store.audit.page(filter, 100).entries]


def test_an_entry_is_kept_as_it_is(store: SqlAccountStore) -> None:
    entry = AuditEntry(NOW, "ada", Via.API, None, "ban", "192.0.2.9", AuditResult.FAILED, "why", "web1")
    store.audit.record(entry)
    (recorded,) = store.audit.page(AuditFilter(), 10).entries
    assert recorded.entry == entry


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<script>\x1b[2J\u202e'; DROP TABLE audit", "<script>\x1b[2J\u202e'; DROP TABLE audit"),
        ("a\x00b\ud800", "a\ufffdb?"),
        ("x" * 9_000, "x" * 500),
    ],
)
def test_hostile_text_is_kept_as_far_as_it_can_be_and_found_again(
    store: SqlAccountStore, written: str, kept: str
) -> None:
    store.audit.record(replace(an_entry(written), detail=written, actor=written, host=written))
    assert targets(store, AuditFilter(target=written)) == [kept]


def test_pages_go_from_the_newest_to_the_oldest(store: SqlAccountStore) -> None:
    for number in range(7):
        store.audit.record(an_entry(f"{number}"))
    page = store.audit.page(AuditFilter(), 3)
    seen = [recorded.entry.target for recorded in page.entries]
    store.audit.record(an_entry("later"))
    while page.next is not None:
        page = store.audit.page(AuditFilter(), 3, page.next)
        seen += [recorded.entry.target for recorded in page.entries]
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_a_page_has_a_largest_size(store: SqlAccountStore) -> None:
    store.audit.record(an_entry("one"))
    assert len(store.audit.page(AuditFilter(), -5).entries) == 1
    assert len(store.audit.page(AuditFilter(), LONGEST_PAGE * 10).entries) == 1


def test_entries_are_found_by_what_they_tell(store: SqlAccountStore) -> None:
    entries = [
        AuditEntry(NOW, "ada", Via.SESSION, "192.0.2.1", "user.add", "grace", AuditResult.DONE, "", ""),
        AuditEntry(NOW + 1, "ada", Via.SESSION, "192.0.2.1", "user.remove", "grace2", AuditResult.REFUSED, "", ""),
        AuditEntry(NOW + 2, "bob", Via.API, "192.0.2.2", "users", "x", AuditResult.DONE, "", ""),
        AuditEntry(NOW + 3, "bob", Via.API, "192.0.2.2", "ban", "192.0.2.9", AuditResult.DONE, "", "web1"),
    ]
    for entry in entries:
        store.audit.record(entry)
    assert targets(store, AuditFilter(actor="ada")) == ["grace2", "grace"]
    assert targets(store, AuditFilter(action="user")) == ["grace2", "grace"]
    assert targets(store, AuditFilter(action="user.add")) == ["grace"]
    assert targets(store, AuditFilter(action="%")) == []
    assert targets(store, AuditFilter(result=AuditResult.REFUSED)) == ["grace2"]
    assert targets(store, AuditFilter(host="web1")) == ["192.0.2.9"]
    assert targets(store, AuditFilter(since=NOW + 1, until=NOW + 3)) == ["x", "grace2"]
    assert targets(store, AuditFilter(actor="bob", host="")) == ["x"]


def test_old_entries_are_forgotten_in_batches(store: SqlAccountStore) -> None:
    for number in range(10):
        store.audit.record(an_entry(f"{number}", NOW + number))
    assert store.audit.prune(NOW + 4, 100, 3) == 3
    assert store.audit.prune(NOW + 4, 100, 3) == 1
    assert store.audit.prune(NOW + 4, 100, 3) == 0
    assert targets(store, AuditFilter()) == ["9", "8", "7", "6", "5", "4"]


def test_what_is_too_much_is_forgotten_the_oldest_first(store: SqlAccountStore) -> None:
    for number in range(10):
        store.audit.record(an_entry(f"{number}"))
    assert store.audit.prune(0, 4, 100) == 6
    assert targets(store, AuditFilter()) == ["9", "8", "7", "6"]
    store.audit.record(an_entry("next"))
    assert store.audit.page(AuditFilter(), 1).entries[0].entry.target == "next"
