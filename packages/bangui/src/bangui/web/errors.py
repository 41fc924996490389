"""Errors as HTTP answers: one table for the domain's errors, one class for the web's own.

A page of an error says what happened and what to do. It never shows what only the log should know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bangui.domain.access_errors import AccessUnavailable, AccountRefused, TooBusy, UnknownUser
from bangui.domain.errors import BanGUIError, DaemonAway, DangerousBan, InvalidInput, OperationRefused, UnknownJail
from bangui.domain.history_ports import StoreError
from bangui.domain.phrases import phrase
from bangui.web.words import sentence

# Looked up along the class hierarchy, so that a new subclass answers like its parent until it has its own line.
ANSWER_TO_DOMAIN_ERROR: Mapping[type[BanGUIError], tuple[int, str]] = MappingProxyType(
    {
        InvalidInput: (422, phrase("That cannot be right")),
        UnknownJail: (404, phrase("No such jail")),
        OperationRefused: (409, phrase("fail2ban refused")),
        DangerousBan: (409, phrase("Not banned")),
        DaemonAway: (503, phrase("fail2ban is away")),
        UnknownUser: (404, phrase("No such user")),
        AccountRefused: (409, phrase("Not done")),
        AccessUnavailable: (503, phrase("Nobody can be let in now")),
        TooBusy: (503, phrase("Too busy")),
        StoreError: (503, phrase("The history cannot be read")),
        BanGUIError: (500, phrase("Something went wrong")),
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as the person in front of the browser reads it."""

    status: int
    title: str
    text: str
    hint: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=())


class WebError(Exception):
    """Ends a request with a problem that is the web's own matter: a wrong address, host, method or role."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


class WebConfigurationError(Exception):
    """The application is put together wrongly; it does not start."""


NOT_FOUND = Problem(
    404, phrase("Not found"), phrase("There is no page at this address."), phrase("The link may be old, or mistyped.")
)
NOT_POSSIBLE = Problem(405, phrase("Not possible here"), phrase("Nothing at this address takes such a request."))
UNEXPECTED = Problem(
    500,
    phrase("Something went wrong"),
    phrase("BanGUI failed while it made this page. fail2ban itself is not affected."),
    phrase("Reload the page. If it fails again, the log of BanGUI says why."),
)


def problem_of(error: BanGUIError) -> Problem:
    """Return the answer to a domain error."""
    for kind in type(error).__mro__:
        if issubclass(kind, BanGUIError) and kind in ANSWER_TO_DOMAIN_ERROR:
            status, title = ANSWER_TO_DOMAIN_ERROR[kind]
            return Problem(status, title, sentence(error.message), sentence(error.hint))
    return UNEXPECTED
