"""Fixtures of all tests of this repository, and the marks that say what a test needs."""

import pytest

pytest_plugins = ["aiofail2ban.testing.pytest_plugin", "packages.bangui.tests.postgres"]

_DAEMON_FIXTURES = {"daemon", "installation", "module_daemon", "one_daemon", "one_installation"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they use, so that none is forgotten when only quick ones are asked for; a hook of pytest's."""
    for item in items:
        if _DAEMON_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("daemon")
        if "postgres_programs" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")
        if "browser" in item.path.parts:
            item.add_marker("browser")
