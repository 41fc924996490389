from dataclasses import fields, is_dataclass
from importlib.resources import files
from typing import get_args

import pytest
from jinja2 import UndefinedError, meta
from starlette.requests import Request

from bangui.web import address_contexts, contexts, history_contexts
from bangui.web.address_contexts import AddressAskPage, AddressPage
from bangui.web.assets import Assets
from bangui.web.contexts import ErrorPage, Frame, OverviewPage, OverviewRegions, Theme
from bangui.web.errors import NOT_FOUND
from bangui.web.history_contexts import HistoryPage
from bangui.web.rendering import Context, Renderer

CONTEXTS = (OverviewPage, OverviewRegions, HistoryPage, AddressPage, AddressAskPage, ErrorPage)
GLOBALS = {"asset", "modules"}


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(Assets.load(), version="1")


def request_for(accept: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept", accept.encode())]})


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_template_uses_only_what_its_context_declares(context: type, renderer: Renderer) -> None:
    environment = renderer._environment
    source = (files("bangui.web") / "templates" / context.__dict__["template"]).read_text()
    used = meta.find_undeclared_variables(environment.parse(source))
    assert is_dataclass(context)
    assert used <= {field.name for field in fields(context)} | GLOBALS


def test_every_context_type_is_known_to_the_renderer() -> None:
    values = [value for module in (contexts, history_contexts, address_contexts) for value in vars(module).values()]
    with_template = {value for value in values if "template" in getattr(value, "__dict__", {})}
    assert with_template == set(CONTEXTS) == set(get_args(Context))


def test_a_name_that_does_not_exist_is_an_error(renderer: Renderer) -> None:
    template = renderer._environment.from_string("{{ missing }}")
    with pytest.raises(UndefinedError):
        template.render()


def test_everything_is_escaped(renderer: Renderer) -> None:
    page = renderer.html(ErrorPage(Frame("<v>", Theme.DARK), 400, "<t>", "`<x>`", "<h>"))
    assert "<t>" not in page
    assert "<v>" not in page
    assert "<code>&lt;x&gt;</code>" in page


def test_an_error_is_a_page_for_a_person_and_two_lines_for_a_program(renderer: Renderer) -> None:
    page = renderer.problem(request_for("text/html"), NOT_FOUND)
    assert (page.status_code, page.media_type) == (404, "text/html")
    text = renderer.problem(request_for("*/*"), NOT_FOUND)
    assert bytes(text.body).startswith(b"404 Not found\nThere is no page")
