from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bangui.web.language import ENGLISH, GERMAN, LANGUAGES, LOCALE_FOLDER
from tools import messages


def catalog(*translated: tuple[str | tuple[str, str], str | tuple[str, str]]) -> Catalog:
    made = Catalog(locale="de", domain="bangui")
    for message, text in translated:
        made.add(message, text)
    return made


def source(*wanted: str | tuple[str, str]) -> Catalog:
    made = Catalog(domain="bangui")
    for message in wanted:
        made.add(message)
    return made


BANS = ("%(count)s ban", "%(count)s bans")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("Overview", "Übersicht"),
        (BANS, ("%(count)s Sperre", "%(count)s Sperren")),
        (("%(num)s ban in %(jail)s", "%(num)s bans in %(jail)s"), ("eine Sperre in %(jail)s", "%(num)s in %(jail)s")),
        ("{text!r} is no size", "{text!r} ist keine Größe"),
        ("%(share)s %%", "%(share)s %%"),
    ],
)
def test_a_good_translation_is_no_problem(message: str | tuple[str, str], text: str | tuple[str, str]) -> None:
    assert list(messages.catalog_problems(catalog((message, text)), source(message))) == []


@pytest.mark.parametrize(
    ("message", "text", "problem"),
    [
        ("Overview", "", "not translated"),
        (BANS, ("%(count)s Sperre", ""), "not translated"),
        ("%(count)s of %(all)s", "%(count)s von %(alle)s", "other placeholders"),
        ("%(count)s of %(all)s", "%(count)s", "other placeholders"),
        ("{text!r} is no size", "{text} ist keine Größe", "other placeholders"),
        (BANS, ("%(count)s Sperre", "%(count)s Sperren %(x)s"), "other placeholders"),
        ("see <code>jail.local</code>", "siehe <b>jail.local</b>", "other markup"),
        ("plain", "nicht <b>schlicht</b>", "other markup"),
    ],
)
def test_a_bad_translation_is_told(message: str, text: str, problem: str) -> None:
    found = list(messages.catalog_problems(catalog((message, text)), source(message)))
    assert len(found) == 1
    assert problem in found[0]


def test_messages_that_are_missing_or_left_over_are_told() -> None:
    found = list(messages.catalog_problems(catalog(("Old", "Alt")), source("New")))
    assert [text.partition(":")[0] for text in found] == ["not in the catalogue", "in the catalogue and nowhere else"]


def test_a_guess_is_told() -> None:
    guessed = catalog(("Overview", "Übersicht"))
    guessed["Overview"].flags.add("fuzzy")
    assert "only guessed" in next(messages.catalog_problems(guessed, source("Overview")))


def test_messages_are_found_in_modules_and_in_templates() -> None:
    found = messages.source_messages()
    assert "{text!r} is no size" in found
    assert "Skip to the content" in found
    assert found.get("ban", "event") is not None
    assert found.get("just now") is not None
    assert isinstance(found["%(count)s ban"].id, tuple)


def test_bringing_a_catalogue_up_to_date_keeps_what_is_there_and_guesses_nothing() -> None:
    brought = messages.updated(catalog(("Bans", "Sperren"), ("Old", "Alt")), source("Bans", "Bans now"), "Deutsch")
    assert brought["Bans"].string == "Sperren"
    assert not brought["Bans now"].string
    assert "Old" not in brought
    assert not brought.obsolete


def test_a_catalogue_is_written_the_same_each_time() -> None:
    text = messages.po_text(messages.read_catalog(GERMAN.code))
    assert text == messages.po_file(GERMAN.code).read_bytes()


def test_names_of_countries_are_those_of_the_source() -> None:
    for language in LANGUAGES:
        if language is not ENGLISH:
            written = (LOCALE_FOLDER / language.code / "countries.txt").read_text(encoding="utf-8")
            assert written == messages.country_names(language.code)


def test_messages_inside_of_other_strings_and_in_several_parts_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (
        "a = f\"{_('inside')} and {ngettext('one', 'many', n)}\"",
        'b = _("in two " "parts") + _(a)',
        'c = pgettext("x", "y")',
    )
    (tmp_path / "module.py").write_text("\n".join(lines))
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    monkeypatch.setattr(messages, "TEMPLATES", tmp_path)
    found = {(message.context, message.id) for message in messages.source_messages() if message.id}
    assert found == {(None, "inside"), (None, ("one", "many")), (None, "in two parts"), ("x", "y")}


def test_every_message_of_the_source_is_translated_and_no_template_has_words_of_its_own() -> None:
    assert list(messages.problems()) == []
