"""What dataclasses say about values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest

from bangui.domain.accounts import Role, Via
from bangui.domain.history import EventKind
from bangui.web.api.shapes import About, ListShape, MaybeShape, TextShape, record_shape, shape_of, word_of


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing."""

    name: Annotated[str, About("What it is called.", longest=3)]
    others: Annotated[tuple[str, ...] | None, About(most=2)] = None


def test_a_dataclass_says_its_fields_with_what_is_about_them() -> None:
    shape = record_shape(Thing)
    name, others = shape.members
    assert (shape.name, shape.text) == ("Thing", "A thing.")
    assert (name.shape, name.is_required, name.about.text) == (TextShape(3), True, "What it is called.")
    assert (others.shape, others.is_required, others.default) == (MaybeShape(ListShape(TextShape(), 2)), False, None)


def test_values_of_enums_are_words() -> None:
    assert [word_of(value) for value in (EventKind.ALREADY_BANNED, Via.API, Role.ADMIN)] == [
        "already-banned",
        "api-token",
        "admin",
    ]


@pytest.mark.parametrize("hint", [int | str, object, bytes, list[str]])
def test_what_cannot_be_told_to_a_program_is_noticed(hint: object) -> None:
    with pytest.raises(TypeError):
        shape_of(hint)


def test_only_dataclasses_are_records() -> None:
    with pytest.raises(TypeError, match="str is no dataclass"):
        record_shape(str)
