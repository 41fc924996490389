from __future__ import annotations

import pytest

from bangui.adapters.sql.queries import begun_words
from bangui.adapters.sql.queries.begun_words import words_begun
from bangui.domain.history import EventKind
from bangui.domain.history_ports import Retention
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch

LINES = ("ora oracle ORA1 or o", "orb Oracle oraz\u00e9 ora\u0661", "ora\U00010400 zora", "\u00f6ra")


def test_all_words_that_begin_so_are_told_and_no_other(sqlite_store: Store) -> None:
    for number, line in enumerate(LINES):
        sqlite_store.writer.record(batch(ban(START + number * DAY, lines=[line])))

    with asking(sqlite_store) as asker:
        told = ("ora", "ora1", "oracle", "oraz\u00e9", "ora\u0661", "ora\U00010428")
        assert words_begun(asker, "ora") == told
        assert words_begun(asker, "oracle") == ("oracle",)
        assert words_begun(asker, "\u00f6") == ("\u00f6ra",)
        assert words_begun(asker, "absent") == ()
        assert words_begun(asker, "oracles") == ()


def test_words_that_are_too_many_are_not_told(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(begun_words, "MOST", 5)
    sqlite_store.writer.record(batch(ban(START, lines=["a1 a2 a3 a4 a5 b1 b2 b3 b4 b5 b6"])))

    with asking(sqlite_store) as asker:
        assert words_begun(asker, "a") == ("a1", "a2", "a3", "a4", "a5")
        assert words_begun(asker, "b") is None


def test_words_of_lines_that_are_gone_are_gone(sqlite_store: Store) -> None:
    sqlite_store.writer.record(batch(ban(START, lines=["oracle"]), ban(START + 9 * DAY, lines=["orange"])))
    sqlite_store.writer.prune(Retention({EventKind.BAN: 86_400}), START + 9 * DAY)

    with asking(sqlite_store) as asker:
        assert words_begun(asker, "ora") == ("orange",)


def test_a_database_that_cannot_tell_them_tells_none(store: Store) -> None:
    store.writer.record(batch(ban(START, lines=["oracle"])))

    with asking(store) as asker:
        assert words_begun(asker, "ora") == (("oracle",) if asker.is_sqlite else None)
