from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pyotp import TOTP

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.kept_settings import SqlKeptSettings
from bangui.adapters.sql.migrate import migrate
from bangui.domain.accounts import Role, Scope
from bangui.domain.audit import AuditFilter
from bangui.domain.retention import RetentionWords
from bangui.services.access import Access
from bangui.services.retention_settings import RetentionSettings
from bangui.web import Services, WebSettings, create_app
from packages.bangui.tests.access import PASSWORD, ROOT
from packages.bangui.tests.filled_history import FilledHistory
from packages.bangui.tests.web.lent import lent
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans
from packages.bangui.tests.web.somebody import Browser

MINE = {"own_password": PASSWORD.reveal()}
HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture
def retention(tmp_path: Path) -> Iterator[RetentionSettings]:
    engine = open_engine(str(tmp_path / "settings.sqlite3"))
    migrate(engine)
    yield RetentionSettings(SqlKeptSettings(lambda: engine), RetentionWords("forever", "90d", "5G"))
    engine.dispose()


@pytest.fixture
async def browser(access: Access, retention: RetentionSettings, tmp_path: Path) -> AsyncIterator[Browser]:
    history = FilledHistory(tmp_path / "history.sqlite3")
    history.record()
    with lent(history) as source:
        services = Services(access=access, history=source, retention=retention)
        browser = Browser(create_app(ScriptedLive(few_bans()), WebSettings(version="1"), services))
        await access.accounts.add("ada", PASSWORD, Role.ADMIN, ROOT)
        await browser.log_in()
        await browser.get("/settings")
        yield browser


async def test_the_page_shows_the_account_and_what_is_kept(browser: Browser) -> None:
    page = (await browser.get("/settings")).text
    assert "You are ada, admin." in page
    assert "this session" in page
    assert 'value="90d"' in page
    assert PASSWORD.reveal() not in page


async def test_colours_and_language_stand_among_the_settings_and_in_the_foot_of_other_pages(browser: Browser) -> None:
    settings = (await browser.get("/settings")).text
    assert settings.count('name="theme"') == 3
    assert settings.index("Appearance") < settings.index('name="theme"') < settings.index('class="languages"')
    assert settings.index('class="languages"') < settings.index('<footer class="foot')
    other = (await browser.get("/")).text
    assert other.count('name="theme"') == 3
    assert other.index('<footer class="foot') < other.index('name="theme"') < other.index('class="languages"')


async def test_a_password_is_changed_by_whoever_knows_it(browser: Browser) -> None:
    new = "other words of mine"
    differs = await browser.post("/settings/password", **MINE, new=new, again="x")
    assert (differs.status_code, "The two passwords differ" in differs.text) == (422, True)
    wrong = await browser.post("/settings/password", own_password="not mine at all", new=new, again=new)
    assert (wrong.status_code, "That is not your password" in wrong.text) == (422, True)
    short = await browser.post("/settings/password", **MINE, new="short", again="short")
    assert short.status_code == 422
    done = await browser.post("/settings/password", **MINE, new=new, again=new)
    assert done.headers["location"] == "/settings"
    assert "Your password is changed" in (await browser.get("/settings")).text
    assert (await Browser(browser.app).log_in(password=new)).headers["location"] == "/"


async def test_codes_are_turned_on_and_off_again(browser: Browser) -> None:
    assert (await browser.post("/settings/codes/begin", own_password="wrong")).status_code == 422
    begun = await browser.post("/settings/codes/begin", **MINE)
    assert "<svg" in begun.text
    secret = re.search(r'<code class="secret">([A-Z2-7]+)</code>', begun.text)
    assert secret is not None
    wrong = await browser.post("/settings/codes/finish", code="000000")
    assert wrong.status_code == 422
    on = await browser.post("/settings/codes/finish", code=TOTP(secret[1]).now())
    assert len(re.findall(r'<code class="secret">[a-z2-7-]{19}</code>', on.text)) == 10
    assert "Recovery codes left: 10." in (await browser.get("/settings")).text
    renewed = await browser.post("/settings/codes/renew", **MINE)
    assert "Recovery codes" in renewed.text
    await browser.get("/settings")
    assert (await browser.post("/settings/codes/off", **MINE)).status_code == 303
    assert "Turn codes on" in (await browser.get("/settings")).text


async def test_other_sessions_can_be_seen_and_ended(browser: Browser) -> None:
    other, third = Browser(browser.app, "198.51.100.9"), Browser(browser.app, "198.51.100.10")
    await other.log_in()
    await third.log_in()
    page = (await browser.get("/settings")).text
    assert "198.51.100.9" in page
    ids = re.findall(r'name="id" value="([0-9a-f]{16})"', page)
    assert len(ids) == 2
    await browser.post("/settings/sessions/end", id=ids[0])
    assert [(await one.get("/")).status_code for one in (other, third)].count(303) == 1
    await browser.get("/settings")
    await browser.post("/settings/sessions/end-others")
    assert [(await one.get("/")).status_code for one in (other, third)] == [303, 303]
    assert (await browser.get("/settings")).status_code == 200


async def test_nobody_ends_the_session_of_somebody_else_here(browser: Browser, access: Access) -> None:
    await access.accounts.add("bob", PASSWORD, Role.VIEWER, ROOT)
    bob = Browser(browser.app)
    await bob.log_in("bob")
    (session,) = await access.sessions.of_user((await access.accounts.user("bob")).id)
    await browser.post("/settings/sessions/end", id=session.id)
    assert (await bob.get("/")).status_code == 200


async def test_a_token_is_shown_once_and_removed(browser: Browser, access: Access) -> None:
    missing = await browser.post("/settings/tokens/add", name="backup", span="90d", scope="read")
    assert (missing.status_code, 'value="backup"' in missing.text) == (422, True)
    for fields in ({"span": "soon"}, {"span": "9y"}, {"name": " "}, {"scope": "everything"}):
        bad = await browser.post(
            "/settings/tokens/add", **({"name": "x", "span": "90d", "scope": "read"} | fields | MINE)
        )
        assert bad.status_code == 422
    made = await browser.post("/settings/tokens/add", name=HOSTILE[:25], span="90d", scope="ban", **MINE)
    secret = re.search(r"bgt_[a-z2-7]{52}", made.text)
    assert secret is not None
    assert "<script>alert" not in made.text
    page = (await browser.get("/settings")).text
    assert secret[0] not in page
    assert secret[0][:8] in page
    (token,) = await access.tokens.tokens()
    assert token.scopes == {Scope.BAN}
    await browser.post("/settings/tokens/remove", id=token.id)
    assert await access.tokens.tokens() == []


async def test_how_long_the_history_is_kept_is_changed_and_taken_back(
    browser: Browser, retention: RetentionSettings
) -> None:
    bad = await browser.post("/settings/retention", keep="soon", keep_failures="90d", keep_size="5G")
    assert bad.status_code == 422
    assert await retention.words() == retention.start
    done = await browser.post("/settings/retention", keep="2y", keep_failures="30d", keep_size="1G")
    assert done.headers["location"] == "/settings"
    assert await retention.words() == RetentionWords("2y", "30d", "1G")
    assert "As the command line says" in (await browser.get("/settings")).text
    await browser.post("/settings/retention", reset="yes")
    assert await retention.words() == retention.start


async def test_a_viewer_sees_what_is_kept_and_cannot_change_it(browser: Browser, access: Access) -> None:
    await access.accounts.add("bob", PASSWORD, Role.VIEWER, ROOT)
    bob = Browser(browser.app)
    await bob.log_in("bob")
    page = (await bob.get("/settings")).text
    assert "Kept: everything forever" in page
    assert "/settings/users" not in page
    assert (await bob.post("/settings/retention", keep="1d", keep_failures="1d", keep_size="1G")).status_code == 403
    assert (await bob.get("/settings/users")).status_code == 403


async def test_what_changes_an_account_is_on_the_audit_trail(browser: Browser, access: Access) -> None:
    await browser.post("/settings/tokens/add", name="x", span="90d", scope="read", **MINE)
    entries = (await access.trail.page(AuditFilter())).entries
    assert entries[0].entry.action == "api-token.add"
    assert (entries[0].entry.actor, entries[0].entry.address) == ("ada", "192.0.2.1")
