"""The words of the pages in the reader's language.

Messages are English and are looked up in catalogues of gettext, `locale/<language>/LC_MESSAGES/bangui.mo`. Which
language counts is a fact of each request: the outermost layer finds it out and keeps it in a context variable, so that
whatever runs for this request speaks it without being told. Outside of a request everything is English.

Numbers and dates need three facts of a language, and the patterns of the catalogue. Babel knows them for all languages;
it is 33 MB on the disk, and the server would hold 9 MB more of memory for two of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TypeVar

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from bangui.domain.phrases import Phrase

K = TypeVar("K")

LANGUAGE_COOKIE = "bangui_language"
LOCALE_FOLDER = Path(__file__).with_name("locale")
DOMAIN = "bangui"

# A browser sends a handful; whoever sends a thousand gets an answer too, from the first of them.
_LONGEST_HEADER = 500
_FOR_PROGRAMS = "/api/"


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code, what its speakers call it, and what stands between thousands, and before decimals."""

    code: str
    name: str
    thousands: str
    decimals: str


ENGLISH = Language("en", "English", ",", ".")
GERMAN = Language("de", "Deutsch", ".", ",")
LANGUAGES = (ENGLISH, GERMAN)
_BY_CODE = {language.code: language for language in LANGUAGES}

_spoken: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def spoken() -> Language:
    """Return the language of this request."""
    return _spoken.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language for as long as this lasts."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def gettext(message: str) -> str:
    """Return the message in the language of this request."""
    words = _words()
    text = words.gettext(message) if message else ""
    # One that also begins a plural elsewhere is only found there by Python before 3.12.
    return words.ngettext(message, message, 1) if text == message else text


def ngettext(one: str, many: str, number: int) -> str:
    """Return the message for one or for many, in the language of this request."""
    return _words().ngettext(one, many, number)


def pgettext(context: str, message: str) -> str:
    """Return a message that means something else in another context: `For` over a column of durations."""
    return _words().pgettext(context, message)


def npgettext(context: str, one: str, many: str, number: int) -> str:
    """Return the message for one or for many in a context."""
    return _words().npgettext(context, one, many, number)


class LazyText:
    """A message that is looked up when it is shown: for tables that are made before there is a request."""

    __slots__ = ("_context", "_message")

    def __init__(self, message: str, context: str = "") -> None:
        self._message = message
        self._context = context

    def __str__(self) -> str:
        return pgettext(self._context, self._message) if self._context else gettext(self._message)


def lazy(message: str) -> LazyText:
    """Return a message that is looked up when it is shown."""
    return LazyText(message)


def lazy_in(context: str, message: str) -> LazyText:
    """Return a message of a context that is looked up when it is shown."""
    return LazyText(message, context)


class LazyTable(Mapping[K, str]):
    """A table of messages that are looked up when one is taken out of it."""

    def __init__(self, messages: Mapping[K, LazyText]) -> None:
        self._messages = messages

    def __getitem__(self, key: K) -> str:
        return str(self._messages[key])

    def __iter__(self) -> Iterator[K]:
        return iter(self._messages)

    def __len__(self) -> int:
        return len(self._messages)


def said(text: str | LazyText) -> str:
    """Return a text of the domain in the language of this request, where it is one that can be said in another."""
    return text.said_in(gettext) if isinstance(text, Phrase) else str(text)


def _words() -> NullTranslations:
    return _catalogue(_spoken.get().code)


@cache
def _catalogue(code: str) -> NullTranslations:
    if code == ENGLISH.code:
        return NullTranslations()
    with (LOCALE_FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return GNUTranslations(file)


def find_language(code: str) -> Language | None:
    """Return the language of this code, if we speak it."""
    return _BY_CODE.get(code)


def language_of(connection: HTTPConnection) -> Language:
    """Return the language that somebody has chosen here, or the one that their browser asks for first."""
    chosen = find_language(connection.cookies.get(LANGUAGE_COOKIE, ""))
    return chosen or _asked_for(connection.headers.get("accept-language", "")) or ENGLISH


def _asked_for(header: str) -> Language | None:
    asked: list[tuple[float, Language]] = []
    for part in header[:_LONGEST_HEADER].split(","):
        name, _, weight = part.partition(";")
        language = find_language(name.strip().lower().partition("-")[0])
        if language is not None and (share := _weight(weight)) > 0:
            asked.append((share, language))
    # Of several that are wanted as much, the first: `max` returns it.
    return max(asked, key=lambda one: one[0])[1] if asked else None


def _weight(text: str) -> float:
    """Return the weight in `q=0.8`, 1 where there is none, and 0 for what makes no sense."""
    name, _, value = text.partition("=")
    if not name.strip():
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


class Languages:
    """The layer that finds out in which language each request is answered; programs are answered in English.

    It lies below the layer that takes the base path of a proxy off.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in its language."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_program = scope["path"].startswith(_FOR_PROGRAMS)
        with speaking(ENGLISH if is_program else language_of(HTTPConnection(scope))):
            await self._app(scope, receive, send)
