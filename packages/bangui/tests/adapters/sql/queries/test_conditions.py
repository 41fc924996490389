from __future__ import annotations

import pytest

from bangui.adapters.sql.queries.asker import query
from bangui.adapters.sql.queries.conditions import About, Conditions, add_hints, add_ids, add_places, conditions_of
from bangui.adapters.sql.queries.scope import Words, resolve
from bangui.domain.history import EventKind
from bangui.domain.history_queries import Filter
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.queries.asking import asking
from packages.bangui.tests.adapters.sql.seen import START, ban, batch, failure


def test_only_what_is_asked_about_is_a_condition(sqlite_store: Store) -> None:
    sqlite_store.writer.record(batch(failure(START)))
    with asking(sqlite_store) as asker:
        scope = resolve(asker, Filter(jails=("sshd",), kinds=(EventKind.FAILURE,), countries=("DE",)))

        assert conditions_of(asker, scope, ()).wanted == []
        assert conditions_of(asker, scope, (About.JAIL, About.ID, About.WORDS)).wanted == ["e.jail = 1"]
        assert len(conditions_of(asker, scope, list(About)).wanted) == 3


@pytest.mark.parametrize(
    ("prefix", "found"),
    [("10.0", ["10.0.0.1", "10.0.0.2"]), ("\U0010ffff", ["\U0010ffffx"]), ("%", ["%_"]), ("1_", [])],
)
def test_ids_that_begin_so_are_between_two_texts(store: Store, prefix: str, found: list[str]) -> None:
    for id in ("10.0.0.1", "10.0.0.2", "11.0.0.1", "\U0010ffffx", "%_"):
        store.writer.record(batch(failure(START, id)))
    with asking(store) as asker:
        ids = Conditions()
        add_ids(ids, resolve(asker, Filter(prefix=prefix)), "v")

        assert sorted(asker.column(query("v.text", "ids v", ids.wanted), ids.parameters)) == found


def test_an_id_that_has_moved_may_be_anywhere(store: Store) -> None:
    store.writer.record(batch(failure(START, "10.0.0.1"), failure(START, "11.0.0.1")))
    store.places.version = 1
    store.writer.record(batch(failure(START + 1, "10.0.0.1")))
    with asking(store) as asker:
        ids = Conditions()
        add_hints(ids, resolve(asker, Filter(countries=("XX",))), "v")

        assert asker.column(query("v.text", "ids v", ids.wanted), ids.parameters) == ["10.0.0.1"]


def test_an_unknown_place_is_asked_for_as_none() -> None:
    found = Conditions()
    add_places(found, "e.country", (None,))
    add_places(found, "e.network", None)
    assert (found.wanted, found.parameters) == (["e.country IS NULL"], {})

    add_places(found, "e.network", (64_500, 64_501))
    assert found.wanted[1:] == ["e.network IN (:network0, :network1)"]
    assert found.parameters == {"network0": 64_500, "network1": 64_501}


@pytest.mark.parametrize(
    ("words", "held"),
    [
        (Words(("failed", "root")), True),
        (Words(("failed", "admin")), False),
        (Words(("failed",), "ro"), True),
        (Words((), "oot"), False),
    ],
)
def test_lines_that_hold_words_are_told_from_others(store: Store, words: Words, held: bool) -> None:
    store.writer.record(batch(ban(START, lines=["Failed password for root"]), ban(START, "10.0.0.9")))
    with asking(store) as asker:
        text = " ".join([*words.whole, *(() if words.begun is None else (f"{words.begun}*",))])
        found = conditions_of(asker, resolve(asker, Filter(text=text)), (About.WORDS,))

        rows = asker.rows(query("e.id", "events e", found.wanted), found.parameters)
        assert len(rows) == held
