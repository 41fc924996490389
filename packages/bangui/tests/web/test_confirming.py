from __future__ import annotations

import pytest
from starlette.requests import Request

from bangui.domain.accounts import Principal, Role, Via, Visitor
from bangui.domain.logins import LoginRefused, RefusalReason
from bangui.services.access import Access
from bangui.web.access import Caller
from bangui.web.confirming import CONFIRMATION_FIELD, asks_password, refusal_of, words_of_refusal
from bangui.web.forms import FormValues
from packages.bangui.tests.access import PASSWORD, ROOT


async def sent_by(access: Access, via: Via, password: str) -> Request:
    user = await access.accounts.add("ada", PASSWORD, Role.ADMIN, ROOT)
    request = Request({"type": "http", "headers": []})
    request.state.caller = Caller(Principal(user, via), Visitor("192.0.2.1"))
    request.state.form = FormValues([(CONFIRMATION_FIELD, password)])
    return request


async def test_the_right_password_is_no_refusal(access: Access) -> None:
    request = await sent_by(access, Via.SESSION, PASSWORD.reveal())
    assert asks_password(request)
    assert await refusal_of(request, access) == ""


@pytest.mark.parametrize("password", ["", "not mine at all"])
async def test_a_wrong_one_is(access: Access, password: str) -> None:
    assert "not your password" in await refusal_of(await sent_by(access, Via.SESSION, password), access)


async def test_whom_a_proxy_vouches_for_has_been_asked_by_it(access: Access) -> None:
    request = await sent_by(access, Via.PROXY, "")
    assert not asks_password(request)
    assert await refusal_of(request, access) == ""


def test_who_has_to_wait_is_told_for_how_long() -> None:
    assert "wait 1 second," in words_of_refusal(LoginRefused(RefusalReason.WAIT, 1))
    assert "wait 9 seconds," in words_of_refusal(LoginRefused(RefusalReason.WAIT, 9))
    assert "Try again" in words_of_refusal(LoginRefused(RefusalReason.BUSY, 1))
