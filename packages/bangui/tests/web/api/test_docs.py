"""The documentation over HTTP."""

from __future__ import annotations

import re

from bangui.domain.accounts import Role
from bangui.web import WebSettings
from packages.bangui.tests.web.client import ask
from packages.bangui.tests.web.opened import open_app
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans


async def test_a_viewer_reads_it_and_a_stranger_is_asked_to_log_in() -> None:
    app = open_app(ScriptedLive(few_bans()), WebSettings(version="1"), role=Role.VIEWER)
    answer = await ask(app, "/api/v1/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "/blocklist.txt" in answer.text
    stranger = open_app(ScriptedLive(few_bans()), WebSettings(version="1"), role=None)
    assert (await ask(stranger, "/api/v1/docs")).status_code == 303


async def test_every_link_within_it_leads_somewhere_and_no_anchor_is_there_twice() -> None:
    answer = await ask(open_app(ScriptedLive(few_bans()), WebSettings(version="1")), "/api/v1/docs")
    anchors = re.findall(r' id="([^"]+)"', answer.text)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= set(anchors)
