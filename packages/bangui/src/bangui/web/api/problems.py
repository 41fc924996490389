"""Errors as programs read them: problem details (RFC 9457), one kind for each thing that a program can do about it.

`code` names the kind in a word that never changes; `type` is where the documentation describes it. Titles and details
are for people, and may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated

from starlette.responses import Response

from bangui.domain.access_errors import AccessUnavailable, AccountRefused, NameTaken, TooBusy, UnknownUser
from bangui.domain.errors import BanGUIError, DaemonAway, DangerousBan, InvalidInput, OperationRefused, UnknownJail
from bangui.domain.history_ports import StoreError
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.shapes import About
from bangui.web.api.writing import json_text, value_of
from bangui.web.errors import Problem, problem_of
from bangui.web.text import visible

MEDIA_TYPE = "application/problem+json"
DOCS_PATH = "/api/v1/docs"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its code, its status, and what it means."""

    code: str
    status: int
    title: str
    text: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            Kind("malformed", 400, "Malformed", "The body is not JSON, or not such that it can be read in one way."),
            Kind("unauthorized", 401, "Not logged in", "No token came with the request, or one that is not good."),
            Kind("forbidden", 403, "Not allowed", "The token lacks the scope that is named, or its owner the role."),
            Kind("wrong-password", 403, "Not right", "The password or the code that shows who asks is wrong."),
            Kind("not-found", 404, "Not found", "There is nothing at this address, or no longer."),
            Kind("unknown-jail", 404, "No such jail", "No jail of this name runs, or ever was in the history."),
            Kind("unknown-user", 404, "No such user", "There is no account of this name."),
            Kind("method-not-allowed", 405, "Not possible here", "`Allow` says which methods this address takes."),
            Kind("too-slow", 408, "Too slow", "The request did not arrive in time."),
            Kind("refused", 409, "Refused", "The daemon, or a rule of BanGUI, said no; `detail` says why."),
            Kind(
                "dangerous",
                409,
                "Not banned",
                "The ban would hit something that must be reached; insist if it is meant.",
            ),
            Kind("exists", 409, "Exists already", "There is something of this name already."),
            Kind("in-progress", 409, "In progress", "A request with this idempotency key is being worked on."),
            Kind("answered", 409, "Done already", "A request with this key was done, and its answer was not kept."),
            Kind("too-large", 413, "Too large", "The body is larger than a request may be, or none is wanted."),
            Kind("target-too-long", 414, "Address too long", "The address is longer than BanGUI accepts."),
            Kind("not-json", 415, "Not JSON", "The body is not sent as `application/json`."),
            Kind("unknown-host", 421, "Unknown host name", "BanGUI was asked under a name that it does not know."),
            Kind(
                "invalid", 422, "That cannot be right", "Fields or parameters are wrong; `errors` names each of them."
            ),
            Kind("key-reused", 422, "Key used before", "The idempotency key came with another request before."),
            Kind("too-many-requests", 429, "Too many requests", "`Retry-After` says when the next one is answered."),
            Kind("unexpected", 500, "Something went wrong", "BanGUI failed; its log says why."),
            Kind("unavailable", 503, "Not now", "BanGUI or its database cannot do this at the moment."),
            Kind("history-away", 503, "No history", "The history cannot be read at the moment, or none is kept."),
            Kind("daemon-away", 503, "fail2ban is away", "The daemon does not answer."),
        )
    }
)

# Looked up along the class hierarchy.
_CODES: Mapping[type[BanGUIError], str] = MappingProxyType(
    {
        InvalidInput: "invalid",
        UnknownJail: "unknown-jail",
        OperationRefused: "refused",
        DangerousBan: "dangerous",
        DaemonAway: "daemon-away",
        UnknownUser: "unknown-user",
        NameTaken: "exists",
        AccountRefused: "refused",
        AccessUnavailable: "unavailable",
        TooBusy: "unavailable",
        StoreError: "history-away",
    }
)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field or parameter."""

    place: Annotated[str, About("Where it is: `path`, `query`, `header` or `body`.", "body")]
    field: Annotated[str, About("Its name, such as `ids[3]`; empty where it is the whole body.", "ids[3]")]
    detail: Annotated[str, About("What is wrong.", "'203.0.113.300' is not an address")]
    hint: Annotated[str | None, About("What would be right.", "expected something like 192.0.2.1")]


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """What went wrong, after RFC 9457."""

    type: Annotated[str, About("Where this kind of problem is documented.", f"{DOCS_PATH}#invalid")]
    code: Annotated[str, About("The kind of problem, in one word that never changes.", "invalid")]
    title: Annotated[str, About("The kind of problem, for people.", "That cannot be right")]
    status: Annotated[int, About("The status of the answer.", 422)]
    detail: Annotated[str, About("What happened.", "One value of the request is wrong.")]
    hint: Annotated[str | None, About("What to do about it.", "Send it again with another value.")]
    errors: Annotated[tuple[FieldProblem, ...], About("What is wrong with single fields; empty where it is none.")]


class ApiError(Exception):
    """Ends a request of a program with a problem of a kind."""

    def __init__(self, code: str, detail: str, hint: str = "", headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.hint = hint
        self.headers = headers


def code_of(error: BanGUIError) -> str:
    """Return the code of a domain error."""
    return next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), "unexpected")


def code_of_status(status: int) -> str:
    """Return the code of a problem of which only the status is known."""
    return next((kind.code for kind in KINDS.values() if kind.status == status), "unexpected")


def answer_to(error: BanGUIError | WrongRequest | ApiError, base: str = "") -> Response:
    """Return the answer to an error."""
    if isinstance(error, WrongRequest):
        count = len(error.mistakes)
        detail = "One value of the request is wrong." if count == 1 else f"{count} values of the request are wrong."
        return _answer(base, "invalid", Problem(422, "", detail, "See `errors`."), error.mistakes)
    if isinstance(error, ApiError):
        return _answer(base, error.code, Problem(0, "", error.detail, error.hint, error.headers))
    told = problem_of(error)
    code = code_of(error)
    # Programs get the status that pages get, also of an error that has no code of its own yet.
    code = code if KINDS[code].status == told.status else code_of_status(told.status)
    return _answer(base, code, replace(told, title=""))


def answer_to_problem(problem: Problem, base: str = "") -> Response:
    """Return the answer to what was noticed before the interface was asked: wrong hosts, methods, tokens."""
    return _answer(base, code_of_status(problem.status), problem)


def _answer(base: str, code: str, problem: Problem, mistakes: Iterable[Mistake] = ()) -> Response:
    kind = KINDS[code]
    details = ProblemDetails(
        f"{base}{DOCS_PATH}#{code}",
        code,
        str(problem.title) or kind.title,
        kind.status,
        visible(str(problem.text)),
        visible(str(problem.hint)) or None,
        tuple(FieldProblem(one.place, one.field, visible(one.detail), visible(one.hint) or None) for one in mistakes),
    )
    return Response(json_text(value_of(details)), kind.status, dict(problem.headers), MEDIA_TYPE)
