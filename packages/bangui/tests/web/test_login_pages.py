from __future__ import annotations

from time import time

import pytest
from pyotp import TOTP
from starlette.types import ASGIApp

from bangui.domain.accounts import Principal, Role, Visitor
from bangui.domain.audit import AuditFilter
from bangui.domain.logins import LoggedIn
from bangui.domain.secret import Secret, encode_secret
from bangui.services.access import Access
from bangui.services.second_factor import Enrolment, RecoveryCodes
from bangui.web import Services, WebSettings, create_app
from bangui.web.login_pages import next_path
from bangui.web.site import Entry
from packages.bangui.tests.access import PASSWORD, ROOT
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans
from packages.bangui.tests.web.somebody import Browser

TICKET = encode_secret(b"t" * 32)


def app_with(access: Access, base_path: str = "") -> ASGIApp:
    settings = WebSettings(version="1", base_path=base_path)
    services = Services(access=access, entry=Entry(TICKET, "ada", PASSWORD))
    return create_app(ScriptedLive(few_bans()), settings, services)


@pytest.fixture
async def browser(access: Access) -> Browser:
    await access.accounts.add("ada", PASSWORD, Role.ADMIN, ROOT)
    return Browser(app_with(access))


async def principal_of(access: Access) -> Principal:
    outcome = await access.login.log_in("ada", PASSWORD, Visitor("192.0.2.9"))
    assert isinstance(outcome, LoggedIn)
    found = await access.sessions.principal(outcome.secret)
    assert found is not None
    return found


async def turn_codes_on(access: Access) -> TOTP:
    principal, visitor = await principal_of(access), Visitor("192.0.2.9")
    enrolment = await access.second_factor.begin(principal, PASSWORD, visitor)
    assert isinstance(enrolment, Enrolment)
    authenticator = TOTP(enrolment.secret.reveal())
    # The code of the step before is accepted as well, and leaves that of this moment unused.
    early = Secret(authenticator.at(int(time()) - 30))
    assert isinstance(await access.second_factor.finish(principal, early, visitor), RecoveryCodes)
    return authenticator


async def test_somebody_logs_in_sees_the_page_and_logs_out(browser: Browser) -> None:
    sent = await browser.get("/history?kind=ban")
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/history%3Fkind%3Dban")
    form = await browser.get(sent.headers["location"])
    assert 'value="/history?kind=ban"' in form.text
    inside = await browser.post("/login", name="ada", password=PASSWORD.reveal(), next="/history?kind=ban")
    assert (inside.status_code, inside.headers["location"]) == (303, "/history?kind=ban")
    page = await browser.get("/")
    assert page.status_code == 200
    assert "<bdi>ada</bdi>" in page.text
    out = await browser.post("/logout")
    assert out.headers["location"] == "/login"
    assert (await browser.get("/")).headers["location"] == "/login"


async def test_the_session_ends_on_the_server_and_not_only_in_the_browser(browser: Browser) -> None:
    await browser.log_in()
    kept = dict(browser.jar)
    await browser.get("/")
    await browser.post("/logout")
    browser.jar = kept
    assert (await browser.get("/")).status_code == 303


@pytest.mark.parametrize(
    ("name", "password"), [("ada", "wrong words of mine"), ("nobody", "four words of mine"), ("", "")]
)
async def test_a_wrong_name_and_a_wrong_password_look_the_same(browser: Browser, name: str, password: str) -> None:
    answer = await browser.log_in(name, password)
    assert answer.status_code == 403
    assert "The name or the password is wrong." in answer.text
    assert not any("session" in cookie for cookie in browser.jar)


async def test_what_was_typed_stays_but_never_the_password(browser: Browser) -> None:
    answer = await browser.log_in('"><script>alert(1)</script>', "wrong words of mine")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "wrong words" not in answer.text


async def test_too_many_attempts_have_to_wait_and_say_how_long(browser: Browser) -> None:
    answers = [await browser.log_in("ada", f"wrong words {number} of mine") for number in range(8)]
    last = answers[-1]
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    assert "This one was not looked at" in last.text


async def test_codes_are_asked_for_where_they_are_turned_on(browser: Browser, access: Access) -> None:
    authenticator = await turn_codes_on(access)
    asked = await browser.log_in(next="/history")
    assert asked.headers["location"] == "/login/code?next=/history"
    assert (await browser.get("/")).status_code == 303
    form = await browser.get("/login/code?next=/history")
    assert 'autocomplete="one-time-code"' in form.text
    wrong = await browser.post("/login/code", code="000000", next="/history")
    assert wrong.status_code == 403
    inside = await browser.post("/login/code", code=authenticator.now(), next="/history")
    assert inside.headers["location"] == "/history"
    assert (await browser.get("/")).status_code == 200


async def test_a_code_without_a_password_before_it_begins_anew(browser: Browser) -> None:
    assert (await browser.get("/login/code")).headers["location"] == "/login"
    await browser.get("/login")
    answer = await browser.post("/login/code", code="123456")
    assert answer.status_code == 403
    assert "Begin again with the password" in answer.text


async def test_a_form_of_another_browser_logs_nobody_in(browser: Browser, access: Access) -> None:
    other = Browser(browser.app)
    await other.get("/login")
    await browser.get("/login")
    browser.token = other.token
    answer = await browser.post("/login", name="ada", password=PASSWORD.reveal())
    assert answer.status_code == 403
    assert "too old" in answer.text


async def test_the_first_administrator_is_made_with_the_link(access: Access) -> None:
    browser = Browser(app_with(access))
    assert "There is no account yet" in (await browser.get("/login")).text
    offer = await access.setup.offer()
    assert offer is not None
    link = offer.secret.reveal()
    assert 'name="again"' in (await browser.get(f"/setup?link={link}")).text
    words = PASSWORD.reveal()
    differs = await browser.post("/setup", link=link, name="ada", password=words, again="something else")
    assert (differs.status_code, "The two passwords differ" in differs.text) == (422, True)
    short = await browser.post("/setup", link=link, name="ada", password="short", again="short")
    assert short.status_code == 422
    made = await browser.post("/setup", link=link, name="ada", password=words, again=words)
    assert (made.status_code, made.headers["location"]) == (303, "/login")
    assert "“ada” is made" in (await browser.get("/login")).text
    used = await browser.get(f"/setup?link={link}")
    assert (used.status_code, "not good any more" in used.text) == (403, True)
    assert (await browser.log_in()).headers["location"] == "/"
    entries = (await access.trail.page(AuditFilter())).entries
    assert [entry.entry.action for entry in entries] == ["login", "setup"]


async def test_the_ticket_of_the_demonstration_lets_in(browser: Browser) -> None:
    assert (await browser.get("/enter?ticket=wrong")).status_code == 404
    assert (await browser.get(f"/enter?ticket={TICKET.reveal()}")).headers["location"] == "/"
    assert (await browser.get("/")).status_code == 200
    assert (await browser.get(f"/enter?ticket={TICKET.reveal()}")).headers["location"] == "/"


async def test_whoever_is_logged_in_needs_no_form(browser: Browser) -> None:
    await browser.log_in()
    assert (await browser.get("/login?next=/history")).headers["location"] == "/history"


async def test_everything_works_below_a_base_path(access: Access) -> None:
    await access.accounts.add("ada", PASSWORD, Role.ADMIN, ROOT)
    browser = Browser(app_with(access, "/bans"))
    assert (await browser.get("/bans/")).headers["location"] == "/bans/login"
    form = await browser.get("/bans/login")
    assert 'action="/bans/login"' in form.text
    inside = await browser.post("/bans/login", name="ada", password=PASSWORD.reveal(), next="/history")
    assert inside.headers["location"] == "/bans/history"
    assert (await browser.get("/bans/history")).status_code == 200


@pytest.mark.parametrize(
    "text", ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a b", "/\n", "x", "/" + "a" * 3000]
)
def test_nobody_is_sent_to_another_site_after_the_login(text: str) -> None:
    assert next_path(text) == "/"


def test_a_path_of_ours_is_where_the_login_leads() -> None:
    assert next_path("/history?q=2001:db8::1&kind=ban") == "/history?q=2001:db8::1&kind=ban"
