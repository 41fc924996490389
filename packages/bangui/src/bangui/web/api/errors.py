"""Answer, as programs read it, what was noticed before an operation was asked: wrong tokens, hosts, methods, paths.

Strangers are counted by their addresses here: whoever shows nothing that is good gets so many refusals, and is told to
wait after that.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response

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
    """Answers problems; `base` is the path of a reverse proxy before ours."""

    def __init__(self, base: str, clock: Callable[[], float] = monotonic) -> None:
        self._base = base
        self._strangers = RateLimits(rate=STRANGER_RATE, burst=STRANGER_BURST, clock=clock)

    def answer(self, request: Request, problem: Problem) -> Response:
        """Return the answer to a problem."""
        if problem.status != 401:
            return answer_to_problem(problem, self._base)
        caller = known_caller(request)
        allowance = self._strangers.charge(str(caller.visitor.address) if caller else "")
        if not allowance.wait:
            return answer_to_problem(problem, self._base)
        response = answer_to(too_many_requests(allowance), self._base)
        response.headers.update(allowance.headers)
        return response
