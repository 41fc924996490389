"""Where the pages may be served, and what is said where not."""

import asyncio
from urllib.request import urlopen

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bangui.domain.errors import BanGUIError, InvalidInput
from bangui.web.server import PageServer, listen, url_of


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(InvalidInput, match="no HTTPS") as caught:
        listen(host, 0)
    assert "ssh -L" in caught.value.hint


def test_a_name_that_leads_nowhere_is_an_error_that_says_what_to_use() -> None:
    with pytest.raises(InvalidInput, match="no address of this machine") as caught:
        listen("no such host", 0)
    assert "127.0.0.1" in caught.value.hint


def test_a_port_that_is_taken_is_told_before_anything_else_happens() -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(BanGUIError, match="cannot serve on port") as caught:
            listen("127.0.0.1", taken.getsockname()[1])
        assert "--port" in caught.value.hint


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_the_url_names_the_address_and_the_port(host: str, shown: str) -> None:
    with listen(host, 0) as listener:
        assert url_of(listener) == f"http://{shown}:{listener.getsockname()[1]}/"


async def test_it_tells_when_it_is_ready_and_ends_when_asked() -> None:
    async def greet(_: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    ready = asyncio.Event()
    server = PageServer(Starlette(routes=[Route("/", greet)]), ready.set)

    def read(url: str) -> str:
        with urlopen(url, timeout=5) as response:
            return str(response.read().decode())

    with listen("127.0.0.1", 0) as listener:
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[listener]))
            await ready.wait()
            assert await asyncio.to_thread(read, url_of(listener)) == "hello"
            server.should_exit = True
