import re
from dataclasses import fields, is_dataclass
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules

import pytest
from jinja2 import UndefinedError, meta, nodes
from starlette.requests import Request

from bangui import web
from bangui.web import WebSettings
from bangui.web.assets import Assets
from bangui.web.contexts import ErrorPage, Frame, Theme
from bangui.web.errors import NOT_FOUND
from bangui.web.notices import Notices
from bangui.web.rendering import Renderer

GLOBALS = {"asset", "modules", "base_path", "_", "gettext", "ngettext", "pgettext", "npgettext"}
TEMPLATES = files("bangui.web") / "templates"


def every_context() -> list[type]:
    names = [module.name for module in iter_modules(web.__path__, "bangui.web.") if "contexts" in module.name]
    values = [value for name in names for value in vars(import_module(name)).values()]
    with_template = {value for value in values if "template" in getattr(value, "__dict__", {})}
    return sorted(with_template, key=lambda kind: kind.__name__)


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(Assets.load(), WebSettings(version="1", base_path="/bans"), Notices("/bans"))


def request_for(accept: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept", accept.encode())]})


@pytest.mark.parametrize("context", every_context())
def test_a_template_uses_only_what_its_context_declares(context: type, renderer: Renderer) -> None:
    environment = renderer._environment
    source = (TEMPLATES / context.__dict__["template"]).read_text()
    tree = environment.parse(source)
    imported = {name for node in tree.find_all(nodes.FromImport) for name in node.names}
    # Blocks do not see what was defined outside of them; translated blocks are made with `_trans`.
    defined = {macro.name for macro in tree.find_all(nodes.Macro)} | {"_trans"}
    defined |= {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    used = meta.find_undeclared_variables(tree) - imported - defined
    assert is_dataclass(context)
    assert used <= {field.name for field in fields(context)} | GLOBALS


def test_there_are_contexts_to_look_at() -> None:
    assert len(every_context()) > 8


@pytest.mark.parametrize("name", sorted(entry.name for entry in TEMPLATES.iterdir()))
def test_every_path_of_ours_is_written_with_the_base_path(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    paths = re.findall(r'(?:href|action|src|formaction)="([^"]*(?:"[^"]*"[^"]*)*?)"(?=[\s>])', source)
    careless = [path for path in paths if not re.search(r"\| at|asset\(|^#|^\{\{ (?:target|module) \}\}", path)]
    assert careless == []


def test_a_path_is_shown_with_the_base_path(renderer: Renderer) -> None:
    page = renderer.html(ErrorPage(Frame("1", Theme.DARK), 400, "t", "x", "h"))
    assert 'href="/bans/"' in page
    assert 'src="/bans/static/' in page
    assert 'data-base="/bans"' in page


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


def test_what_no_encoding_can_say_does_not_break_a_page(renderer: Renderer) -> None:
    page = renderer.page(ErrorPage(Frame("1", Theme.DARK, path="/x?\udc80"), 400, "t \udc80", "x", "h"))
    assert page.status_code == 200
    assert b"\\udc80" in bytes(page.body) or b"?" in bytes(page.body)
