from argparse import ArgumentParser

from bangui.cli.proxy_options import proxy_options


def test_names_and_proxies_can_be_said_more_than_once() -> None:
    parser = ArgumentParser()
    proxy_options(parser)
    words = "--host-name a.example --host-name b.example --trusted-proxy 127.0.0.1 --trusted-proxy ::1 --base-path /x"
    options = parser.parse_args(words.split())
    assert options.host_name == ["a.example", "b.example"]
    assert options.trusted_proxy == ["127.0.0.1", "::1"]
    assert (options.base_path, options.login_header) == ("/x", None)
