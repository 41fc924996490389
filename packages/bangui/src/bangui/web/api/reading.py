"""Read what a program sends into dataclasses, and say everything that is wrong with it at once.

Nothing is guessed: a number is no text, `"1"` is no number in a body, a name that is not known is a mistake. Texts hold
nothing that a database or a URL cannot (a zero character, half a surrogate pair); every text, number and list is
bounded by its shape.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar, cast

from bangui.domain.errors import InvalidInput
from bangui.domain.secret import Secret
from bangui.web.api.mistakes import MOST_MISTAKES, Mistake, WrongRequest, quoted, shown
from bangui.web.api.shapes import (
    NOTHING,
    FlagShape,
    ListShape,
    MaybeShape,
    Member,
    MomentShape,
    NumberShape,
    RecordShape,
    Shape,
    TextShape,
    WordShape,
    record_shape,
)

T = TypeVar("T")

# What no database keeps and no URL holds.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_NUMBER = re.compile(r"-?\d{1,16}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_FLAGS = {"true": True, "false": False}
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def read_body(kind: type[T], value: object) -> T:
    """Return the value of a body, or raise `WrongRequest`."""
    reader = _Reader("body")
    found = reader.record(record_shape(kind), value, "")
    reader.check()
    return cast("T", found)


def read_parameters(kind: type[T], path: Mapping[str, str], query: Sequence[tuple[str, str]]) -> T:
    """Return the parameters of a request, or raise `WrongRequest`; lists are parameters that come again."""
    reader = _Reader("query")
    given: dict[str, list[str]] = {}
    for name, text in query:
        given.setdefault(name, []).append(text)
    values: dict[str, object] = {}
    for member in record_shape(kind).members:
        if member.name in path:
            values[member.name] = _Reader("path", reader.mistakes).text_value(
                member.shape, path[member.name], member.name
            )
        else:
            values[member.name] = reader.parameter(member, given.pop(member.name, []))
    for name in given:
        reader.refuse(shown(name), "there is no such parameter")
    reader.check()
    return kind(**values)


@dataclass(slots=True)
class _Reader:
    """Reads values, and keeps what was wrong with them; what could not be read is NOTHING."""

    place: str
    mistakes: list[Mistake] = field(default_factory=list)

    def check(self) -> None:
        """Raise `WrongRequest` where something was wrong."""
        if self.mistakes:
            raise WrongRequest(self.mistakes)

    def refuse(self, name: str, detail: str, hint: str = "") -> object:
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(Mistake(self.place, name, detail, hint))
        return NOTHING

    def record(self, shape: RecordShape, value: object, name: str) -> object:
        if not isinstance(value, dict):
            return self.refuse(name, "expected an object")
        known = {member.name: member for member in shape.members}
        for other in value.keys() - known.keys():
            self.refuse(_below(name, shown(other)), "there is no such field", f"known are {', '.join(known)}")
        found = {member.name: self._member(member, value, name) for member in shape.members}
        return NOTHING if NOTHING in found.values() else shape.kind(**found)

    def _member(self, member: Member, given: Mapping[str, object], name: str) -> object:
        if member.name in given:
            return self.value(member.shape, given[member.name], _below(name, member.name))
        return self.refuse(_below(name, member.name), "this is missing") if member.is_required else member.default

    def value(self, shape: Shape, value: object, name: str) -> object:
        """Return a value of JSON as its shape says."""
        match shape:
            case MaybeShape(inner):
                return None if value is None else self.value(inner, value, name)
            case RecordShape():
                return self.record(shape, value, name)
            case ListShape():
                return self._list(shape, value, name)
            case FlagShape():
                return value if isinstance(value, bool) else self.refuse(name, "expected true or false")
            case NumberShape():
                if isinstance(value, bool) or not isinstance(value, int if shape.is_whole else int | float):
                    return self.refuse(name, "expected a number")
                return self._number(shape, value, name)
            case TextShape() | MomentShape() | WordShape():
                return (
                    self._text(shape, value, name) if isinstance(value, str) else self.refuse(name, "expected a text")
                )
        return self.refuse(name, "this cannot be given")

    def parameter(self, member: Member, texts: Sequence[str]) -> object:
        """Return a parameter that was given so many times."""
        shape = member.shape
        if not texts:
            return self.refuse(member.name, "this is missing") if member.is_required else member.default
        if isinstance(shape, ListShape):
            if len(texts) > shape.most:
                return self.refuse(member.name, f"at most {shape.most} can be given")
            found = [self.text_value(shape.item, text, member.name) for text in texts]
            return NOTHING if NOTHING in found else tuple(dict.fromkeys(found))
        if len(texts) > 1:
            return self.refuse(member.name, "this can be given once")
        return self.text_value(shape, texts[0], member.name)

    def text_value(self, shape: Shape, text: str, name: str) -> object:
        """Return what a parameter means."""
        match shape:
            case MaybeShape(inner):
                return self.text_value(inner, text, name)
            case NumberShape():
                if not _NUMBER.fullmatch(text):
                    return self.refuse(name, f"{quoted(text)} is no number")
                return self._number(shape, int(text), name)
            case FlagShape():
                return _FLAGS[text] if text in _FLAGS else self.refuse(name, "expected true or false")
        return self._text(shape, text, name)

    def _list(self, shape: ListShape, value: object, name: str) -> object:
        if not isinstance(value, list):
            return self.refuse(name, "expected a list")
        if len(value) > shape.most:
            return self.refuse(name, f"at most {shape.most} can be given")
        found = [self.value(shape.item, item, f"{name}[{place}]") for place, item in enumerate(value)]
        return NOTHING if NOTHING in found else tuple(found)

    def _number(self, shape: NumberShape, value: float, name: str) -> object:
        if not shape.least <= value <= shape.most or not math.isfinite(value):
            return self.refuse(name, f"expected a number from {shape.least} to {shape.most}")
        return value

    def _text(self, shape: Shape, text: str, name: str) -> object:
        if isinstance(shape, WordShape):
            word = shape.words.get(text)
            return word or self.refuse(
                name, f"{quoted(text)} is not known", f"expected one of {', '.join(shape.words)}"
            )
        if isinstance(shape, MomentShape):
            moment = _moment(text)
            return moment or self.refuse(
                name, f"{quoted(text)} is no time", "expected something like 2026-11-25T16:30:00Z"
            )
        if not isinstance(shape, TextShape):
            return self.refuse(name, "this cannot be given")
        if len(text) > shape.longest:
            return self.refuse(name, f"at most {shape.longest} characters fit here")
        if _UNKEEPABLE.search(text):
            return self.refuse(name, "this holds a character that is none")
        return Secret(text) if shape.is_secret else self._read(shape, text, name)

    def _read(self, shape: TextShape, text: str, name: str) -> object:
        if shape.reads is None:
            return text
        try:
            return shape.reads(text)
        except InvalidInput as error:
            return self.refuse(name, error.message, error.hint)


def _moment(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment <= _LATEST else None


def _below(name: str, field: str) -> str:
    return f"{name}.{field}" if name else field
