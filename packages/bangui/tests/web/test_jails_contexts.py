from __future__ import annotations

from importlib.resources import files

from bangui.web.jails_contexts import JailPage, JailQuestionPage, JailsPage


def test_each_page_has_its_template() -> None:
    for page in (JailsPage, JailPage, JailQuestionPage):
        assert (files("bangui.web") / "templates" / page.template).is_file()
