"""Finds words in templates that a translator would never see.

A template is read as Jinja reads it, and its pieces are followed through the HTML that they make: text between tags,
and the attributes that a person reads or hears (`title`, `aria-label`, `placeholder` ...). Letters in there must come
from gettext. Words that stay as they are in every language (names, keys, commands in `code`) are left alone.

Strings inside of expressions are looked at too: those that end up in such a place (`{{ "a" if x else "b" }}`), and
those that read like a sentence wherever they are, because a macro may show them later on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from jinja2 import Environment, nodes

_READ = frozenset({"title", "aria-label", "placeholder", "alt", "label", "aria-description"})
# What scripts say.
_SAID = frozenset(
    {
        "data-one",
        "data-many",
        "data-away",
        "data-up",
        "data-lost",
        "data-found",
        "data-ended",
        "data-label",
        "data-name",
        "data-sort-by",
    }
)
# What is said in a language of its own.
_CODE = frozenset({"code", "kbd", "pre", "style", "script"})
_CALLS = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})
_NAMES = re.compile(r"\b(BanGUI|fail2ban|AS|CSV|JSON|UTC|IPv4|IPv6|CIDR|API|URL|nft|ipset|q|h|d|y)\b")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"^[A-Z][a-z]|[a-z]{2,} [a-z]{2,}")
# Strings of several words that are for machines: a colour scheme, a command, several classes, markup.
_FOR_MACHINES = re.compile(r"light dark|(?:sudo |bangui ).*|<.*>|\s?[a-z-]+=\".*|(?:[a-z-]+ )*[a-z]+-[a-z-]+")
_TAG_NAME = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that are not in gettext, and the line that they are near."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the HTML a piece begins: in text, in a tag, or in the value of an attribute, and in which code."""

    tag: str = ""
    attribute: str = ""
    quote: str = ""
    code: tuple[str, ...] = field(default=())

    @property
    def is_read(self) -> bool:
        """Whether a person reads what stands here."""
        if self.quote:
            return self.attribute in _READ or self.attribute in _SAID
        return not self.tag and not self.code


def bare_text(environment: Environment, source: str) -> list[Finding]:
    """Return the words of a template that are not in gettext, in the order in which they stand there."""
    return list(_Reader().read(environment.parse(source).body))


class _Reader:
    def __init__(self) -> None:
        self._place = _Place()

    def read(self, body: list[nodes.Node]) -> Iterator[Finding]:
        for node in body:
            yield from self._read_node(node)

    def _read_node(self, node: nodes.Node) -> Iterator[Finding]:
        if isinstance(node, nodes.Output):
            for piece in node.nodes:
                if isinstance(piece, nodes.TemplateData):
                    yield from self._follow(piece.data, piece.lineno)
                else:
                    yield from self._expression(piece)
            return
        start = self._place
        for name in ("test", "node", "iter", "args", "defaults", "call"):
            value = getattr(node, name, None)
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, nodes.Node):
                    yield from _sentences(child)
        for name in ("body", "elif_", "else_"):
            branch = getattr(node, name, None)
            if branch:
                # Each way through a template begins where the others begin; a branch may open a tag that it closes.
                self._place = start
                yield from self.read(branch)
        if isinstance(node, nodes.Block | nodes.Macro | nodes.CallBlock):
            self._place = start

    def _expression(self, piece: nodes.Expr) -> Iterator[Finding]:
        seen = set()
        if self._place.is_read:
            for constant in _shown(piece):
                if _LETTERS.search(_NAMES.sub("", str(constant.value))):
                    seen.add(id(constant))
                    yield Finding(constant.lineno, str(constant.value))
        yield from _sentences(piece, seen)

    def _follow(self, text: str, line: int) -> Iterator[Finding]:
        """Follow the HTML of a piece of the template, and yield the words in it."""
        for word in re.split(r"(<!.*?>|</?[a-zA-Z][^\s>/]*|\"|'|>|[\w-]+=(?=[\"'])|\n)", text, flags=re.DOTALL):
            if word == "\n":
                line += 1
            elif word and not self._step(word) and self._place.is_read and _has_words(word):
                yield Finding(line, " ".join(word.split()))

    def _step(self, word: str) -> bool:
        """Go on to the place that a piece of syntax leads to; False for what is no syntax here."""
        place = self._place
        if place.quote:
            if word != place.quote:
                return False
            self._place = replace(place, attribute="", quote="")
        elif place.tag:
            self._place = self._in_tag(word)
        elif re.fullmatch(r"[\w-]+=", word):
            # A macro whose text goes into a tag.
            self._place = replace(place, tag="?", attribute=word[:-1].lower())
        elif tag := _TAG_NAME.match(word):
            self._place = replace(place, tag=word if word.startswith("</") else tag[1].lower())
        else:
            return word.startswith("<!")
        return True

    def _in_tag(self, word: str) -> _Place:
        place = self._place
        if word == ">":
            code = place.code
            if place.tag.startswith("</"):
                code = code[:-1] if code and code[-1] == place.tag[2:].lower() else code
            elif place.tag in _CODE:
                code = (*code, place.tag)
            return _Place(code=code)
        if word.endswith("=") and len(word) > 1:
            return replace(place, attribute=word[:-1].lower())
        return replace(place, quote=word) if word in {'"', "'"} else place


def _has_words(text: str) -> bool:
    without_entities = re.sub(r"&[#\w]+;", "", text)
    return bool(_LETTERS.search(_NAMES.sub("", without_entities)))


def _is_sentence(text: str) -> bool:
    return bool(_SENTENCE.search(_NAMES.sub("", text))) and not _FOR_MACHINES.fullmatch(text)


def _shown(node: nodes.Node) -> Iterator[nodes.Const]:
    """Yield the strings that an expression may put into the page as they are."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node
    for part in _parts(node):
        yield from _shown(part)


def _parts(node: nodes.Node) -> list[nodes.Expr]:
    """Return the parts of an expression whose values may be its own."""
    parts: list[nodes.Expr | None] = []
    if isinstance(node, nodes.CondExpr):
        parts = [node.expr1, node.expr2]
    elif isinstance(node, nodes.Or | nodes.And | nodes.Add):
        parts = [node.left, node.right]
    elif isinstance(node, nodes.Concat):
        parts = [*node.nodes]
    elif isinstance(node, nodes.Filter):
        parts = [node.node]
    elif isinstance(node, nodes.Getitem) and isinstance(node.node, nodes.Dict):
        parts = [pair.value for pair in node.node.items]
    return [part for part in parts if part is not None]


def _sentences(node: nodes.Node, seen: set[int] | None = None) -> Iterator[Finding]:
    """Yield the strings of an expression that read like words for people, outside of gettext."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in _CALLS:
        for argument in node.kwargs:
            yield from _sentences(argument, seen)
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        if id(node) not in (seen or set()) and _is_sentence(node.value):
            yield Finding(node.lineno, node.value)
        return
    for child in node.iter_child_nodes():
        yield from _sentences(child, seen)
