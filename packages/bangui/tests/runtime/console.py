"""A person in front of a console that runs in a process of its own: makes the first account, logs in, reads pages."""

from __future__ import annotations

import re
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

NAME, WORDS = "ada", "four words of mine"
_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')
_LINK = re.compile(r'name="link" value="([a-z2-7]+)"')


class Person:
    """Keeps cookies and sends forms; `url` is the first page, with a slash at its end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._jar = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self._jar))

    def page(self, path: str = "") -> str:
        """Return a page as text; raises `HTTPError`."""
        with self.opener.open(self.url + path, timeout=10) as answer:
            text: str = answer.read().decode()
            return text

    def send(self, path: str, page: str, **fields: str) -> str:
        """Send a form of a page, and return the page that it leads to."""
        token = _TOKEN.search(page)
        if token is None:
            raise ValueError("there is no form on this page")
        body = urlencode({"form_token": token[1], **fields}).encode()
        with self.opener.open(Request(self.url + path, body), timeout=10) as answer:
            text: str = answer.read().decode()
            return text

    def set_up(self, link: str) -> None:
        """Make the first account with the link that was printed, and log in."""
        form = self.page(link.removeprefix(self.url))
        found = _LINK.search(form)
        if found is None:
            raise ValueError("the link is not good")
        self.send("setup", form, link=found[1], name=NAME, password=WORDS, again=WORDS)
        self.log_in()

    def log_in(self, name: str = NAME, password: str = WORDS) -> None:
        """Log in with a name and a password."""
        self.send("login", self.page("login"), name=name, password=password)

    def cookies(self) -> list[tuple[str, str]]:
        """Return what the browser keeps, by name."""
        return [(cookie.name, cookie.value or "") for cookie in self._jar]
