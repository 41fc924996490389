import logging

import pytest

from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.snapshot import Snapshot
from bangui.web import WebSettings
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans


class FailingLive(ScriptedLive):
    """A live state that fails when it is read."""

    def __init__(self, error: Exception) -> None:
        super().__init__(few_bans())
        self.error = error

    @property
    def snapshot(self) -> Snapshot:
        raise self.error


async def test_a_failure_of_ours_shows_no_detail(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    answer = await ask(open_app(FailingLive(RuntimeError("/secret/path")), WebSettings(version="1")), "/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


async def test_an_error_of_the_domain_becomes_its_status() -> None:
    error = DaemonAway("there is no socket at `/run/x`", "start fail2ban", reason=AwayReason.MISSING)
    answer = await ask(open_app(FailingLive(error), WebSettings(version="1")), "/")
    assert answer.status_code == 503
    assert "<code>/run/x</code>" in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/index.html", "/regions", "/events/", "/..%2f..%2fetc/passwd"])
async def test_an_unknown_address_is_a_page_in_the_same_look(path: str) -> None:
    answer = await ask(open_app(ScriptedLive(few_bans()), WebSettings(version="1")), path)
    assert answer.status_code == 404
    assert 'class="error-page"' in answer.text


async def test_head_answers_like_get_without_a_body() -> None:
    answer = await ask(open_app(ScriptedLive(few_bans()), WebSettings(version="1")), "/", method="HEAD")
    assert answer.status_code == 200
