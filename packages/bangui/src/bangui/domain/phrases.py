"""Sentences that can be said in another language later on.

The domain speaks English and knows no other language. A `Phrase` is that English text, and remembers the words that it
was made of: the template and what stands in it. Where a page is made, the template is looked up in the reader's
language and filled in again; everything else takes the phrase for the text that it is.

Templates are constants of ours, so that `tools/messages.py` finds them; what others have written only ever stands in
the values.
"""

from __future__ import annotations

from collections.abc import Callable

Value = str | int | float


class Phrase(str):
    """A text in English, with its template and the values in it; values may be phrases themselves."""

    __slots__ = ("template", "values")

    template: str
    values: tuple[tuple[str, Value], ...]

    def said_in(self, language: Callable[[str], str]) -> str:
        """Return the text in another language, which is a function from templates to templates."""
        told = {name: value.said_in(language) if isinstance(value, Phrase) else value for name, value in self.values}
        template = language(self.template)
        return template.format(**told) if told else template


def phrase(template: str, /, **values: object) -> Phrase:
    """Return a phrase; the template has the names of the values in braces, as `str.format` wants them."""
    kept = {name: value if isinstance(value, Value) else str(value) for name, value in values.items()}
    said = Phrase(template.format(**kept) if kept else template)
    said.template = template
    said.values = tuple(kept.items())
    return said
