from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bangui.demo import Firewall, probe_firewall

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def tool(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_the_probe_agrees_with_what_nft_says_by_itself() -> None:
    possible = (
        shutil.which("nft", path=ENVIRONMENT["PATH"]) is not None
        and subprocess.run(
            ["unshare", "-Urn", "nft", "add", "table", "inet", "t"], env=ENVIRONMENT, capture_output=True, check=False
        ).returncode
        == 0
    )
    assert probe_firewall(ENVIRONMENT).with_nftables is possible


def test_a_kernel_that_gives_no_namespace_away_is_told(tmp_path: Path) -> None:
    tool(tmp_path, "unshare", "echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1")
    found = probe_firewall({"PATH": f"{tmp_path}{os.pathsep}/usr/bin:/bin"})
    assert (found.isolated, found.with_nftables) == (False, False)
    assert "Operation not permitted" in found.banner
    assert "log" in found.banner


def test_a_missing_nft_is_told_with_its_package(tmp_path: Path) -> None:
    tool(
        tmp_path,
        "unshare",
        '[ "$4" = true ] && exit 0; echo "unshare: failed to execute nft: No such file or directory" >&2; exit 127',
    )
    found = probe_firewall({"PATH": str(tmp_path)})
    assert (found.isolated, found.with_nftables) == (True, False)
    assert "package nftables" in found.banner


@pytest.mark.parametrize(
    ("firewall", "words"),
    [
        (Firewall(isolated=True, with_nftables=True), "real nftables table"),
        (Firewall(isolated=False, with_nftables=False, problem="because"), "not into a firewall: because"),
    ],
)
def test_the_banner_says_where_bans_go(firewall: Firewall, words: str) -> None:
    assert words in firewall.banner
