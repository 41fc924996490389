from __future__ import annotations

import pytest

from bangui.domain import country_names
from bangui.web.country_words import country_name
from bangui.web.language import ENGLISH, GERMAN, LANGUAGES, LOCALE_FOLDER, speaking


@pytest.mark.parametrize(("code", "english", "german"), [("DE", "Germany", "Deutschland"), ("XK", "Kosovo", "Kosovo")])
def test_a_country_has_its_name_in_each_language(code: str, english: str, german: str) -> None:
    assert country_name(code) == english
    with speaking(GERMAN):
        assert country_name(code) == german


def test_an_unknown_code_is_its_own_name() -> None:
    for language in LANGUAGES:
        with speaking(language):
            assert (country_name("QQ"), country_name("<b>")) == ("QQ", "<b>")


def test_every_country_has_a_name_in_every_language() -> None:
    codes = [f"{a}{b}" for a in map(chr, range(65, 91)) for b in map(chr, range(65, 91))]
    known = {code for code in codes if country_names.country_name(code) != code}
    assert len(known) > 240
    for language in LANGUAGES:
        if language is not ENGLISH:
            lines = (LOCALE_FOLDER / language.code / "countries.txt").read_text(encoding="utf-8").splitlines()
            assert {line[:2] for line in lines} == known
            assert all(line[2] == " " and line[3:].strip() for line in lines)
