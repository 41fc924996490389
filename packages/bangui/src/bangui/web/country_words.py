"""The names of countries in the reader's language.

English ones are the domain's. Others are tables in the folder of their language, `countries.txt`, which
`tools/messages.py` has made from Unicode's CLDR: one line for each code, as people say the name and not as treaties do.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bangui.domain import country_names
from bangui.web.language import ENGLISH, LOCALE_FOLDER, spoken


def country_name(code: str) -> str:
    """Return what a country is called, and the code itself where that is not known."""
    return _names(spoken().code).get(code) or country_names.country_name(code)


@cache
def _names(language: str) -> Mapping[str, str]:
    if language == ENGLISH.code:
        return {}
    lines = (LOCALE_FOLDER / language / "countries.txt").read_text(encoding="utf-8").splitlines()
    return {line[:2]: line[3:] for line in lines}
