"""JSON Schema (2020-12, as OpenAPI 3.1 has it) and examples, made of shapes.

Dataclasses become named parts of the document. What a program sends is closed (no other fields), what it gets is open:
fields may be added to an answer, never to the meaning of one.
"""

from __future__ import annotations

from collections.abc import Mapping

from bangui.domain.secret import Secret
from bangui.web.api.shapes import (
    LARGEST_NUMBER,
    NOTHING,
    About,
    FlagShape,
    ListShape,
    MaybeShape,
    Member,
    MomentShape,
    NumberShape,
    RecordShape,
    Shape,
    TableShape,
    TextShape,
    WordShape,
)
from bangui.web.api.writing import value_of

Schema = dict[str, object]

_EXAMPLE_MOMENT = "2026-11-25T16:30:00Z"


class Schemas:
    """The named parts of one document, collected as they are needed."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}
        self._kinds: dict[str, type[object]] = {}

    def of_record(self, shape: RecordShape, *, is_sent: bool) -> Schema:
        """Return a reference to the schema of a dataclass; `is_sent` is what programs send."""
        known = self._kinds.setdefault(shape.name, shape.kind)
        if known is not shape.kind:
            raise TypeError(f"two classes are called {shape.name}")
        if shape.name not in self.named:
            self.named[shape.name] = {}
            self.named[shape.name] = self._record(shape, is_sent=is_sent)
        return {"$ref": f"#/components/schemas/{shape.name}"}

    def _record(self, shape: RecordShape, *, is_sent: bool) -> Schema:
        schema: Schema = {"type": "object"}
        if shape.text:
            schema["description"] = shape.text
        schema["properties"] = {member.name: self.of_member(member, is_sent=is_sent) for member in shape.members}
        required = [member.name for member in shape.members if member.is_required or not is_sent]
        if required:
            schema["required"] = required
        if is_sent:
            schema["additionalProperties"] = False
        return schema

    def of_member(self, member: Member, *, is_sent: bool) -> Schema:
        """Return the schema of a field, with what is said about it."""
        schema = self.of_shape(member.shape, is_sent=is_sent)
        if member.about.text:
            schema["description"] = member.about.text
        if is_sent and not member.is_required and member.default is not None:
            schema["default"] = value_of(member.default)
        if member.about.example is not NOTHING:
            schema["examples"] = [_told(member.about)]
        return schema

    def of_shape(self, shape: Shape, *, is_sent: bool) -> Schema:
        """Return the schema of any value."""
        match shape:
            case RecordShape():
                return self.of_record(shape, is_sent=is_sent)
            case ListShape(item, most):
                bound: Schema = {"maxItems": most} if is_sent else {}
                return {"type": "array", "items": self.of_shape(item, is_sent=is_sent), **bound}
            case TableShape(item):
                return {"type": "object", "additionalProperties": self.of_shape(item, is_sent=is_sent)}
            case MaybeShape(inner):
                return _or_null(self.of_shape(inner, is_sent=is_sent))
            case _:
                return _plain(shape, is_sent=is_sent)


def example_of(shape: Shape, about: About | None = None) -> object:
    """Return an example of a value in JSON's own types, put together of the examples of its fields."""
    if about is not None and about.example is not NOTHING:
        return _told(about)
    match shape:
        case RecordShape():
            return {member.name: example_of(member.shape, member.about) for member in shape.members}
        case ListShape(item):
            return [example_of(item)]
        case TableShape(item):
            return {"name": example_of(item)}
        case MaybeShape():
            return None
        case WordShape(words):
            return next(iter(words))
        case _:
            return _plain_example(shape)


def _plain_example(shape: Shape) -> object:
    match shape:
        case NumberShape(least):
            return max(least, 1)
        case FlagShape():
            return False
        case MomentShape():
            return _EXAMPLE_MOMENT
        case _:
            return "text"


def _told(about: About) -> object:
    example = about.example
    return value_of(example) if isinstance(example, tuple | Secret | Mapping) else example


def _plain(shape: Shape, *, is_sent: bool) -> Schema:
    match shape:
        case NumberShape(least, most, is_whole):
            bounds: Schema = {"minimum": least}
            if is_sent and most < LARGEST_NUMBER:
                bounds["maximum"] = most
            return {"type": "integer" if is_whole else "number", **bounds}
        case FlagShape():
            return {"type": "boolean"}
        case MomentShape():
            return {"type": "string", "format": "date-time"}
        case WordShape(words):
            return {"type": "string", "enum": list(words)}
        case TextShape(longest, is_secret):
            secret: Schema = {"format": "password"} if is_secret else {}
            return {"type": "string", **secret, **({"maxLength": longest} if is_sent else {})}
    raise TypeError(f"{shape} has no schema")


def _or_null(schema: Schema) -> Schema:
    kind = schema.get("type")
    if isinstance(kind, str) and "enum" not in schema:
        return {**schema, "type": [kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
