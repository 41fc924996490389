"""Problems as programs read them."""

from __future__ import annotations

import json

import pytest

from bangui.domain.access_errors import AccessUnavailable, NameTaken, TooBusy, UnknownUser
from bangui.domain.errors import (
    AwayReason,
    BanGUIError,
    DaemonAway,
    DangerousBan,
    InvalidInput,
    OperationRefused,
    UnknownJail,
)
from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.web.api.mistakes import Mistake, WrongRequest
from bangui.web.api.problems import KINDS, ApiError, answer_to, answer_to_problem, code_of, code_of_status
from bangui.web.errors import Problem, problem_of


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInput("no address"), "invalid"),
        (UnknownJail("sshd"), "unknown-jail"),
        (OperationRefused("no"), "refused"),
        (DangerousBan("yourself"), "dangerous"),
        (DaemonAway("gone", reason=AwayReason.MISSING), "daemon-away"),
        (UnknownUser("ada"), "unknown-user"),
        (NameTaken("ada"), "exists"),
        (StoreError("locked", trouble=StoreTrouble.BUSY), "history-away"),
        (BanGUIError("what"), "unexpected"),
    ],
)
def test_errors_of_the_domain_have_codes_and_the_statuses_of_the_pages(error: BanGUIError, code: str) -> None:
    assert code_of(error) == code
    answer = answer_to(error)
    assert answer.status_code == KINDS[code].status
    told = json.loads(bytes(answer.body))
    assert (told["code"], told["type"]) == (code, f"/api/v1/docs#{code}")


def test_programs_get_the_statuses_that_pages_get() -> None:
    for error in (UnknownUser("ada"), NameTaken("ada"), AccessUnavailable(), TooBusy(), InvalidInput("x")):
        assert KINDS[code_of(error)].status == problem_of(error).status


def test_every_mistake_is_told() -> None:
    mistakes = [Mistake("body", "ids[1]", "not an address", "try another"), Mistake("query", "limit", "too large")]
    told = json.loads(bytes(answer_to(WrongRequest(mistakes), "/bangui").body))
    assert told["type"] == "/bangui/api/v1/docs#invalid"
    assert told["detail"] == "2 values of the request are wrong."
    assert told["errors"] == [
        {"place": "body", "field": "ids[1]", "detail": "not an address", "hint": "try another"},
        {"place": "query", "field": "limit", "detail": "too large", "hint": None},
    ]


def test_a_problem_may_have_headers() -> None:
    assert answer_to(ApiError("in-progress", "wait", headers=(("Retry-After", "1"),))).headers["retry-after"] == "1"


def test_what_was_noticed_elsewhere_keeps_its_title_and_its_headers() -> None:
    answer = answer_to_problem(Problem(405, "Not here", "No.", headers=(("Allow", "GET"),)))
    told = json.loads(bytes(answer.body))
    assert (told["code"], told["title"], told["hint"], answer.headers["allow"]) == (
        "method-not-allowed",
        "Not here",
        None,
        "GET",
    )


def test_a_status_that_has_no_kind_is_unexpected() -> None:
    assert code_of_status(418) == "unexpected"


def test_what_an_attacker_has_written_is_inert() -> None:
    told = json.loads(bytes(answer_to(UnknownJail("x\x1b[2J\u202e")).body))
    assert "\x1b" not in told["detail"]
    assert "\u202e" not in told["detail"]
