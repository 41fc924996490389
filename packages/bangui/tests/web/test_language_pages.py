from __future__ import annotations

from http.cookies import SimpleCookie

import httpx
import pytest

from bangui.domain.accounts import Role
from bangui.web import WebSettings
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import OpenDoor, open_app
from packages.bangui.tests.web.scripted import NOW, ScriptedLive, few_bans

FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}


async def choose(*, role: Role | None = Role.VIEWER, base_path: str = "", **fields: str) -> httpx.Response:
    app = open_app(ScriptedLive(few_bans(NOW)), WebSettings(version="1", base_path=base_path), role=role)
    content = str(httpx.QueryParams({"form_token": OpenDoor(None).form_token, **fields})).encode()
    return await ask(app, f"{base_path}/language", method="POST", headers=FORM, content=content)


@pytest.mark.parametrize("role", [Role.VIEWER, None])
async def test_everybody_can_choose_a_language_and_comes_back_to_where_they_were(role: Role | None) -> None:
    answer = await choose(role=role, language="de", back="/history?kind=ban")
    assert (answer.status_code, answer.headers["location"]) == (303, "/history?kind=ban")
    cookie = SimpleCookie(answer.headers["set-cookie"])["bangui_language"]
    assert (cookie.value, cookie["path"], cookie["samesite"]) == ("de", "/", "lax")
    assert int(cookie["max-age"]) > 300 * 86_400


async def test_the_choice_counts_under_the_base_path_alone() -> None:
    answer = await choose(base_path="/bans", language="de", back="/")
    assert answer.headers["location"] == "/bans/"
    assert SimpleCookie(answer.headers["set-cookie"])["bangui_language"]["path"] == "/bans"


@pytest.mark.parametrize("back", ["", "//evil.example", "https://evil.example/", "/\\evil.example", "/a\r\nX: y"])
async def test_nobody_is_sent_to_somewhere_else(back: str) -> None:
    assert (await choose(language="de", back=back)).headers["location"] == "/"


@pytest.mark.parametrize("language", ["", "xx", "../de", "DE"])
async def test_a_language_that_is_not_spoken_is_a_mistake(language: str) -> None:
    answer = await choose(language=language, back="/")
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


async def test_pages_are_in_the_language_that_was_chosen() -> None:
    app = open_app(ScriptedLive(few_bans(NOW)), WebSettings(version="1"))
    german = await ask(app, "/history?q=x", headers={"cookie": "bangui_language=de"})
    assert '<html lang="de"' in german.text
    assert 'value="/history?q=x"' in german.text
    assert "Übersicht" in german.text
    english = await ask(app, "/history", headers={"accept-language": "en"})
    assert '<html lang="en"' in english.text


async def test_errors_are_in_the_language_that_was_chosen() -> None:
    app = open_app(ScriptedLive(few_bans(NOW)), WebSettings(version="1"))
    headers = {"cookie": "bangui_language=de"}
    assert "Nicht gefunden" in (await ask(app, "/nowhere", headers=headers)).text
    as_text = await ask(app, "/nowhere", headers={**headers, "accept": "*/*"})
    assert as_text.text.startswith("404 Nicht gefunden\n")
