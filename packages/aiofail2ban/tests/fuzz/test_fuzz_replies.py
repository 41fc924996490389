"""The fuzzer runs, says which engine ran, and would notice a broken rule."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TARGET = Path(__file__).parent / "fuzz_replies.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(TARGET), *arguments], capture_output=True, text=True, timeout=100, check=False
    )


def test_it_runs_by_random_mutation_and_says_so() -> None:
    done = run("--seconds", "1", "--engine", "random", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "engine: random" in done.stdout
    assert "the rule holds" in done.stdout


def test_it_runs_with_the_engine_it_has_and_says_which() -> None:
    done = run("--seconds", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(("engine: atheris, ", "engine: random (atheris is not installed)"))


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x80\x05K\x00\x8c\x04pong\x86.<F2B_END_COMMAND>"])
def test_it_tries_one_file(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bytes"
    file.write_bytes(data)
    done = run(str(file))
    assert (done.returncode, done.stdout) == (0, "the rule holds\n")
