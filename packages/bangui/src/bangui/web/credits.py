"""Whose data is shown, said and linked as its licence asks for."""

from __future__ import annotations

from markupsafe import Markup, escape

from bangui.web.text import visible

# What a licence wants linked, in the words that it wants.
_LINKS = {"IP Geolocation by DB-IP": "https://db-ip.com"}


def credited(text: str) -> Markup:
    """Return a credit as HTML, with the links that it asks for."""
    html = escape(visible(text))
    for words, address in _LINKS.items():
        link = Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, words)
        html = html.replace(escape(words), link)
    return html
