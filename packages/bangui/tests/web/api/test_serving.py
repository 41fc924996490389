"""Serving an operation: limits, bodies, keys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.kept_answers import SqlKeptAnswers
from bangui.adapters.sql.migrate import migrate
from bangui.domain.accounts import Scope, Visitor
from bangui.domain.errors import OperationRefused
from bangui.domain.kept_answers import LONGEST_KEPT
from bangui.domain.secret import Secret
from bangui.services.kept_answers import KeptAnswers
from bangui.web import WebSettings
from bangui.web.access import Caller
from bangui.web.api.operations import Call, Nothing, Operation
from bangui.web.api.serving import BURST, Server
from bangui.web.api.shapes import About
from packages.bangui.tests.filled_history import NOW
from packages.bangui.tests.web.api.programs import problem
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import a_principal


@dataclass(frozen=True, slots=True)
class Order:
    """What is sent."""

    word: Annotated[str, About("A word.", "tea")]


@dataclass(frozen=True, slots=True)
class Served:
    """What comes of it."""

    number: int
    secret: Secret | None = None


class Kitchen:
    """Counts what it was asked to do, and does what a test says."""

    def __init__(self) -> None:
        self.orders: list[str] = []
        self.error: Exception | None = None
        self.secret: Secret | None = None
        self.gate: asyncio.Event | None = None
        self.arrived = asyncio.Event()

    async def serve(self, call: Call[Nothing, Order]) -> Served:
        self.orders.append(call.body.word)
        self.arrived.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Served(len(self.orders), self.secret)


class Shop:
    """An application with one operation, asked by whoever a test says."""

    def __init__(self, kitchen: Kitchen, answers: KeptAnswers | None) -> None:
        self.kitchen = kitchen
        self.name = "ada"
        self.now = 0.0
        self._server = Server(WebSettings(version="1"), lambda: NOW, answers, clock=lambda: self.now)
        self.app = self._with(Operation("order", "POST", "/orders", "X", "Order", Scope.BAN, kitchen.serve))

    def make_secret(self) -> None:
        """Let what is served be told once."""
        serve = self.kitchen.serve
        self.app = self._with(
            Operation("order", "POST", "/orders", "X", "Order", Scope.BAN, serve, status=201, is_secret=True)
        )

    def _with(self, operation: Operation) -> Starlette:
        def known(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
            async def wrapped(request: Request) -> Response:
                principal = a_principal(name=self.name)
                user = replace(principal.user, id=self.name)
                request.state.caller = Caller(replace(principal, user=user), Visitor("192.0.2.1"))
                return await endpoint(request)

            return wrapped

        return Starlette(routes=[Route("/orders", known(self._server.endpoint(operation)), methods=["POST"])])

    async def order(self, word: str = "tea", key: str | None = None) -> httpx.Response:
        headers = {"content-type": "application/json"} | ({"idempotency-key": key} if key is not None else {})
        content = json.dumps({"word": word}).encode()
        return await ask(self.app, "/orders", method="POST", headers=headers, content=content)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    engine = open_engine(str(tmp_path / "history.sqlite3"))
    migrate(engine)
    yield Shop(Kitchen(), KeptAnswers(SqlKeptAnswers(lambda: engine)))
    engine.dispose()


async def test_without_a_key_every_request_is_done(shop: Shop) -> None:
    assert [(await shop.order()).json()["number"] for _ in range(2)] == [1, 2]


async def test_with_a_key_a_change_is_made_once_and_answered_alike(shop: Shop) -> None:
    first, second = await shop.order(key="k1"), await shop.order(key="k1")
    assert first.json() == second.json() == {"number": 1, "secret": None}
    assert ("idempotency-replayed" in first.headers, second.headers["idempotency-replayed"]) == (False, "true")
    assert (await shop.order(key="k2")).json()["number"] == 2
    assert shop.kitchen.orders == ["tea", "tea"]


async def test_a_key_with_another_content_is_refused(shop: Shop) -> None:
    await shop.order(key="k1")
    answer = await shop.order("coffee", key="k1")
    assert (answer.status_code, problem(answer)["code"]) == (422, "key-reused")


async def test_keys_of_others_do_not_count(shop: Shop) -> None:
    await shop.order(key="k1")
    shop.name = "grace"
    assert (await shop.order(key="k1")).json()["number"] == 2


async def test_while_a_request_is_worked_on_its_key_is_busy(shop: Shop) -> None:
    shop.kitchen.gate = asyncio.Event()
    first = asyncio.create_task(shop.order(key="k1"))
    await shop.kitchen.arrived.wait()
    answer = await shop.order(key="k1")
    assert (answer.status_code, problem(answer)["code"]) == (409, "in-progress")
    shop.kitchen.gate.set()
    assert (await first).json()["number"] == 1
    assert shop.kitchen.orders == ["tea"]


async def test_a_refusal_is_answered_again_as_it_was(shop: Shop) -> None:
    shop.kitchen.error = OperationRefused("no tea")
    first = await shop.order(key="k1")
    shop.kitchen.error = None
    again = await shop.order(key="k1")
    assert problem(first) == problem(again)
    assert (first.status_code, shop.kitchen.orders) == (409, ["tea"])


async def test_what_fails_may_be_tried_again_with_the_same_key(shop: Shop) -> None:
    shop.kitchen.error = RuntimeError("broken")
    with pytest.raises(RuntimeError):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(shop.app), base_url="http://x") as client:
            await client.post("/orders", json={"word": "tea"}, headers={"Idempotency-Key": "k1"})
    shop.kitchen.error = None
    assert (await shop.order(key="k1")).json()["number"] == 2


async def test_an_answer_with_a_secret_is_not_kept(shop: Shop) -> None:
    shop.make_secret()
    assert (await shop.order(key="k1")).status_code == 201
    answer = await shop.order(key="k1")
    assert (answer.status_code, problem(answer)["code"]) == (409, "answered")


async def test_an_answer_that_is_very_long_is_not_kept(shop: Shop) -> None:
    shop.kitchen.secret = Secret("x" * LONGEST_KEPT)
    assert (await shop.order(key="k1")).status_code == 200
    assert problem(await shop.order(key="k1"))["code"] == "answered"
    assert shop.kitchen.orders == ["tea"]


@pytest.mark.parametrize("key", ["", "a b", "x" * 256])
async def test_what_is_no_key_is_refused(shop: Shop, key: str) -> None:
    answer = await ask(
        shop.app,
        "/orders",
        method="POST",
        headers={"content-type": "application/json", "idempotency-key": key},
        content=b'{"word": "tea"}',
    )
    assert problem(answer)["errors"][0]["field"] == "Idempotency-Key"


async def test_where_nothing_can_be_kept_keys_are_refused() -> None:
    shop = Shop(Kitchen(), None)
    assert problem(await shop.order(key="k1"))["code"] == "unavailable"
    assert (await shop.order()).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "content", "code"),
    [
        ("text/plain", b"{}", "not-json"),
        ("application/json", b"{", "malformed"),
        ("application/json", b'{"word": 1}', "invalid"),
        ("application/json", b" " * (1 << 20) + b" ", "too-large"),
    ],
)
async def test_bodies_that_cannot_be_meant(shop: Shop, content_type: str, content: bytes, code: str) -> None:
    answer = await ask(shop.app, "/orders", method="POST", headers={"content-type": content_type}, content=content)
    assert problem(answer)["code"] == code


async def test_a_caller_who_asks_too_often_waits_and_others_do_not(shop: Shop) -> None:
    remaining = [(await shop.order()).headers["ratelimit-remaining"] for _ in range(BURST)]
    assert (remaining[0], remaining[-1]) == (str(BURST - 1), "0")
    answer = await shop.order()
    assert (answer.status_code, problem(answer)["code"]) == (429, "too-many-requests")
    assert answer.headers["retry-after"] == "1"
    shop.name = "grace"
    assert (await shop.order()).status_code == 200
    shop.name, shop.now = "ada", 1.0
    assert (await shop.order()).status_code == 200
