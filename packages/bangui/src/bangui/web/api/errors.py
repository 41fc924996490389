"""Answer, as programs read it, what was noticed before an operation was asked: wrong tokens, hosts, methods, paths.

Strangers are counted by their addresses here: whoever shows nothing that is good gets so many refusals, and is told to
wait after that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from bangui.web.access import known_caller
from bangui.web.api.operations import BASE_PATH
from bangui.web.api.problems import DOCS_PATH, answer_to, answer_to_problem
from bangui.web.api.rate_limits import RateLimits
from bangui.web.api.serving import too_many_requests
from bangui.web.errors import Problem

STRANGER_RATE = 1.0
STRANGER_BURST = 60


def is_api_path(path: str) -> bool:
    """Whether a path belongs to the interface for programs, whose errors are no pages; its documentation is one."""
    return path == BASE_PATH or (path.startswith(f"{BASE_PATH}/") and path != DOCS_PATH)


class ApiErrors:
    """Answers problems; `base` is the path of a reverse proxy before ours, `routes` are all there are."""

    def __init__(self, base: str, routes: Sequence[Route] = (), clock: Callable[[], float] = monotonic) -> None:
        self._base = base
        self._routes = routes
        self._strangers = RateLimits(rate=STRANGER_RATE, burst=STRANGER_BURST, clock=clock)

    def answer(self, request: Request, problem: Problem) -> Response:
        """Return the answer to a problem."""
        if problem.status == 405:
            return answer_to_problem(replace(problem, headers=(("Allow", self._allowed(request)),)), self._base)
        if problem.status != 401:
            return answer_to_problem(problem, self._base)
        caller = known_caller(request)
        allowance = self._strangers.charge(str(caller.visitor.address) if caller else "")
        if not allowance.wait:
            return answer_to_problem(problem, self._base)
        response = answer_to(too_many_requests(allowance), self._base)
        response.headers.update(allowance.headers)
        return response

    def _allowed(self, request: Request) -> str:
        """Return the methods that the address of a request takes: each is a route of its own."""
        found = [route for route in self._routes if route.matches(request.scope)[0] is not Match.NONE]
        return ", ".join(sorted(method for route in found for method in route.methods or ()))
