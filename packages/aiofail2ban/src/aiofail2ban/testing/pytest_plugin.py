"""pytest fixtures: real fail2ban daemons of several versions.

Switch it on with `pytest_plugins = ["aiofail2ban.testing.pytest_plugin"]` in the topmost `conftest.py`. The versions
are Debian packages unpacked into one folder (option `fail2ban_trees` of the pytest configuration), one sub-folder a
Debian release. A test that asks for `installation` or `daemon` runs once for each release. One that cannot be had
skips with the reason on a person's machine and fails where `CI` is `true`, so that no version is lost unnoticed.

The fixtures need no plugin for asynchronous tests: a `Fail2BanProcess` belongs to no event loop.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from aiofail2ban.testing.installation import Fail2BanInstallation
from aiofail2ban.testing.process import Fail2BanProcess

# The version is written out for the test ids; what really runs is asked from the program.
SUITES = {"bullseye": "0.11.2", "bookworm": "1.0.2", "trixie": "1.1.0", "sid": "1.1.1"}
# Modules that some releases want and Debian's Python may lack (python3-systemd, pyasyncore), beside the trees.
_EXTRA_MODULES = "_python"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare where the unpacked packages are; a hook of pytest's."""
    parser.addini(
        "fail2ban_trees",
        "folder of unpacked fail2ban packages, one sub-folder a Debian release",
        default=".cache/fail2ban",
    )


@pytest.fixture(scope="session")
def fail2ban_trees(pytestconfig: pytest.Config) -> Path:
    """The folder with one unpacked fail2ban package a Debian release."""
    return pytestconfig.rootpath / str(pytestconfig.getini("fail2ban_trees"))


def unavailable(reason: str) -> NoReturn:
    """Skip a test that needs what this machine lacks; in CI, fail instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def load_installation(suite: str, trees: Path) -> Fail2BanInstallation:
    """The fail2ban of one Debian release; without it the test skips, or fails in CI."""
    root = trees / suite
    if not (root / "usr/bin/fail2ban-server").is_file():
        reason = f"fail2ban of Debian {suite} is not in {trees}: {_why_missing(trees, suite)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    extra = [folder for folder in (trees / _EXTRA_MODULES,) if folder.is_dir()]
    return Fail2BanInstallation.from_root(root, extra_python_folders=extra)


def _why_missing(trees: Path, suite: str) -> str:
    """What the one who looked for it found out, or who to ask."""
    try:
        return (trees / f"{suite}.missing").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "script/bootstrap puts it there"


@pytest.fixture(
    scope="session",
    params=[pytest.param(suite, id=f"{suite}-{version}") for suite, version in SUITES.items()],
)
def installation(request: pytest.FixtureRequest, fail2ban_trees: Path) -> Fail2BanInstallation:
    """Every fail2ban version in turn."""
    return load_installation(request.param, fail2ban_trees)


@pytest.fixture(scope="session")
def one_installation(fail2ban_trees: Path) -> Fail2BanInstallation:
    """One fail2ban version, for tests that do not depend on it: the oldest Debian release still in wide use."""
    return load_installation("bookworm", fail2ban_trees)


@pytest.fixture
def daemon(installation: Fail2BanInstallation) -> Iterator[Fail2BanProcess]:
    """A fresh daemon without configuration, of every version in turn."""
    with _running(Fail2BanProcess(installation)) as process:
        yield process


@pytest.fixture(scope="module")
def module_daemon(installation: Fail2BanInstallation) -> Iterator[Fail2BanProcess]:
    """A daemon without configuration that the tests of one module share; use jails of different names."""
    with _running(Fail2BanProcess(installation)) as process:
        yield process


@pytest.fixture
def one_daemon(one_installation: Fail2BanInstallation) -> Iterator[Fail2BanProcess]:
    """A fresh daemon without configuration, of one version."""
    with _running(Fail2BanProcess(one_installation)) as process:
        yield process


@contextmanager
def _running(process: Fail2BanProcess) -> Iterator[Fail2BanProcess]:
    _run(process.__aenter__())
    try:
        yield process
    finally:
        _run(process.__aexit__(None, None, None))


def _run(work: Coroutine[object, object, object]) -> None:
    # Not `asyncio.run`: it would take away the event loop that a plugin has set for this thread.
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()
