"""The settings of the pages, from the options of the command line."""

from __future__ import annotations

from argparse import Namespace

from bangui import __version__
from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.web.settings import WebSettings


def web_settings(options: Namespace) -> WebSettings:
    """Return the settings that the options of `serve` or `demo` ask for, or raise `InvalidInput`."""
    proxies = tuple(parse_address(text).network for text in getattr(options, "trusted_proxy", None) or ())
    header = getattr(options, "login_header", None)
    if header and not proxies:
        raise InvalidInput("--login-header needs --trusted-proxy", "otherwise anybody could claim to be anybody")
    try:
        return WebSettings(
            version=__version__,
            allowed_hosts=frozenset(getattr(options, "host_name", None) or ()),
            base_path=(getattr(options, "base_path", None) or "").rstrip("/"),
            trusted_proxies=proxies,
            login_header=header,
        )
    except ValueError as error:
        raise InvalidInput(str(error), "say for example --base-path /bangui") from None
