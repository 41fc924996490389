from starlette.types import ASGIApp, Receive, Scope, Send

from bangui.web.base_path import BasePath


async def seen(base: str, path: str) -> tuple[str, bytes]:
    scopes: list[Scope] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)

    async def nothing() -> dict[str, str]:
        return {}

    async def nowhere(_: object) -> None:
        return None

    app: ASGIApp = BasePath(inner, base)
    await app({"type": "http", "path": path, "raw_path": path.encode()}, nothing, nowhere)
    return scopes[0]["path"], scopes[0]["raw_path"]


async def test_takes_the_base_path_off() -> None:
    assert await seen("/bans", "/bans/history") == ("/history", b"/history")
    assert await seen("/bans", "/bans") == ("/", b"/")
    assert await seen("/a/b", "/a/b/x") == ("/x", b"/x")


async def test_leaves_alone_what_a_proxy_has_stripped_and_what_only_begins_alike() -> None:
    assert await seen("/bans", "/history") == ("/history", b"/history")
    assert await seen("/bans", "/bansx/y") == ("/bansx/y", b"/bansx/y")
    assert await seen("", "/bans") == ("/bans", b"/bans")
