"""A site without anything behind it: for tests of what is only said about operations."""

from __future__ import annotations

from bangui.web import Services, WebSettings
from bangui.web.app import build_site
from bangui.web.site import Site
from packages.bangui.tests.filled_history import NOW
from packages.bangui.tests.web.scripted import ScriptedLive, few_bans


def a_site() -> Site:
    """Return a site over a scripted live state."""
    return build_site(ScriptedLive(few_bans(NOW)), WebSettings(version="1"), Services(), lambda: NOW)
