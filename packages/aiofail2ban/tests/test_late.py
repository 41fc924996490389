"""The names of the package that come with their first use."""

import subprocess
import sys

import pytest

import aiofail2ban
from aiofail2ban._late import late_names


def test_every_public_name_can_be_had() -> None:
    for name in aiofail2ban.__all__:
        assert getattr(aiofail2ban, name) is not None


def test_the_type_aliases_are_exported() -> None:
    for name in ("Fail2BanToken", "Fail2BanCommand", "Fail2BanResponse"):
        assert name in aiofail2ban.__all__
        assert hasattr(aiofail2ban, name)


def test_a_name_is_looked_for_once() -> None:
    assert aiofail2ban.Jail is aiofail2ban.Jail
    assert "Jail" in vars(aiofail2ban)


def test_a_name_that_does_not_exist_is_an_ordinary_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Jial'"):
        late_names("aiofail2ban", {"jail": ("Jail",)})("Jial")
    with pytest.raises(ImportError):
        exec("from aiofail2ban import Jial")


def test_the_package_comes_without_what_only_some_programs_need() -> None:
    script = "import sys, aiofail2ban; print(sorted(sys.modules))"
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    for module in ("asyncio", "logging", "socket", "ssl", "aiofail2ban.jail", "aiofail2ban.action"):
        assert repr(module) not in output.stdout
