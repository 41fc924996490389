from __future__ import annotations

import pytest

from bangui.web.rendering import template_environment
from tools.bare_text import bare_text


def found(source: str) -> list[str]:
    return [finding.text for finding in bare_text(template_environment(), source)]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Ban it</p>", ["Ban it"]),
        ("<p>{{ x }} bans</p>", ["bans"]),
        ('<a title="Ban {{ x }}">·</a>', ["Ban"]),
        ('<input placeholder="Address" value="Address">', ["Address"]),
        ('<p data-one="1 new ban"></p>', ["1 new ban"]),
        ('<p>{{ "running" if x else "away" }}</p>', ["running", "away"]),
        ('<p>{{ {"up": "running"}[x] }}</p>', ["running"]),
        ('<p>{{ ("Show " ~ name) | upper }}</p>', ["Show "]),
        ('{% set label = "Any kind" %}<p>{{ label }}</p>', ["Any kind"]),
        ('{{ pick("kind", "Any kind") }}', ["Any kind"]),
        ("<p>{% if x %}one{% elif y %}two{% else %}three{% endif %}</p>", ["one", "two", "three"]),
        ("{% for x in y %}<b>word</b>{% endfor %}", ["word"]),
        ("{% block main %}word{% endblock %}", ["word"]),
        ("{% macro m(a) %}word{% endmacro %}", ["word"]),
        ("<code>code</code> word", ["word"]),
        ("<a{% if x %} title='Only {{ y }}'{% endif %}>·</a>", ["Only"]),
        ("{{ _('%(x)s', x='Some words here') }}", ["Some words here"]),
    ],
)
def test_words_outside_of_gettext_are_found(source: str, words: list[str]) -> None:
    assert found(source) == words


@pytest.mark.parametrize(
    "source",
    [
        '<p>{{ _("Ban it") }}</p>',
        "<p>{% trans n=x %}{{ n }} ban{% pluralize %}{{ n }} bans{% endtrans %}</p>",
        '<a title="{% trans jail=x %}Only {{ jail }}{% endtrans %}" href="/bans?kind=ban">·</a>',
        "<p>BanGUI · fail2ban · AS{{ number }} · ×</p>",
        "<p><code>sudo bangui serve</code> <kbd>Esc</kbd> <pre>enabled = true</pre></p>",
        "<!doctype html><!-- words --><p>{# words #}</p>",
        '<meta name="color-scheme" content="{{ "light dark" if x else y }}">',
        '<td role="cell"{{ \' aria-current="true"\' | safe if x }} class="big {{ "is-stale" if x }}">',
        '{% if state == "BANNED" %}·{% endif %}{{ x | replace("_", "-") }}',
        "<p>&nbsp;&middot;1,204</p>",
        '{% macro state(x) -%}{% if x %} hidden="true" aria-describedby="{{ x }}-wrong"{% endif %}{%- endmacro %}',
        '<p>{{ pgettext("time", "From") }} {{ ngettext("one", "many", n) }}</p>',
    ],
)
def test_what_is_no_word_or_is_translated_is_left_alone(source: str) -> None:
    assert found(source) == []


def test_the_line_is_told() -> None:
    findings = bare_text(template_environment(), "<p>\n  {{ x }}\n  some words\n</p>")
    assert [(finding.line, finding.text) for finding in findings] == [(3, "some words")]
