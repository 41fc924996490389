r"""Makes text that somebody outside has written harmless to print: on a terminal, in a file, in a log.

The id of a ban can be anything that an attacker got into a log file, and a jail's name is not checked either. What a
terminal would act on (escape sequences), what would reorder or hide text (bidi controls, zero-width characters) and
what is not text at all is shown as an escape such as `\x1b` or `\u202e`.
"""

from __future__ import annotations

# Letters and symbols to Unicode, blank to the eye.
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f")


def inert(text: str) -> str:
    """Return the text with every character that is not plainly visible replaced by its escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _is_visible(char) else _escape(char) for char in text)


def _is_visible(char: str) -> bool:
    # Python's "printable" leaves out controls, format characters (bidi, zero-width), surrogates, private use,
    # unassigned characters and every space but the plain one.
    return char.isprintable() and char not in _INVISIBLE and not _is_variation_selector(char)


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
