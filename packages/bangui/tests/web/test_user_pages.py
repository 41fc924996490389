from __future__ import annotations

import re

import pytest

from bangui.domain.access_errors import UnknownUser
from bangui.domain.accounts import Role, Scope
from bangui.services.access import Access
from bangui.web import Services, WebSettings, create_app
from bangui.web.user_pages import user_path
from packages.bangui.tests.access import PASSWORD, ROOT
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans
from packages.bangui.tests.web.somebody import Browser

MINE = {"own_password": PASSWORD.reveal()}
NEW = "other words of bob"


@pytest.fixture
async def browser(access: Access) -> Browser:
    browser = Browser(create_app(ScriptedLive(few_bans()), WebSettings(version="1"), Services(access=access)))
    await access.accounts.add("ada", PASSWORD, Role.ADMIN, ROOT)
    await access.accounts.add("bob", PASSWORD, Role.VIEWER, ROOT)
    await browser.log_in()
    await browser.get("/settings/users")
    return browser


async def test_all_accounts_are_listed(browser: Browser) -> None:
    page = (await browser.get("/settings/users")).text
    assert page.index("<bdi>ada</bdi>") < page.index("<bdi>bob</bdi>")
    assert 'href="/settings/user?name=bob"' in page


async def test_an_account_is_made_with_the_own_password(browser: Browser, access: Access) -> None:
    fields = {"name": "carol", "role": "operator", "password": NEW}
    refused = await browser.post("/settings/users/add", **fields)
    assert (refused.status_code, 'value="carol"' in refused.text, NEW in refused.text) == (422, True, False)
    for wrong in ({"name": "c c"}, {"name": "ada"}, {"role": "king"}, {"password": "short"}):
        assert (await browser.post("/settings/users/add", **(fields | wrong | MINE))).status_code == 422
    assert (await browser.post("/settings/users/add", **fields, **MINE)).status_code == 303
    assert (await access.accounts.user("carol")).role is Role.OPERATOR
    await browser.get("/settings/users")
    await browser.post("/settings/users/add", name="dan", role="viewer", no_password="yes", **MINE)
    assert not (await access.accounts.user("dan")).has_password


@pytest.mark.parametrize(
    ("form", "fields"),
    [("role", {"role": "admin"}), ("password", {"password": NEW}), ("codes-off", {}), ("enable", {}), ("remove", {})],
)
async def test_what_gives_or_takes_a_way_in_asks_for_the_own_password(
    browser: Browser, access: Access, form: str, fields: dict[str, str]
) -> None:
    refused = await browser.post(f"/settings/user/{form}", name="bob", **fields)
    assert refused.status_code == 422
    assert (await access.accounts.user("bob")).role is Role.VIEWER


async def test_every_form_does_what_it_says(browser: Browser, access: Access) -> None:
    bob = Browser(browser.app)
    await bob.log_in("bob")
    await browser.post("/settings/user/role", name="bob", role="operator", **MINE)
    assert (await access.accounts.user("bob")).role is Role.OPERATOR
    assert "is operator now" in (await browser.get("/settings/user?name=bob")).text
    await browser.post("/settings/user/password", name="bob", password=NEW, **MINE)
    assert (await bob.get("/")).status_code == 303
    assert (await bob.log_in("bob", NEW)).status_code == 303
    (session,) = await access.sessions.of_user((await access.accounts.user("bob")).id)
    await browser.get("/settings/user?name=bob")
    await browser.post("/settings/user/end-session", name="bob", id=session.id)
    assert (await bob.get("/")).status_code == 303
    await bob.log_in("bob", NEW)
    await browser.get("/settings/user?name=bob")
    await browser.post("/settings/user/log-out", name="bob")
    assert (await bob.get("/")).status_code == 303
    await browser.get("/settings/user?name=bob")
    await browser.post("/settings/user/forgive", name="bob")
    await browser.post("/settings/user/codes-off", name="bob", **MINE)
    await browser.post("/settings/user/disable", name="bob")
    assert (await access.accounts.user("bob")).is_disabled
    assert "disabled" in (await browser.get("/settings/user?name=bob")).text
    await browser.post("/settings/user/enable", name="bob", **MINE)
    assert not (await access.accounts.user("bob")).is_disabled
    await browser.get("/settings/user?name=bob")
    gone = await browser.post("/settings/user/remove", name="bob", **MINE)
    assert gone.headers["location"] == "/settings/users"
    with pytest.raises(UnknownUser):
        await access.accounts.user("bob")


async def test_the_last_administrator_stays(browser: Browser, access: Access) -> None:
    answer = await browser.post("/settings/user/role", name="ada", role="viewer", **MINE)
    assert (answer.status_code, "last administrator" in answer.text) == (422, True)
    assert (await access.accounts.user("ada")).role is Role.ADMIN


@pytest.mark.parametrize("name", ["nobody", "", "<script>alert(1)</script>", "x" * 3000])
async def test_an_account_that_is_not_there_is_not_found(browser: Browser, name: str) -> None:
    page = await browser.get(user_path(name))
    assert page.status_code == 404
    assert "<script>alert" not in page.text


async def test_tokens_of_everybody_can_be_removed(browser: Browser, access: Access) -> None:
    token, _ = await access.tokens.make(await access.accounts.user("bob"), "his", {Scope.READ}, 60, ROOT)
    page = (await browser.get("/settings/users")).text
    assert re.search(r"bgt_[a-z2-7]{4}…", page)
    assert "of bob" in page
    await browser.post("/settings/users/remove-token", id=token.id)
    assert await access.tokens.tokens() == []
