"""A configuration folder of one's own: the stock files of an installation, and nothing that an administrator added."""

from __future__ import annotations

import configparser
import shutil
from collections.abc import Mapping
from pathlib import Path

_FOLDERS = ("filter.d", "action.d")
# Administrators write `*.local`; packages ship `*.conf`, Python actions, and scripts in folders below.
_STOCK_SUFFIXES = frozenset({".conf", ".py"})


def write_private_config(
    stock: Path,
    target: Path,
    *,
    jail_local: str | None,
    settings: Mapping[str, str],
    config_files: Mapping[str, str],
) -> None:
    """Write the configuration folder `target`; an empty one where `jail_local` is None."""
    target.mkdir(mode=0o700)
    if jail_local is None:
        return
    _copy_stock(stock, target)
    options = "".join(f"{name} = {value}\n" for name, value in settings.items())
    (target / "fail2ban.local").write_text(f"[DEFAULT]\n{options}", encoding="utf-8")
    (target / "jail.local").write_text(jail_local, encoding="utf-8")
    for name, text in config_files.items():
        path = target / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def enabled_jails(jail_local: str) -> frozenset[str]:
    """The jails that a `jail.local` switches on; the stock `jail.conf` switches on none."""
    # fail2ban's own interpolation is richer than Python's, so values are read as they stand.
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.read_string(jail_local)
    return frozenset(
        section
        for section in parser.sections()
        if section != "INCLUDES" and parser.get(section, "enabled", fallback="") in _TRUE
    )


# What fail2ban's own reader takes for true.
_TRUE = frozenset({"1", "on", "true", "yes"})


def _copy_stock(stock: Path, target: Path) -> None:
    for path in stock.glob("*.conf"):
        shutil.copyfile(path, target / path.name)
    for name in _FOLDERS:
        (target / name).mkdir()
        for path in (stock / name).iterdir():
            if path.is_dir():
                shutil.copytree(path, target / name / path.name, ignore=shutil.ignore_patterns("__pycache__"))
            elif path.suffix in _STOCK_SUFFIXES:
                shutil.copyfile(path, target / name / path.name)
