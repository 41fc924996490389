r"""Make text that an attacker may have chosen harmless to look at.

Jail names, ban identifiers and daemon messages can hold anything: markup, control characters, bidirectional overrides,
invisible characters, lone surrogates. Autoescaping takes care of markup; this module takes care of the rest: every
character that is not plainly visible is shown as its escape (`\u202e`), in the text itself and not only in colour,
and the whole is isolated with `<bdi>` so that it cannot reorder what stands beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from markupsafe import Markup, escape

from bangui.web.language import LazyText, said

# Control, format (bidi, zero width), surrogate, private, unassigned; line, paragraph and odd space separators.
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_COMBINING_CATEGORIES = frozenset({"Mn", "Me"})
# Letters of living scripts carry at most two marks; more is a pile that grows over the neighbouring lines.
_MARKS_IN_A_ROW = 2
# Characters of Hangul and Braille that have a letter's category but draw nothing.
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f")

LONGEST_SHOWN = 160
"""How many characters of an identifier or a name a page shows; an IPv6 network needs 43."""


def _escape_sequence(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (piece, is_escape): runs of visible text as they are, each unseen character as its escape."""
    if text.isascii() and text.isprintable():  # nearly every name and address, and there are hundreds on a page
        yield text, False
        return
    run: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character) if character > "~" or character < " " else "L"
        marks = marks + 1 if category in _COMBINING_CATEGORIES else 0
        unseen = category in _UNSEEN_CATEGORIES or character in _BLANK_LETTERS or marks > _MARKS_IN_A_ROW
        if not unseen:
            run.append(character)
            continue
        if run:
            yield "".join(run), False
            run = []
        yield _escape_sequence(character), True
    if run:
        yield "".join(run), False


def _shortened(text: str, limit: int) -> tuple[str, bool]:
    return (text, False) if len(text) <= limit else (text[:limit], True)


def visible(text: str, limit: int = 4 * LONGEST_SHOWN) -> str:
    """Return the text as plain text in which every unseen character is its escape, shortened to `limit` characters."""
    shown, is_cut = _shortened(text, limit)
    return "".join(piece for piece, _ in _pieces(shown)) + ("…" if is_cut else "")


def inert(text: str, limit: int = LONGEST_SHOWN) -> Markup:
    """Return the text as isolated, escaped HTML; each escape stands in its own element and looks like one."""
    shown, is_cut = _shortened(text, limit)
    html = _escaped(shown) if text else Markup('<span class="escape">empty</span>')
    return Markup("<bdi>{}{}</bdi>").format(html, "…" if is_cut else "")


def marked(text: str, wanted: re.Pattern[str] | None, limit: int = LONGEST_SHOWN) -> Markup:
    """Return the text as `inert` does, with what the pattern finds in it marked."""
    shown, is_cut = _shortened(text, limit)
    html, end = Markup(""), 0
    for found in wanted.finditer(shown) if wanted else ():
        html += _escaped(shown[end : found.start()]) + Markup("<mark>{}</mark>").format(_escaped(found[0]))
        end = found.end()
    return Markup("<bdi>{}{}</bdi>").format(html + _escaped(shown[end:]), "…" if is_cut else "")


def _escaped(text: str) -> Markup:
    return Markup("").join(
        Markup('<span class="escape">{}</span>').format(piece) if is_escape else escape(piece)
        for piece, is_escape in _pieces(text)
    )


def prose(text: str | LazyText) -> Markup:
    """Return a sentence of ours or the daemon's as HTML: unseen characters escaped, `code` in backticks as code.

    One of the domain is said in the language of the request.
    """
    pieces = visible(said(text)).split("`")
    if len(pieces) % 2 == 0:  # an odd backtick is a character like any other
        return escape("`".join(pieces))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )
