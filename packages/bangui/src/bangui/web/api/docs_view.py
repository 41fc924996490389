"""Make the page of the documentation of the same table that the routes and the OpenAPI document are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bangui.web.api.docs_contexts import DocField, DocGroup, DocOperation, DocProblem, DocsView
from bangui.web.api.document import body_example, problems_of
from bangui.web.api.operations import BASE_PATH, Nothing, Operation
from bangui.web.api.problems import KINDS
from bangui.web.api.schemas import example_of
from bangui.web.api.shapes import (
    LARGEST_NUMBER,
    FlagShape,
    ListShape,
    MaybeShape,
    MomentShape,
    NumberShape,
    RecordShape,
    Shape,
    TableShape,
    TextShape,
    WordShape,
    record_shape,
)

_SIMPLE = {FlagShape: "true or false", MomentShape: "time", TextShape: "text"}


def build_docs(operations: Iterable[Operation], *, base: str) -> DocsView:
    """Return what the page says; `base` is the path of a reverse proxy before ours."""
    groups: dict[str, list[DocOperation]] = {}
    for operation in operations:
        groups.setdefault(operation.tag, []).append(_operation(operation))
    return DocsView(
        f"{base}{BASE_PATH}",
        f"{BASE_PATH}/openapi.json",
        tuple(DocGroup(tag, f"about-{_anchor(tag)}", tuple(found)) for tag, found in groups.items()),
        tuple(DocProblem(kind.code, kind.status, kind.title, kind.text) for kind in KINDS.values()),
    )


def kind_words(shape: Shape) -> str:
    """Return what a value may be, in a few words."""
    match shape:
        case MaybeShape(inner):
            return f"{kind_words(inner)} or null"
        case ListShape(item):
            return f"list of: {kind_words(item)}"
        case TableShape(item):
            return f"by name: {kind_words(item)}"
        case RecordShape(kind):
            return kind.__name__
        case WordShape(words):
            return " | ".join(words)
        case NumberShape(least, most):
            return f"number, {least} to {most}" if most < LARGEST_NUMBER else "number"
    return _SIMPLE[type(shape)]


def _operation(operation: Operation) -> DocOperation:
    has_answer = operation.file is None and operation.gives is not Nothing
    answer = record_shape(operation.gives) if has_answer else None
    return DocOperation(
        operation.name,
        operation.method,
        operation.path,
        operation.summary,
        operation.text,
        operation.needs.value,
        _fields(record_shape(operation.asks), ""),
        _fields(record_shape(operation.takes), "") if operation.has_body else (),
        _json(body_example(operation)) if operation.has_body else "",
        operation.status,
        answer.text if answer else "",
        _json(example_of(answer)) if answer else _file_example(operation),
        problems_of(operation),
    )


def _fields(shape: RecordShape, before: str) -> tuple[DocField, ...]:
    """Return the fields of a record, each followed by those of the records in it."""
    found: list[DocField] = []
    for member in shape.members:
        name = f"{before}{member.name}"
        found.append(DocField(name, kind_words(member.shape), member.about.text, member.is_required))
        inner, mark = _within(member.shape)
        if isinstance(inner, RecordShape):
            found += _fields(inner, f"{name}{mark}.")
    return tuple(found)


def _within(shape: Shape) -> tuple[Shape, str]:
    if isinstance(shape, MaybeShape):
        return _within(shape.inner)
    return (shape.item, "[]") if isinstance(shape, ListShape) else (shape, "")


def _json(value: object) -> str:
    return json.dumps(value, indent=2)


def _file_example(operation: Operation) -> str:
    return "\n".join(operation.file.media.values()).replace("\r\n", "\n") if operation.file else ""


def _anchor(tag: str) -> str:
    return tag.lower().replace(" ", "-")
