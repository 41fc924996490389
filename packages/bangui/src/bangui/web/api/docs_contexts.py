"""What the template of the documentation sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bangui.web.contexts import Frame


@dataclass(frozen=True, slots=True)
class DocField:
    """A parameter or a field: `kind` says what its value may be."""

    name: str
    kind: str
    text: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class DocOperation:
    """One operation. Examples are JSON in lines, or the beginning of a file; empty where there is nothing."""

    name: str
    method: str
    path: str
    summary: str
    text: str
    scope: str
    parameters: tuple[DocField, ...]
    body: tuple[DocField, ...]
    body_example: str
    status: int
    answer: str
    answer_example: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocGroup:
    """Operations about one subject."""

    name: str
    anchor: str
    operations: tuple[DocOperation, ...]


@dataclass(frozen=True, slots=True)
class DocProblem:
    """A kind of problem."""

    code: str
    status: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DocsView:
    """Everything that is said; `base` is the path below which all of it is."""

    base: str
    document: str
    groups: tuple[DocGroup, ...]
    problems: tuple[DocProblem, ...]


@dataclass(frozen=True, slots=True)
class DocsPage:
    """The page of the documentation."""

    template: ClassVar[str] = "api_docs.html"

    frame: Frame
    view: DocsView
