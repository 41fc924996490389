"""Somebody in front of a browser, for tests of what needs a login: keeps cookies, and sends the forms of pages."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import httpx
from starlette.types import ASGIApp

from packages.bangui.tests.access import PASSWORD
from packages.bangui.tests.web.client import ask

FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
FIELD = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


class Browser:
    """Keeps cookies and the token of the last page, and sends forms as a browser does."""

    def __init__(self, app: ASGIApp, address: str = "192.0.2.1") -> None:
        self.app = app
        self.address = address
        self.jar: dict[str, str] = {}
        self.token = ""

    async def get(self, path: str) -> httpx.Response:
        return self._keep(await ask(self.app, path, client=self.address, headers=self._headers()))

    async def post(self, path: str, **fields: str) -> httpx.Response:
        content = httpx.QueryParams({"form_token": self.token, **fields})
        headers = {**FORM, **self._headers()}
        answer = await ask(
            self.app, path, method="POST", client=self.address, headers=headers, content=str(content).encode()
        )
        return self._keep(answer)

    async def log_in(self, name: str = "ada", password: str = PASSWORD.reveal(), **more: str) -> httpx.Response:
        await self.get("/login")
        return await self.post("/login", name=name, password=password, **more)

    def _headers(self) -> dict[str, str]:
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())} if self.jar else {}

    def _keep(self, answer: httpx.Response) -> httpx.Response:
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.jar[name] = morsel.value
                if not morsel.value:
                    del self.jar[name]
        if found := FIELD.search(answer.text):
            self.token = found[1]
        return answer
