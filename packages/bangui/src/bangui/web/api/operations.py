"""One thing that a program can ask for: the line of the table that its route and its documentation are made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from starlette.requests import Request

from bangui.domain.accounts import Scope
from bangui.web.access import Caller

BASE_PATH = "/api/v1"
JSON = "application/json"
READING = frozenset({"GET", "HEAD"})

P = TypeVar("P")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Nothing:
    """No parameters, no body, no content."""


@dataclass(frozen=True, slots=True)
class Call(Generic[P, B]):
    """One request, read and checked: its parameters, its body, who sends it and when."""

    asked: P
    body: B
    caller: Caller
    now: datetime
    request: Request


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """An answer that is no JSON: its media types, and what they hold."""

    media: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    may_be_unchanged: bool = False


Answering = Callable[[Call[Any, Any]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation.

    What it asks for, takes and gives is read from the annotations of `answer`: the types of `Call`, and what is
    returned. It returns a response of its own where `file` says what that is.

    problems: codes of problems of its own, beside those that any request may end with.
    is_secret: its answer is told once and kept nowhere, not for an idempotency key either.
    example: what is written in an example of its body, where the examples of the fields do not fit together.
    """

    name: str
    method: str
    path: str
    tag: str
    summary: str
    needs: Scope
    answer: Answering
    text: str = ""
    status: int = 200
    problems: tuple[str, ...] = ()
    file: FileAnswer | None = None
    is_secret: bool = False
    example: dict[str, object] | None = None
    asks: type[object] = field(init=False)
    takes: type[object] = field(init=False)
    gives: type[object] = field(init=False)

    def __post_init__(self) -> None:
        hints = get_type_hints(self.answer)
        asks, takes = get_args(hints["call"])
        for name, kind in (("asks", asks), ("takes", takes), ("gives", hints["return"])):
            object.__setattr__(self, name, kind)

    @property
    def changes(self) -> bool:
        """Whether it is more than a question."""
        return self.method not in READING

    @property
    def has_body(self) -> bool:
        """Whether something is sent with it."""
        return self.takes is not Nothing
