import pytest
from starlette.types import ASGIApp

from bangui.web import WebSettings
from bangui.web.assets import Assets
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive, make_snapshot

BUDGET = 60_000
"""What a common page may ship of scripts and styles, compressed, in bytes."""


@pytest.fixture
def app() -> ASGIApp:
    return open_app(ScriptedLive(make_snapshot()), WebSettings(version="1"))


def test_the_address_changes_with_any_content() -> None:
    one = Assets({"a.css": b"a", "b.js": b"b"})
    assert one.prefix == Assets({"b.js": b"b", "a.css": b"a"}).prefix
    assert one.prefix != Assets({"a.css": b"ab", "b.js": b""}).prefix


def test_an_unknown_file_is_a_mistake_of_the_template() -> None:
    with pytest.raises(KeyError):
        Assets({}).url("missing.css")


def test_all_files_together_stay_below_the_budget_of_one_page() -> None:
    assert Assets.load().compressed_size() < BUDGET


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("css/tokens.css", "text/css"), ("js/main.js", "text/javascript"), ("logo.svg", "image/svg+xml")],
)
async def test_serves_a_file_compressed_and_for_ever(app: ASGIApp, path: str, media_type: str) -> None:
    answer = await ask(app, Assets.load().url(path), headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    plain = await ask(app, Assets.load().url(path), headers={"accept-encoding": "identity"})
    assert plain.content == answer.content


@pytest.mark.parametrize(
    "path", ["/static/000000000000/js/main.js", "/static/{}/js/missing.js", "/static/{}/../app.py", "/static/{}/"]
)
async def test_other_addresses_do_not_exist(app: ASGIApp, path: str) -> None:
    tree = Assets.load().prefix.rpartition("/")[2]
    assert (await ask(app, path.format(tree))).status_code == 404
