"""Read the body of a request: JSON, of bounded size and depth, with nothing in it twice.

Programs that disagree about what a text means are how one of them is deceived, so what JSON leaves open is refused: a
name that comes twice, numbers that are none, texts in another encoding than UTF-8.
"""

from __future__ import annotations

import json
import re
from math import inf, isfinite

from starlette.requests import Request

from bangui.web.api.mistakes import quoted
from bangui.web.errors import Problem, WebError
from bangui.web.forms import read_body

LARGEST_BODY = 1 << 20
"""Bytes; a thousand ids of the longest kind need half of it."""
DEEPEST = 16
"""Lists and objects within each other; the deepest that means something is 4."""
# A number that no program could mean, and that costs long to read.
_LONGEST_NUMBER = 40
# Strings are skipped, also one without an end; of the rest only what opens and closes counts.
_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.?)*+"?|[\[{]|[\]}]', re.DOTALL)


async def read_json(request: Request, seconds: float) -> bytes:
    """Return the body of a request that says that it is JSON; raises `WebError`."""
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    if media.strip().lower() != "application/json" or not _is_utf_8(parameters):
        raise WebError(_NOT_JSON)
    return await read_body(request, LARGEST_BODY, seconds)


async def read_nothing(request: Request, seconds: float) -> bytes:
    """Raise `WebError` where a request has a body that nobody wants."""
    if await read_body(request, LARGEST_BODY, seconds):
        raise WebError(_NOTHING_WANTED)
    return b""


def parse_json(body: bytes) -> object:
    """Return a body in JSON's own types, or raise `WebError`."""
    _check_depth(body)
    try:
        found: object = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_int=_whole,
            parse_float=_number,
        )
    except UnicodeDecodeError:
        raise WebError(_malformed("it is not written in UTF-8")) from None
    except json.JSONDecodeError as error:
        raise WebError(_malformed(f"{error.msg}, at character {error.pos}")) from None
    return found


def _check_depth(body: bytes) -> None:
    depth = 0
    for found in _BRACKETS.finditer(body):
        sign = found[0][:1]
        depth += 1 if sign in b"[{" else -1 if sign in b"]}" else 0
        if depth > DEEPEST:
            raise WebError(_malformed(f"it is more than {DEEPEST} levels deep"))


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        remaining = dict(pairs)
        twice = next(name for name, _ in pairs if remaining.pop(name, pairs) is pairs)
        raise WebError(_malformed(f"{quoted(twice)} is in it twice"))
    return found


def _refuse_constant(word: str) -> object:
    raise WebError(_malformed(f"{word} is no number"))


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise WebError(_malformed("a number in it is too long"))
    return int(text)


def _number(text: str) -> float:
    number = float(text) if len(text) <= _LONGEST_NUMBER else inf
    if not isfinite(number):
        raise WebError(_malformed("a number in it is too long"))
    return number


def _is_utf_8(parameters: str) -> bool:
    name, _, value = parameters.strip().partition("=")
    return not name or (name.lower() == "charset" and value.strip('"').lower() == "utf-8")


def _malformed(why: str) -> Problem:
    return Problem(400, "Not JSON", f"The body cannot be read: {why}.", "Send one JSON object.")


_NOT_JSON = Problem(
    415,
    "Not JSON",
    "The body of a request is read as JSON alone.",
    "Send it with the header `Content-Type: application/json`.",
)
_NOTHING_WANTED = Problem(413, "Nothing to send here", "This request has a body, and none is wanted.")
