"""Finds the words of a page that are in no message.

All messages are put between brackets, and what is then read outside of them was not in gettext. What stays as it is in
every language is left out: code, keys, times, and what somebody else has written (`<bdi>`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest

from bangui.web import country_words, language

UNREAD = {"code", "kbd", "pre", "bdi", "time", "script", "style", "title"}
READ_ATTRIBUTES = {"title", "aria-label", "placeholder", "alt"}
# Our names, those of languages and accounts, and what the tests' histories and forms hold.
NO_WORD = re.compile(
    r"\b(BanGUI( \S+)?|fail2ban|English|Deutsch|AS\d+|UTC|Ctrl|ada|admin|EVIL-NET|EXAMPLE-\w+|GERMANY|"
    r"sshd|postfix(-sasl)?|recidive|nginx-[\w-]+|web)\b"
)


class Bracketed(NullTranslations):
    """Says every message between brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


class Names:
    """Names of countries, between brackets as well."""

    def get(self, code: str) -> str:
        return f"⟦{code}⟧"


class Reader(HTMLParser):
    """Gathers what is read outside of brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unread: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        facts = dict(attributes)
        if self._unread or tag in UNREAD or "credits" in (facts.get("class") or "").split():
            if tag not in {"br", "img", "input", "link", "meta"}:
                self._unread.append(tag)
            return
        for name in READ_ATTRIBUTES & facts.keys():
            self._note("".join(self._outside(facts[name] or "")))

    def handle_endtag(self, tag: str) -> None:
        if self._unread and self._unread[-1] == tag:
            self._unread.pop()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._note("".join(self._outside(data)))

    def _outside(self, text: str) -> Iterator[str]:
        for character in text:
            self._depth += (character == "⟦") - (character == "⟧")
            if not self._depth and character != "⟧":
                yield character

    def _note(self, text: str) -> None:
        words = NO_WORD.sub("", text)
        if re.search(r"[^\W\d_]{3,}", words):
            self.words.append(" ".join(words.split()))


def bare_words(page: str) -> list[str]:
    """Return the words in the body of a page that are in no message."""
    reader = Reader()
    reader.feed(page.partition("<body>")[2])
    return reader.words


def put_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all pages say their messages between brackets."""
    monkeypatch.setattr(language, "_words", Bracketed)
    monkeypatch.setattr(country_words, "_names", lambda _: Names())
