"""Where fail2ban's programs are, how they are run, and which version they are.

Two kinds are told apart: the fail2ban that is installed on this machine (its *programs*; its service, socket,
configuration and database are never used), and a Debian package that was only unpacked into a folder, so that
several versions can be had side by side without one of them becoming a service.

Programs of an unpacked package would import an installed fail2ban if there is one. PYTHONPATH decides, so it is
always set; and the version is always asked from the program itself, which proves that it starts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiofail2ban.errors import Fail2BanError

_VERSION_LINE = re.compile(r"Fail2Ban v(?P<version>\S+)")
_VERSION_SECONDS = 30.0
_COMPAT_FOLDER = Path(__file__).parent / "_python_compat"
# Debian's own interpreter: the packages are built for it, and a virtual environment's would lack python3-systemd.
_DEBIAN_PYTHON = Path("/usr/bin/python3")


class Fail2BanInstallationError(Fail2BanError):
    """No usable fail2ban there; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Fail2BanInstallation:
    """The programs of one fail2ban: `server` and `client` are the beginnings of command lines.

    `environment` is complete, not an addition to this process's own. `config_directory` holds the stock
    configuration, which is copied and never written.
    """

    server: tuple[str, ...]
    client: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    config_directory: Path
    version: str

    @classmethod
    def find(cls, config_directory: Path = Path("/etc/fail2ban")) -> Fail2BanInstallation:
        """The fail2ban installed on this machine, or `Fail2BanInstallationError`."""
        # A user's PATH often lacks the sbin folders, where some distributions keep the programs.
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
        server = shutil.which("fail2ban-server", path=path)
        client = shutil.which("fail2ban-client", path=path)
        if server is None or client is None:
            raise Fail2BanInstallationError(
                "fail2ban is not installed: no fail2ban-server and fail2ban-client on PATH",
                hint="install the package fail2ban, or unpack it (dpkg -x fail2ban_*.deb FOLDER) and give that folder",
            )
        return cls._checked((server,), (client,), _environment(()), config_directory)

    @classmethod
    def from_root(
        cls,
        root: Path,
        *,
        python: Path = _DEBIAN_PYTHON,
        extra_python_folders: Sequence[Path] = (),
    ) -> Fail2BanInstallation:
        """The fail2ban of a Debian package unpacked into `root` (`dpkg -x fail2ban_*.deb root`).

        `extra_python_folders` hold modules that this fail2ban wants and `python` lacks, such as python3-systemd.
        """
        root = root.resolve()
        server, client = (root / "usr/bin" / name for name in ("fail2ban-server", "fail2ban-client"))
        if not server.is_file() or not client.is_file():
            raise Fail2BanInstallationError(
                f"no unpacked fail2ban package in {root}",
                hint="unpack one there: dpkg -x fail2ban_*.deb " + str(root),
            )
        folders = [root / "usr/lib/python3/dist-packages", _COMPAT_FOLDER, *extra_python_folders]
        return cls._checked(
            (str(python), str(server)),
            (str(python), str(client)),
            _environment(folders),
            root / "etc/fail2ban",
        )

    @classmethod
    def _checked(
        cls,
        server: tuple[str, ...],
        client: tuple[str, ...],
        environment: Mapping[str, str],
        config_directory: Path,
    ) -> Fail2BanInstallation:
        if not (config_directory / "jail.conf").is_file():
            raise Fail2BanInstallationError(
                f"fail2ban's stock configuration is not in {config_directory}",
                hint="it should hold jail.conf, filter.d and action.d",
            )
        version = _ask_version(server, environment)
        return cls(server, client, environment, config_directory, version)


def _environment(python_folders: Sequence[Path]) -> dict[str, str]:
    """A small, known environment: texts in UTF-8, messages in English, nothing of the caller's Python."""
    environment = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "PYTHONNOUSERSITE": "1",
    }
    if python_folders:
        environment["PYTHONPATH"] = os.pathsep.join(str(folder) for folder in python_folders)
    for name in ("TZ", "TMPDIR"):
        if name in os.environ:
            environment[name] = os.environ[name]
    return environment


def _ask_version(server: tuple[str, ...], environment: Mapping[str, str]) -> str:
    try:
        answer = subprocess.run(
            [*server, "--version"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_VERSION_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Fail2BanInstallationError(f"{server[-1]} cannot be run: {problem}") from problem
    found = _VERSION_LINE.search(answer.stdout)
    if found is None:
        last = answer.stdout.strip().splitlines()[-1:] or [f"exit status {answer.returncode}"]
        raise Fail2BanInstallationError(
            f"{server[-1]} does not run: {last[0]}",
            hint=f"try it by hand: {' '.join(server)} --version",
        )
    return found["version"]
