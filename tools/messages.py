"""Keeps the catalogues of the pages: finds the messages of the source, and says what is not translated.

    .venv/bin/python -m tools.messages            find new messages, bring the catalogues up to date, compile them
    .venv/bin/python -m tools.messages --check    only say what is missing or wrong
    .venv/bin/python -m tools.messages --countries    write the names of countries anew, from Unicode's CLDR

Messages are the texts in `gettext`, `ngettext`, `pgettext` and `lazy` of Python modules, in `phrase` of the domain and
below, and all of the templates. They are written into `locale/<language>/LC_MESSAGES/bangui.po`, where a translator
works with any editor for such files, and from there into the `.mo` that the server reads. Both are kept in the
repository: an installation then needs nothing to make them, and a test sees to it that they belong together.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from bangui.domain.country_names import country_name
from bangui.web.language import DOMAIN, ENGLISH, LANGUAGES, LOCALE_FOLDER
from bangui.web.rendering import template_environment
from tools.bare_text import bare_text

SOURCE = Path(__file__).parents[1] / "packages/bangui/src/bangui"
TEMPLATES = SOURCE / "web/templates"
# Where the context and the texts stand among the arguments.
_CALLS: Mapping[str, tuple[int | None, tuple[int, ...]]] = {
    "_": (None, (0,)),
    "gettext": (None, (0,)),
    "lazy": (None, (0,)),
    "phrase": (None, (0,)),
    "ngettext": (None, (0, 1)),
    "pgettext": (0, (1,)),
    "lazy_in": (0, (1,)),
    "npgettext": (0, (1, 2)),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+(?:![rs])?(?::[^}]*)?\}")
# The document of the API, whose operations are described in English alone.
_IN_ENGLISH = frozenset({TEMPLATES / "api_docs.html"})
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
# A number that a word can stand for, and the ending of an ordinal, which few languages have.
_MAY_BE_LEFT_OUT = frozenset({"%(num)s", "%(ending)s"})
# Where CLDR says more than people do.
_SHORT_NAMES = {
    "de": {
        "BN": "Brunei",
        "CV": "Kap Verde",
        "GS": "Südgeorgien",
        "HK": "Hongkong",
        "MD": "Moldau",
        "MO": "Macau",
        "PS": "Palästina",
    }
}
_HEADER = "# The words of BanGUI's pages in {}. Made by tools/messages.py; translations are written by people."


def source_messages() -> Catalog:
    """Return every message of the source, with the files that it stands in."""
    catalog = Catalog(domain=DOMAIN, project="BanGUI", charset="utf-8")
    for file in sorted(SOURCE.rglob("*.py")):
        _add_python(catalog, file)
    environment = template_environment()
    for file in sorted(TEMPLATES.rglob("*.html")):
        _add_template(catalog, file, environment)
    return catalog


def _add_python(catalog: Catalog, file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in _CALLS:
            continue
        place, texts = _CALLS[node.func.id]
        context = None if place is None else _text(node, place)
        message = [_text(node, text) for text in texts]
        if all(message):
            _add(catalog, file, tuple(filter(None, message)), context)


def _text(call: ast.Call, place: int) -> str | None:
    """Return the text that is written in a call; None for what is only known when the program runs."""
    argument = call.args[place] if place < len(call.args) else None
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _add(catalog: Catalog, file: Path, message: tuple[str, ...], context: str | None) -> None:
    catalog.add(message if len(message) > 1 else message[0], locations=[(_place(file), 1)], context=context)


def _add_template(catalog: Catalog, file: Path, environment: Environment) -> None:
    find = vars(environment)["extract_translations"]
    for _line, function, message in find(file.read_text(encoding="utf-8")):
        parts = (message,) if isinstance(message, str) else tuple(part for part in message if part is not None)
        context, texts = _CALLS[function]
        # What follows the texts are values.
        if len(parts) >= len(texts) and parts[0]:
            found = parts[1:] if context is not None else parts
            _add(catalog, file, found[: len(texts)], None if context is None else parts[0])


def _place(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


def po_file(code: str) -> Path:
    """Return where the catalogue of a language is."""
    return LOCALE_FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalog(code: str) -> Catalog:
    """Return the catalogue of a language as it is."""
    with po_file(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def updated(catalog: Catalog, source: Catalog, name: str) -> Catalog:
    """Return the catalogue with the messages of the source and no others; nothing is guessed."""
    source.creation_date = catalog.creation_date
    catalog.update(source, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    catalog.header_comment = _HEADER.format(name)
    return catalog


def po_text(catalog: Catalog) -> bytes:
    """Return a catalogue as a file for translators."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, sort_output=True, include_lineno=False, include_previous=False)
    return file.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def problems() -> Iterator[str]:
    """Yield what is missing or wrong, in sentences."""
    yield from bare_words()
    source = source_messages()
    for language in LANGUAGES:
        if language != ENGLISH:
            catalog = read_catalog(language.code)
            yield from (f"{language.code}: {problem}" for problem in catalog_problems(catalog, source))
            compiled = po_file(language.code).with_suffix(".mo")
            if not compiled.exists() or compiled.read_bytes() != mo_bytes(catalog):
                yield f"{language.code}: the .mo is not made from the .po: run tools.messages"


def catalog_problems(catalog: Catalog, source: Catalog) -> Iterator[str]:
    """Yield what a catalogue lacks, and what a translator has got wrong."""
    for wanted in source:
        if not wanted.id:
            continue
        found = catalog.get(_first(wanted), wanted.context)
        if found is None:
            yield f"not in the catalogue: {_first(wanted)!r}"
        else:
            yield from _message_problems(found, wanted)
    known = {(_first(wanted), wanted.context) for wanted in source}
    for message in catalog:
        if message.id and (_first(message), message.context) not in known:
            yield f"in the catalogue and nowhere else: {_first(message)!r}"


def _message_problems(found: Message, wanted: Message) -> Iterator[str]:
    texts = _texts(found.string)
    if found.id != wanted.id:
        yield f"another plural in the catalogue: {_first(wanted)!r}"
    elif not all(texts):
        yield f"not translated: {_first(wanted)!r}"
    elif found.fuzzy:
        yield f"only guessed: {_first(wanted)!r}"
    else:
        ids = _texts(wanted.id)
        for place, text in enumerate(texts):
            named, expected = _placeholders(text), _placeholders(ids[min(place, len(ids) - 1)])
            if not expected - _MAY_BE_LEFT_OUT <= named <= expected.union(*map(_placeholders, ids)):
                yield f"other placeholders in {text!r}"
            elif sorted(_TAG.findall(text)) != sorted(_TAG.findall(ids[min(place, len(ids) - 1)])):
                yield f"other markup in {text!r}"


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(text)) - {"%%"}


def _texts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    return (value or "",) if value is None or isinstance(value, str) else tuple(value)


def _first(message: Message) -> str:
    return _texts(message.id)[0]


def bare_words() -> Iterator[str]:
    """Yield the words of templates that are not in gettext."""
    environment = template_environment()
    for file in sorted(set(TEMPLATES.rglob("*.html")) - _IN_ENGLISH):
        for found in bare_text(environment, file.read_text(encoding="utf-8")):
            yield f"{_place(file)}:{found.line}: not in gettext: {found.text!r}"


def country_names(code: str) -> str:
    """Return the names of countries in a language, one on a line after its code, as CLDR has them."""
    territories = {**Locale(code).territories, **_SHORT_NAMES.get(code, {})}
    known = [country for country in territories if country_name(country) != country]
    return "".join(f"{country} {territories[country].partition(' (')[0]}\n" for country in sorted(known))


def _write_countries() -> None:
    for language in LANGUAGES:
        if language != ENGLISH:
            (LOCALE_FOLDER / language.code / "countries.txt").write_text(country_names(language.code), encoding="utf-8")


def _update() -> None:
    source = source_messages()
    for language in LANGUAGES:
        if language != ENGLISH:
            catalog = updated(read_catalog(language.code), source, language.name)
            po_file(language.code).write_bytes(po_text(catalog))
            # Read back, so that the compiled file is what a translator's editor would make of it.
            po_file(language.code).with_suffix(".mo").write_bytes(mo_bytes(read_catalog(language.code)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring the catalogues up to date, or say what is wrong; the exit status says whether all is well."""
    parser = argparse.ArgumentParser(description="Keep the catalogues of the pages.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="change nothing, only say what is missing or wrong")
    what.add_argument("--countries", action="store_true", help="write the names of countries anew")
    options = parser.parse_args(arguments)
    if options.countries:
        _write_countries()
    elif not options.check:
        _update()
    found = list(problems())
    print("\n".join(found) or "Every message is translated.", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
