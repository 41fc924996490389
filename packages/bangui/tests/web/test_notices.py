import pytest
from starlette.requests import Request

from bangui.domain.accounts import Visitor
from bangui.domain.secret import Secret, encode_secret
from bangui.web.access import Caller
from bangui.web.notices import Notice, Notices, done


def request_of(secret: Secret | None, notices: Notices | None = None) -> Request:
    request = Request({"type": "http", "headers": []})
    request.state.caller = Caller(None, Visitor(None), secret)
    request.state.notices = notices
    return request


ADA, BOB = encode_secret(b"a" * 32), encode_secret(b"b" * 32)


def test_a_notice_is_told_once_and_to_the_right_browser() -> None:
    notices = Notices()
    notices.leave(request_of(ADA), Notice("unbanned"))
    assert notices.take(request_of(BOB)) is None
    assert notices.take(request_of(None)) is None
    assert notices.take(request_of(ADA)) == Notice("unbanned")
    assert notices.take(request_of(ADA)) is None


def test_what_nobody_fetches_is_forgotten() -> None:
    notices = Notices()
    notices.leave(request_of(ADA), Notice("old"))
    for number in range(600):
        notices.leave(request_of(encode_secret(number.to_bytes(32, "big"))), Notice("new"))
    assert notices.take(request_of(ADA)) is None


def test_a_long_notice_is_cut() -> None:
    notices = Notices()
    notices.leave(request_of(ADA), Notice("many", details=["x"] * 1000))
    told = notices.take(request_of(ADA))
    assert told is not None
    assert len(told.details) == 20


def test_a_change_answers_with_the_next_page() -> None:
    notices = Notices("/bans")
    answer = done(request_of(ADA, notices), "/jails?x=1", Notice("done"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/bans/jails?x=1")
    assert notices.take(request_of(ADA)) == Notice("done")
    with pytest.raises(TypeError):
        done(request_of(ADA), "/")
