from __future__ import annotations

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


def test_an_error_keeps_the_phrase_that_it_was_made_with() -> None:
    error = BanGUIError(phrase("too many ask it at once"))
    assert isinstance(error.message, Phrase)
    assert str(error) == "too many ask it at once"
