"""Fixtures of all tests of this repository."""

pytest_plugins = ["aiofail2ban.testing.pytest_plugin"]
