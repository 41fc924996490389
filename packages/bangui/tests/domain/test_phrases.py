from __future__ import annotations

import copy
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path

from bangui.domain.errors import BanGUIError
from bangui.domain.phrases import Phrase, phrase

GERMAN = {
    "{text!r} is no size": "{text!r} ist keine Größe",
    "the history is busy: {problem}": "Die Historie ist beschäftigt: {problem}",
    "too many ask it at once": "zu viele fragen sie zugleich",
}


def _german(template: str) -> str:
    return GERMAN.get(template, template)


def test_a_phrase_is_its_english_text() -> None:
    said = phrase("{text!r} is no size", text="x")
    assert said == "'x' is no size"
    assert f"{said}" == "'x' is no size"
    assert isinstance(said, str)


def test_a_phrase_can_be_said_in_another_language() -> None:
    assert phrase("{text!r} is no size", text="x").said_in(_german) == "'x' ist keine Größe"


def test_a_phrase_inside_of_a_phrase_is_said_in_that_language_too() -> None:
    inner = phrase("too many ask it at once")
    assert phrase("the history is busy: {problem}", problem=inner).said_in(_german) == (
        "Die Historie ist beschäftigt: zu viele fragen sie zugleich"
    )


def test_braces_that_somebody_else_has_written_mean_nothing() -> None:
    hostile = "{text.__class__} {0} %(x)s"
    said = phrase("{text!r} is no size", text=hostile)
    assert said == f"{hostile!r} is no size"
    assert said.said_in(_german) == f"{hostile!r} ist keine Größe"


def test_a_phrase_without_values_may_have_braces() -> None:
    assert phrase("a {brace}") == "a {brace}"
    assert phrase("a {brace}").said_in(_german) == "a {brace}"


def test_a_phrase_can_be_copied_and_stored_like_the_text_that_it_is() -> None:
    said = phrase("{where}: {what}", where=Path("/var/lib"), what=phrase("too many ask it at once"))
    for copied in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert copied == "/var/lib: too many ask it at once"
        assert copied.said_in(_german) == "/var/lib: zu viele fragen sie zugleich"
    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute("SELECT ?", (said,)).fetchone() == (str(said),)


def test_an_error_keeps_the_phrase_that_it_was_made_with() -> None:
    error = BanGUIError(phrase("too many ask it at once"))
    assert isinstance(error.message, Phrase)
    assert str(error) == "too many ask it at once"
