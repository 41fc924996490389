"""The pages of BanGUI: server-rendered HTML that keeps itself up to date.

`create_app` returns an ASGI application over a live state; it imports services and domain, never an adapter.
"""

from bangui.web.app import create_app
from bangui.web.settings import WebSettings
from bangui.web.site import Services

__all__ = ["Services", "WebSettings", "create_app"]
