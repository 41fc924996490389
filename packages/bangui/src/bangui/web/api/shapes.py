"""What values look like, read once from the types of dataclasses: the one source of parsers, encoders and schemas.

A dataclass says what a request or an answer holds, `About` what types cannot say of a field: what it means, an example,
its bounds. From the same shape `reading` makes a parser, `writing` an encoder and `schemas` a JSON Schema, so none of
them can say anything else than the others.

What can be told: text, whole and other numbers, true and false, moments, secrets, words (an `Enum`), lists (`tuple`),
tables by name (`Mapping`), dataclasses, each of them `| None`; and anything that `About.reads` makes of a text.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Final, Union, cast, get_args, get_origin, get_type_hints

from bangui.domain.secret import Secret

LONGEST_TEXT = 500
"""Characters of a text that says nothing else: as many as the history keeps of an id."""
MOST_ITEMS = 1_000
"""Entries of a list that says nothing else."""
LARGEST_NUMBER = (1 << 53) - 1
"""The largest whole number that every program reads exactly."""


class _Nothing(Enum):
    NOTHING = "nothing"


NOTHING: Final = _Nothing.NOTHING
"""Where a value is missing, since None is one."""


@dataclass(frozen=True, slots=True)
class About:
    """What the type of a field does not say.

    `longest` counts characters of a text; `least` and `most` bound a number, `most` also the entries of a list. `reads`
    makes a value of a text, and raises `InvalidInput` where it cannot.
    """

    text: str = ""
    example: object = NOTHING
    longest: int = LONGEST_TEXT
    least: int = 0
    most: int | None = None
    reads: Callable[[str], object] | None = None


@dataclass(frozen=True, slots=True)
class TextShape:
    """A text; `reads` makes something else of it."""

    longest: int = LONGEST_TEXT
    is_secret: bool = False
    reads: Callable[[str], object] | None = None


@dataclass(frozen=True, slots=True)
class NumberShape:
    """A number within bounds."""

    least: int = 0
    most: int = LARGEST_NUMBER
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class FlagShape:
    """True or false."""


@dataclass(frozen=True, slots=True)
class MomentShape:
    """A time as RFC 3339 writes it."""


@dataclass(frozen=True, slots=True)
class WordShape:
    """One of a few words."""

    words: Mapping[str, Enum]


@dataclass(frozen=True, slots=True)
class ListShape:
    """Entries that are alike."""

    item: Shape
    most: int = MOST_ITEMS


@dataclass(frozen=True, slots=True)
class TableShape:
    """Entries that are alike, by their names."""

    item: Shape


@dataclass(frozen=True, slots=True)
class MaybeShape:
    """Something or null."""

    inner: Shape


@dataclass(frozen=True, slots=True)
class Member:
    """One field of a record."""

    name: str
    shape: Shape
    about: About
    default: object = NOTHING

    @property
    def is_required(self) -> bool:
        """Whether it must be given."""
        return self.default is NOTHING


@dataclass(frozen=True, slots=True)
class RecordShape:
    """A dataclass: its name, what it says about itself, and its fields."""

    kind: type[object]
    text: str
    members: tuple[Member, ...]

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.kind.__name__


Shape = (
    TextShape | NumberShape | FlagShape | MomentShape | WordShape | ListShape | TableShape | MaybeShape | RecordShape
)

_PLAIN_ABOUT = About()


def word_of(value: Enum) -> str:
    """Return a value of an `Enum` as one word: `already-banned`, and the name of one that has numbers."""
    return (value.value if isinstance(value.value, str) else value.name.lower()).replace(" ", "-")


def record_shape(kind: type[object]) -> RecordShape:
    """Return the shape of a dataclass; raises `TypeError` for what cannot be told to a program."""
    return _record_shape(cast("Hashable", kind))


@cache
def _record_shape(hashable: Hashable) -> RecordShape:
    kind = cast("type[object]", hashable)
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is no dataclass")
    hints = get_type_hints(kind, include_extras=True)
    members = []
    for field in fields(kind):
        about = _about(hints[field.name])
        default = NOTHING if field.default is MISSING else field.default
        members.append(Member(field.name, shape_of(hints[field.name]), about, default))
    return RecordShape(kind, (kind.__doc__ or "").strip(), tuple(members))


def shape_of(hint: object, about: About = _PLAIN_ABOUT) -> Shape:
    """Return the shape of a type, as an annotation has it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return shape_of(arguments[0], _about(hint))
    if origin in {Union, UnionType}:
        inner = [argument for argument in arguments if argument is not NoneType]
        if len(inner) != 1 or len(arguments) != 2:
            raise TypeError(f"{hint} is one of several types")
        return MaybeShape(shape_of(inner[0], about))
    if origin is tuple:
        return ListShape(shape_of(arguments[0]), MOST_ITEMS if about.most is None else about.most)
    if origin is Mapping:
        return TableShape(shape_of(arguments[1]))
    return _plain_shape(hint, about)


def _plain_shape(hint: object, about: About) -> Shape:
    if about.reads is not None or hint is str:
        return TextShape(about.longest, reads=about.reads)
    if hint is Secret:
        return TextShape(about.longest, is_secret=True)
    if hint is bool:
        return FlagShape()
    if hint is int or hint is float:
        return NumberShape(about.least, LARGEST_NUMBER if about.most is None else about.most, hint is int)
    if hint is datetime:
        return MomentShape()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return WordShape(MappingProxyType({word_of(value): value for value in hint}))
    if isinstance(hint, type) and is_dataclass(hint):
        return record_shape(hint)
    raise TypeError(f"{hint} cannot be told to a program")


def _about(hint: object) -> About:
    found = [one for one in get_args(hint)[1:] if isinstance(one, About)] if get_origin(hint) is Annotated else []
    return found[0] if found else _PLAIN_ABOUT
