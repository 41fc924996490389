"""The OpenAPI document of a table of operations."""

from __future__ import annotations

from collections.abc import Iterable

from bangui.web.api.operations import BASE_PATH, JSON, Nothing, Operation
from bangui.web.api.problems import KINDS, MEDIA_TYPE, ProblemDetails
from bangui.web.api.schemas import Schema, Schemas, example_of
from bangui.web.api.shapes import ListShape, MaybeShape, Member, record_shape
from bangui.web.api.writing import value_of

IDEMPOTENCY_KEY = "Idempotency-Key"
LONGEST_KEY = 255
_ANY_REQUEST = ("unauthorized", "forbidden", "method-not-allowed", "target-too-long", "unknown-host", "too-large")
_ANY_ANSWER = ("invalid", "too-many-requests", "unavailable", "too-slow")
_ANY_BODY = ("malformed", "not-json")
_ANY_CHANGE = ("in-progress", "key-reused", "answered")
_LIMIT_HEADERS = {
    "RateLimit-Limit": "How many requests a caller may send at once.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until all of them are there again.",
}
_INTRODUCTION = (
    "Everything that the pages of BanGUI can do, for programs. Show an API token as `Authorization: Bearer bgt_...`; "
    "its scopes say what it may do. Lists come as `items` and `next`: send `next` as `after` with the same parameters "
    "to get the rest. Times are RFC 3339. Errors are `application/problem+json`."
)
_IN_A_SESSION = (
    "The session of somebody who is logged in. Changes of bans and of the configuration need its token in "
    "`X-CSRF-Token` as well; accounts, sessions and tokens are not changed in one."
)


def build_document(operations: Iterable[Operation], *, version: str, base: str = "") -> Schema:
    """Return the document in JSON's own types; `base` is the path of a reverse proxy before ours."""
    schemas = Schemas()
    paths: dict[str, Schema] = {}
    tags: dict[str, Schema] = {}
    for operation in operations:
        tags.setdefault(operation.tag, {"name": operation.tag})
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    schemas.of_record(record_shape(ProblemDetails), is_sent=False)
    return {
        "openapi": "3.1.0",
        "info": {"title": "BanGUI", "version": version, "summary": "fail2ban's console", "description": _INTRODUCTION},
        "servers": [{"url": f"{base}{BASE_PATH}"}],
        "security": [{"token": []}, {"session": []}],
        "tags": list(tags.values()),
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.named.items())),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An API token, as `bgt_...`."},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "bangui_session",
                    "description": _IN_A_SESSION,
                },
            },
        },
    }


def problems_of(operation: Operation) -> tuple[str, ...]:
    """Return the codes of all problems that an operation may end with."""
    codes = [*_ANY_REQUEST, *_ANY_ANSWER, *operation.problems]
    if operation.has_body:
        codes += _ANY_BODY
    if operation.changes:
        codes += _ANY_CHANGE
    return tuple(code for code in KINDS if code in codes)


def body_example(operation: Operation) -> object:
    """Return what a program may send."""
    return operation.example or example_of(record_shape(operation.takes))


def _operation(operation: Operation, schemas: Schemas) -> Schema:
    described: Schema = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": _text(operation),
        "parameters": _parameters(operation, schemas),
        "responses": {**_success(operation, schemas), **_failures(operation)},
    }
    if operation.has_body:
        schema = schemas.of_record(record_shape(operation.takes), is_sent=True)
        content = {JSON: {"schema": schema, "example": body_example(operation)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _text(operation: Operation) -> str:
    needs = f"Needs the scope `{operation.needs.value}`."
    return f"{operation.text} {needs}" if operation.text else needs


def _parameters(operation: Operation, schemas: Schemas) -> list[Schema]:
    members = record_shape(operation.asks).members
    parameters = [_parameter(member, schemas, in_path=f"{{{member.name}}}" in operation.path) for member in members]
    if operation.changes:
        parameters.append(
            {
                "name": IDEMPOTENCY_KEY,
                "in": "header",
                "description": (
                    "A text that no other change has, such as a UUID. A change that comes again with its key within a "
                    "day is not made again: it gets the answer of the first one."
                ),
                "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
                "example": "3f0c5a52-6f0e-4f0b-9a6e-6b7c0a0d8c11",
            }
        )
    return parameters


def _parameter(member: Member, schemas: Schemas, *, in_path: bool) -> Schema:
    shape = member.shape.inner if isinstance(member.shape, MaybeShape) else member.shape
    schema = schemas.of_shape(shape, is_sent=True)
    if not in_path and not member.is_required and member.default not in {None, ()}:
        schema = {**schema, "default": value_of(member.default)}
    described: Schema = {
        "name": member.name,
        "in": "path" if in_path else "query",
        "required": in_path or member.is_required,
        "description": member.about.text,
        "schema": schema,
        "example": example_of(shape, member.about),
    }
    if isinstance(shape, ListShape):
        described |= {"style": "form", "explode": True}
    return described


def _success(operation: Operation, schemas: Schemas) -> Schema:
    headers: Schema = {name: _header(text, "integer") for name, text in _LIMIT_HEADERS.items()}
    file = operation.file
    if file is not None:
        headers |= {name: _header(text, "string") for name, text in file.headers.items()}
        content: Schema = {media: {"schema": {"type": "string"}, "example": text} for media, text in file.media.items()}
        answers: Schema = {"200": {"description": "The file.", "headers": headers, "content": content}}
        if file.may_be_unchanged:
            answers["304"] = {"description": "It is what the program has already.", "headers": headers}
        return answers
    if operation.gives is Nothing:
        return {str(operation.status): {"description": "Done.", "headers": headers}}
    shape = record_shape(operation.gives)
    described: Schema = {JSON: {"schema": schemas.of_record(shape, is_sent=False), "example": example_of(shape)}}
    return {str(operation.status): {"description": shape.text, "headers": headers, "content": described}}


def _header(text: str, kind: str) -> Schema:
    return {"description": text, "schema": {"type": kind}}


def _failures(operation: Operation) -> Schema:
    by_status: dict[int, list[str]] = {}
    for code in problems_of(operation):
        by_status.setdefault(KINDS[code].status, []).append(code)
    schema: Schema = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
    return {
        str(status): {
            "description": " ".join(f"`{code}`: {KINDS[code].text}" for code in codes),
            "content": {MEDIA_TYPE: {**schema, "example": _problem_example(codes[0])}},
        }
        for status, codes in sorted(by_status.items())
    }


def _problem_example(code: str) -> object:
    kind = KINDS[code]
    example = example_of(record_shape(ProblemDetails))
    if code == "invalid" or not isinstance(example, dict):
        return example
    told = {"type": f"{BASE_PATH}/docs#{code}", "code": code, "title": kind.title, "status": kind.status}
    return example | told | {"detail": kind.text, "hint": None, "errors": []}
