"""Schemas and examples of shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import pytest

from bangui.domain.accounts import Role
from bangui.domain.secret import Secret
from bangui.web.api.schemas import Schemas, example_of
from bangui.web.api.shapes import About, record_shape


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf."""

    word: Role


@dataclass(frozen=True, slots=True)
class Tree:
    name: Annotated[str, About("What it is called.", "oak", longest=9)]
    leaves: Annotated[tuple[Leaf, ...], About(most=3)]
    best: Leaf | None
    planted: datetime
    counts: Annotated[Mapping[str, int], About(example={"spring": 2})]
    height: Annotated[int, About(least=1, most=100)] = 10
    password: Secret | None = None


def test_what_is_sent_is_closed_and_bounded() -> None:
    schemas = Schemas()
    assert schemas.of_record(record_shape(Tree), is_sent=True) == {"$ref": "#/components/schemas/Tree"}
    tree = schemas.named["Tree"]
    assert (tree["additionalProperties"], tree["required"]) == (False, ["name", "leaves", "best", "planted", "counts"])
    assert tree["properties"] == {
        "name": {"type": "string", "maxLength": 9, "description": "What it is called.", "examples": ["oak"]},
        "leaves": {"type": "array", "items": {"$ref": "#/components/schemas/Leaf"}, "maxItems": 3},
        "best": {"anyOf": [{"$ref": "#/components/schemas/Leaf"}, {"type": "null"}]},
        "planted": {"type": "string", "format": "date-time"},
        "counts": {
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 0},
            "examples": [{"spring": 2}],
        },
        "height": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
        "password": {"type": ["string", "null"], "format": "password", "maxLength": 500},
    }
    assert schemas.named["Leaf"]["description"] == "A leaf."


def test_what_is_told_is_open_and_whole() -> None:
    schemas = Schemas()
    schemas.of_record(record_shape(Tree), is_sent=False)
    tree = schemas.named["Tree"]
    assert "additionalProperties" not in tree
    assert tree["required"] == ["name", "leaves", "best", "planted", "counts", "height", "password"]


def test_two_classes_of_one_name_are_noticed() -> None:
    @dataclass(frozen=True, slots=True)
    class Leaf:
        other: int

    schemas = Schemas()
    schemas.of_record(record_shape(Tree), is_sent=False)
    with pytest.raises(TypeError, match="two classes are called Leaf"):
        schemas.of_record(record_shape(Leaf), is_sent=False)


def test_an_example_is_put_together_of_those_of_the_fields() -> None:
    assert example_of(record_shape(Tree)) == {
        "name": "oak",
        "leaves": [{"word": "viewer"}],
        "best": None,
        "planted": "2026-11-25T16:30:00Z",
        "counts": {"spring": 2},
        "height": 1,
        "password": None,
    }
