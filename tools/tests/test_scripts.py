"""The shell parts of `script/`, each run by bash with made-up commands and files in place of the machine's own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

DEB822 = """\
Types: deb
# http://commented.example/debian
URIs: http://first.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main
"""


def run_bash(program: str, *, path: Path | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{path}:/usr/bin:/bin" if path else os.environ["PATH"], "HOME": "/nonexistent"}
    return subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{program}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=check,
        timeout=60,
    )


def find_uris(*files: Path) -> list[str]:
    command = ["awk", "-v", "codename=bookworm", "-f", "script/lib/archive-uri.awk", *map(str, files)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def write_program(folder: Path, name: str, content: str) -> None:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/bash\n{content}\n", encoding="utf-8")
    file.chmod(0o755)


def test_the_archive_is_the_source_of_the_release_itself_not_of_its_security_updates(tmp_path: Path) -> None:
    file = tmp_path / "debian.sources"
    file.write_text(DEB822, encoding="utf-8")
    assert find_uris(file) == ["http://first.example/debian"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("deb http://one.example/debian bookworm main\n", ["http://one.example/debian"]),
        ("deb [arch=amd64 signed-by=/k.gpg] https://one.example/d bookworm main\n", ["https://one.example/d"]),
        ("deb http://one.example/debian/ bookworm main\n# deb http://two.example/ bookworm main\n", None),
        ("deb-src http://one.example/debian bookworm main\n", []),
        ("deb http://one.example/debian bookworm-updates main\n", []),
        ("deb cdrom:[Debian]/ bookworm main\n", []),
        ("deb file:/srv/mirror bookworm main\n", []),
        ("deb mirror+file:/etc/apt/mirrors/debian.list bookworm main\n", ["mirror+file:/etc/apt/mirrors/debian.list"]),
    ],
)
def test_the_archive_is_found_in_one_line_sources(tmp_path: Path, content: str, expected: list[str] | None) -> None:
    file = tmp_path / "debian.list"
    file.write_text(content, encoding="utf-8")
    assert find_uris(file) == (["http://one.example/debian/"] if expected is None else expected)


def test_a_switched_off_source_is_no_archive_and_fields_may_go_on_in_the_next_line(tmp_path: Path) -> None:
    off, folded = tmp_path / "a.sources", tmp_path / "b.sources"
    off.write_text("Enabled: no\nTypes: deb\nURIs: http://off.example/\nSuites: bookworm\n", encoding="utf-8")
    folded.write_text("types: deb-src deb\nuris:\n http://on.example/\nsuites: x\n bookworm\n", encoding="utf-8")
    assert find_uris(off, folded) == ["http://on.example/"]


def test_without_sudo_a_person_is_told_the_exact_command() -> None:
    program = """
    . script/lib/say.sh; . script/lib/debian.sh
    is_installed() { return 1; }
    install_packages() { describe_installation "${@:2}"; return 1; }
    need_packages "it makes the environment" python3-venv
    """
    run = run_bash(program, check=False)
    assert run.returncode == 1
    assert "error: python3-venv is needed: it makes the environment" in run.stderr
    assert "apt-get update && apt-get install --no-install-recommends python3-venv" in run.stderr


def test_only_apt_get_runs_with_sudo_and_what_is_there_is_not_asked_for(tmp_path: Path) -> None:
    write_program(tmp_path / "bin", "sudo", 'echo "sudo $*" >&2')
    write_program(tmp_path / "bin", "env", 'echo "env $*" >&2')
    program = """
    . script/lib/say.sh; . script/lib/debian.sh
    is_installed() { [[ "$1" == there ]]; }
    show_apt_progress() { cat >&2; }
    want_packages "to see" there missing
    """
    lines = run_bash(program, path=tmp_path / "bin").stderr.splitlines()
    assert lines[0] == "==> Missing Debian packages: missing (to see)"
    ran = [line for line in lines if line.startswith(("sudo ", "env "))]
    assert len(ran) == 2
    assert ran[0].endswith(" update")
    assert ran[1].endswith(" install -y --no-install-recommends missing")


@pytest.mark.parametrize(("status", "asked"), [(100, ["update", "install"]), (1, ["update"])])
def test_a_broken_source_hides_no_other_and_a_refused_sudo_is_not_asked_again(
    tmp_path: Path, status: int, asked: list[str]
) -> None:
    for outermost in ("sudo", "env"):  # the latter for root
        answer = f'echo "asked: $*" >&2; [[ "$*" != *" update" ]] || exit {status}'
        write_program(tmp_path / "bin", outermost, answer)
    program = """
    . script/lib/say.sh; . script/lib/debian.sh
    is_installed() { return 1; }
    show_apt_progress() { cat >&2; }
    want_packages "to see" missing
    """
    run = run_bash(program, path=tmp_path / "bin", check=False)
    assert (run.returncode == 0) == (status == 100)
    lines = [line for line in run.stderr.splitlines() if line.startswith("asked: ")]
    assert [name for line in lines for name in ("update", "install") if name in line.split()] == asked


def test_the_first_tested_python_is_chosen_and_an_untested_one_is_refused(tmp_path: Path) -> None:
    write_program(tmp_path / "bin", "python3.99", "echo 3 99")
    sources = ". script/lib/say.sh; . script/lib/debian.sh; . script/lib/python.sh"
    run = run_bash(f"{sources}; BANGUI_PYTHON=python3.99 choose_python", path=tmp_path / "bin", check=False)
    assert run.returncode == 1
    assert "which is not Python 3.11, 3.12 or 3.13" in run.stderr
    run = run_bash(f"{sources}; BANGUI_PYTHON=/gone choose_python", check=False)
    assert "BANGUI_PYTHON is /gone, which cannot be run" in run.stderr
    write_program(tmp_path / "bin", "python3.12", "echo 3 12")
    run = run_bash(f'{sources}; BANGUI_PYTHON=python3.12 choose_python; echo "$python"', path=tmp_path / "bin")
    assert run.stdout.strip() == str(tmp_path / "bin/python3.12")


def test_an_environment_without_its_stamp_is_not_complete(tmp_path: Path) -> None:
    sources = ". script/lib/say.sh; . script/lib/debian.sh; . script/lib/python.sh; choose_python"
    environment = tmp_path / "venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin/python").symlink_to("/bin/true")
    check = f"environment_is_complete '{environment}'"
    assert run_bash(f"{sources}; {check} runtime", check=False).returncode == 1
    run_bash(f"{sources}; printf 'runtime %s\\n' \"$(environment_key)\" >'{environment}/.complete'")
    assert run_bash(f"{sources}; {check} runtime", check=False).returncode == 0
    assert run_bash(f"{sources}; {check} dev", check=False).returncode == 1
    run_bash(f"{sources}; printf 'dev %s\\n' \"$(environment_key)\" >'{environment}/.complete'")
    assert run_bash(f"{sources}; {check} runtime", check=False).returncode == 0
    (environment / ".complete").write_text("dev of-other-requirements\n", encoding="utf-8")
    assert run_bash(f"{sources}; {check} dev", check=False).returncode == 1


def test_a_full_disk_and_a_wrong_hash_are_told_apart_from_a_missing_network(tmp_path: Path) -> None:
    sources = f". script/lib/say.sh; . script/lib/debian.sh; . script/lib/python.sh; folder='{tmp_path}'"
    log = tmp_path / "log"
    log.write_text("THESE PACKAGES DO NOT MATCH THE HASHES\n", encoding="utf-8")
    failing = f"environment_failed '{log}' 'it failed'"
    full = run_bash(f"{sources}; has_room() {{ [[ $1 != '{tmp_path}' ]]; }}; {failing}", check=False)
    assert f"error: it failed: the disk that holds {tmp_path} is full" in full.stderr
    wrong = run_bash(f"{sources}; has_room() {{ true; }}; {failing}", check=False)
    assert "error: it failed: a downloaded file is not the one that was locked" in wrong.stderr
    log.write_text("Temporary failure in name resolution\n", encoding="utf-8")
    away = run_bash(f"{sources}; has_room() {{ true; }}; {failing}", check=False)
    assert "is the network there?" in away.stderr
    assert {full.returncode, wrong.returncode, away.returncode} == {1}


def test_a_release_that_cannot_be_had_leaves_its_reason_and_nothing_else(tmp_path: Path) -> None:
    clone = tmp_path / "a clone"
    trees = clone / ".cache/fail2ban"
    trees.mkdir(parents=True)
    shutil.copytree(ROOT / "script", clone / "script")
    write_program(tmp_path / "bin", "apt-get", "echo 'E: no such release' >&2; exit 100")
    run = subprocess.run(
        [clone / "script/lib/fetch-tree", "nonesuch", "nonesuch", "fail2ban"],
        env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert [file.name for file in trees.iterdir()] == ["nonesuch.missing"]
    reason = (trees / "nonesuch.missing").read_text(encoding="utf-8").strip()
    assert reason
    assert f"fail2ban of nonesuch: not to be had: {reason}" in run.stderr


def prepare_postgresql(clone: Path, bin_folder: Path, setting: str = "") -> str:
    """Run the step of script/bootstrap in a copy of `script`; what it says."""
    (clone / ".cache").mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "script", clone / "script", dirs_exist_ok=True)
    program = f"""
    cd '{clone}'; . script/lib/say.sh; . script/lib/archive.sh; . script/lib/postgres.sh
    own_id=debian own_suite=nonesuch
    BANGUI_POSTGRESQL={setting} prepare_postgresql
    """
    return run_bash(program, path=bin_folder).stderr


def test_a_postgresql_on_path_is_used_where_it_is_and_nothing_is_said(tmp_path: Path) -> None:
    programs, cache = tmp_path / "programs", tmp_path / "clone/.cache/postgresql"
    for name in ("initdb", "postgres"):
        write_program(programs, name, f"echo '{name} (PostgreSQL) 16.9 (Ubuntu 16.9-0ubuntu0.24.04.1)'")
    for _ in range(2):
        assert not prepare_postgresql(tmp_path / "clone", programs)
        assert (cache / "bin").resolve() == programs
    assert [file.name for file in cache.iterdir()] == ["bin"]


def test_a_postgresql_that_cannot_be_had_leaves_its_reason_and_the_link_goes(tmp_path: Path) -> None:
    programs, cache = tmp_path / "programs", tmp_path / "clone/.cache/postgresql"
    write_program(programs, "apt-get", "echo 'E: no network' >&2; exit 100")
    cache.mkdir(parents=True)
    (cache / "bin").symlink_to(programs)
    said = prepare_postgresql(tmp_path / "clone", programs, "unpacked")
    assert [file.name for file in cache.iterdir()] == ["tree.missing"]
    reason = (cache / "tree.missing").read_text(encoding="utf-8").strip()
    assert reason
    assert f"no PostgreSQL, tests that need it will say so: {reason}" in said
    assert not prepare_postgresql(tmp_path / "clone", programs, "unpacked"), "it is not asked for again at once"


def test_programs_that_cannot_be_run_or_are_too_old_are_passed_over(tmp_path: Path) -> None:
    sources = ". script/lib/say.sh; . script/lib/archive.sh; . script/lib/postgres.sh"
    for name, line in (
        ("old", "echo 'x (PostgreSQL) 13.22'"),
        ("broken", "exit 127"),
        ("good", "echo '(PostgreSQL) 18beta1'"),
    ):
        for program in ("initdb", "postgres"):
            write_program(tmp_path / name, program, line)
        run = run_bash(f"{sources}; runs_postgresql '{tmp_path / name}'", check=False)
        assert (run.returncode == 0) == (name == "good"), name


def test_another_python_is_used_only_when_it_is_whole(tmp_path: Path) -> None:
    sources = ". script/lib/say.sh; . script/lib/python.sh; . script/lib/checks.sh"
    shim, pyenv = tmp_path / "shims", tmp_path / "pyenv"
    write_program(shim, "python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    for name, answer in (("3.12.1", "[[ $2 != *ssl* ]] && echo 3 12"), ("3.12.4", "echo 3 12")):
        (pyenv / "versions" / name).mkdir(parents=True)
        write_program(pyenv / "versions" / name / "bin", "python", answer)
    find = f"PYENV_ROOT='{pyenv}'; find_other_python"
    assert run_bash(f"{sources}; {find} 3.12", path=shim).stdout.strip() == str(pyenv / "versions/3.12.4/bin/python")
    assert run_bash(f"{sources}; {find} 3.10", path=shim, check=False).returncode == 1
