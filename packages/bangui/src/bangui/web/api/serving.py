"""Serve an operation: limits, parameters, body, idempotency key, then the operation itself, and its answer as JSON.

Every error ends as a problem that the document names for the operation. What a key protects is the operation alone:
requests that cannot be read are answered anew each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response

from bangui.domain.errors import BanGUIError
from bangui.domain.kept_answers import LONGEST_KEPT, KeptAnswer, KeyedRequest, Standing
from bangui.services.kept_answers import KeptAnswers, keyed_request
from bangui.web.access import Caller, caller_of
from bangui.web.api.bodies import parse_json, read_json, read_nothing
from bangui.web.api.document import IDEMPOTENCY_KEY, LONGEST_KEY
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.operations import JSON, Call, Nothing, Operation
from bangui.web.api.problems import ApiError, answer_to, answer_to_problem
from bangui.web.api.rate_limits import Allowance, RateLimits
from bangui.web.api.reading import read_body, read_parameters
from bangui.web.api.writing import json_text, value_of
from bangui.web.errors import WebError
from bangui.web.gate import Endpoint
from bangui.web.settings import WebSettings

RATE = 20.0
"""Requests a second that a token may send for long; enough for any program that waits for its answers."""
BURST = 200
_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")


class Server:
    """Serves operations. `answers` is None where nothing can be kept; keys are refused then."""

    def __init__(
        self,
        settings: WebSettings,
        now: Callable[[], datetime],
        answers: KeptAnswers | None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._settings = settings
        self._now = now
        self._answers = answers
        self._limits = RateLimits(rate=RATE, burst=BURST, clock=clock)

    def endpoint(self, operation: Operation) -> Endpoint:
        """Return what answers requests for an operation."""

        async def endpoint(request: Request) -> Response:
            caller = caller_of(request)
            allowance = self._limits.charge(_name_of(caller))
            response = await self._told(operation, request, caller, allowance)
            response.headers.update(allowance.headers)
            return response

        return endpoint

    async def _told(self, operation: Operation, request: Request, caller: Caller, allowance: Allowance) -> Response:
        """Return the answer, whatever it is; only what nobody expects is raised."""
        base = self._settings.base_path
        try:
            if allowance.wait:
                raise too_many_requests(allowance)
            return await self._serve(operation, request, caller)
        except (WrongRequest, ApiError, BanGUIError) as error:
            return answer_to(error, base)
        except WebError as error:
            return answer_to_problem(error.problem, base)

    async def _serve(self, operation: Operation, request: Request, caller: Caller) -> Response:
        seconds = self._settings.body_seconds
        raw = await (read_json if operation.has_body else read_nothing)(request, seconds)
        asked = read_parameters(operation.asks, request.path_params, request.query_params.multi_items())
        body = read_body(operation.takes, parse_json(raw)) if operation.has_body else Nothing()
        call = Call(asked, body, caller, self._now(), request)
        key = _key_of(request) if operation.changes else None
        if key is None:
            return await _answer(operation, call)
        if self._answers is None:
            raise ApiError("unavailable", "No answers can be kept here.", f"Leave out {IDEMPOTENCY_KEY}.")
        content = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + raw
        return await self._once(self._answers, keyed_request(_name_of(caller), key, content), operation, call)

    async def _once(
        self, answers: KeptAnswers, keyed: KeyedRequest, operation: Operation, call: Call[object, object]
    ) -> Response:
        """Answer a request whose key says that it is to be done once."""
        state = await answers.begin(keyed)
        if state.standing is not Standing.NEW:
            return _known(state.standing, state.answer)
        try:
            response = await self._tried(operation, call)
        except BaseException:
            await answers.forget(keyed)
            raise
        if response.status_code >= 500:
            await answers.forget(keyed)
        else:
            is_secret = operation.is_secret and response.status_code < 300
            body = None if is_secret or len(response.body) > LONGEST_KEPT else bytes(response.body).decode()
            await answers.keep(keyed, KeptAnswer(response.status_code, body))
        return response

    async def _tried(self, operation: Operation, call: Call[object, object]) -> Response:
        try:
            return await _answer(operation, call)
        except (WrongRequest, ApiError, BanGUIError) as error:
            return answer_to(error, self._settings.base_path)


def too_many_requests(allowance: Allowance) -> ApiError:
    """Return what is said to a caller who has sent too many requests."""
    hint = f"The next one is answered in {allowance.wait} s."
    return ApiError("too-many-requests", "You have sent more requests than are answered.", hint)


def _name_of(caller: Caller) -> str:
    """Return whose requests are counted together, and who may use a key again."""
    principal = caller.principal
    if principal is None:
        return f"address {caller.visitor.address}"
    return f"token {principal.token.id}" if principal.token else f"user {principal.user.id}"


async def _answer(operation: Operation, call: Call[object, object]) -> Response:
    answer = await operation.answer(call)
    if isinstance(answer, Response):
        return answer
    if operation.gives is Nothing:
        return Response(status_code=operation.status)
    return Response(json_text(value_of(answer)), operation.status, media_type=JSON)


def _key_of(request: Request) -> str | None:
    keys = request.headers.getlist(IDEMPOTENCY_KEY)
    if not keys:
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        detail = f"expected one text of 1 to {LONGEST_KEY} characters without blanks"
        raise WrongRequest([Mistake("header", IDEMPOTENCY_KEY, detail, "a UUID is a good one")])
    return keys[0]


def _known(standing: Standing, answer: KeptAnswer | None) -> Response:
    if standing is Standing.OTHER:
        raise ApiError("key-reused", "This idempotency key came with another request before.", "Take a new key.")
    if answer is None:
        raise ApiError("in-progress", "A request with this key is being worked on.", "Ask again in a moment.")
    if answer.body is None:
        detail = "This was done already. Its answer was not kept: a secret is told once, and very long ones not again."
        raise ApiError("answered", detail, "Look at what there is now; where it was a secret, make another one.")
    is_problem = answer.status >= 400
    media = "application/problem+json" if is_problem else JSON
    headers = {"Idempotency-Replayed": "true"}
    return Response(answer.body, answer.status, headers, media if answer.body else None)
