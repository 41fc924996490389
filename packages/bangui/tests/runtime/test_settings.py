from argparse import Namespace
from ipaddress import ip_network

import pytest

from bangui.domain.errors import InvalidInput
from bangui.runtime.settings import web_settings


def test_the_options_become_settings() -> None:
    settings = web_settings(
        Namespace(
            host_name=["bans.example"],
            base_path="/bans/",
            trusted_proxy=["10.0.0.0/8", "::1"],
            login_header="Remote-User",
        )
    )
    assert settings.allowed_hosts == {"bans.example"}
    assert settings.base_path == "/bans"
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert settings.login_header == "Remote-User"


def test_the_demonstration_has_none_of_these_options() -> None:
    settings = web_settings(Namespace())
    assert (settings.base_path, settings.trusted_proxies, settings.login_header) == ("", (), None)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (Namespace(trusted_proxy=["proxy.example"]), "not an address"),
        (Namespace(login_header="Remote-User"), "needs --trusted-proxy"),
        (Namespace(base_path="bans"), "a base path is"),
    ],
)
def test_what_makes_no_sense_is_told(options: Namespace, complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        web_settings(options)
