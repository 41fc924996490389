"""One thing that a program can ask for: the line of the table that its route and its documentation are made of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from starlette.requests import Request

from bangui.domain.accounts import Scope
from bangui.web.access import Caller

BASE_PATH = "/api/v1"
JSON = "application/json"
READING = frozenset({"GET", "HEAD"})

P = TypeVar("P")
B = TypeVar("B")
A = TypeVar("A")


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


@dataclass(frozen=True, slots=True)
class Operation(Generic[P, B, A]):
    """An operation. `answer` answers with `gives`, or with a response of its own where `file` says what that is.

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
    asks: type[P]
    takes: type[B]
    gives: type[A]
    answer: Callable[[Call[P, B]], Awaitable[A]]
    text: str = ""
    status: int = 200
    problems: tuple[str, ...] = ()
    file: FileAnswer | None = None
    is_secret: bool = False
    example: dict[str, object] | None = None

    @property
    def changes(self) -> bool:
        """Whether it is more than a question."""
        return self.method not in READING

    @property
    def has_body(self) -> bool:
        """Whether something is sent with it."""
        return self.takes is not Nothing


# What a table of different operations holds.
AnyOperation = Operation[Any, Any, Any]
