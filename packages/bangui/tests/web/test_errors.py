import inspect

import pytest

from bangui.domain import access_errors
from bangui.domain import errors as domain_errors
from bangui.domain.access_errors import AccessUnavailable, LastAdministrator, TooBusy, UnknownUser
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
from bangui.web.errors import ANSWER_TO_DOMAIN_ERROR, problem_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DaemonAway("no socket", reason=AwayReason.MISSING), 503),
        (UnknownJail("sshd"), 404),
        (OperationRefused("no"), 409),
        (InvalidInput("not an address"), 422),
        (DangerousBan("this would lock you out"), 409),
        (StoreError("damaged", trouble=StoreTrouble.DAMAGED), 503),
        (UnknownUser("ada"), 404),
        (LastAdministrator(), 409),
        (AccessUnavailable(), 503),
        (TooBusy(), 503),
        (BanGUIError("odd"), 500),
    ],
)
def test_every_domain_error_has_its_status(error: BanGUIError, status: int) -> None:
    assert problem_of(error).status == status


def test_the_table_names_every_error_of_the_domain() -> None:
    classes = {value for _, value in inspect.getmembers(domain_errors, inspect.isclass)}
    known = {kind for kind in classes if issubclass(kind, BanGUIError)} | {StoreError}
    of_access = {access_errors.AccountRefused, AccessUnavailable, TooBusy, UnknownUser}
    assert known | of_access == set(ANSWER_TO_DOMAIN_ERROR)


def test_a_new_subclass_answers_like_its_parent() -> None:
    class Busy(DaemonAway):
        pass

    assert problem_of(Busy("busy", reason=AwayReason.SLOW)).status == 503


def test_phrases_become_sentences() -> None:
    problem = problem_of(DaemonAway("there is no socket", "start fail2ban", reason=AwayReason.MISSING))
    assert (problem.text, problem.hint) == ("There is no socket.", "Start fail2ban.")
