"""PostgreSQL's programs as the tests run them: where they are, and as whom.

`script/bootstrap` chooses them and leaves a link to their folder, `.cache/postgresql/bin`.

PostgreSQL refuses to run as root. For root it is run in a user namespace, in which root has another number but is still
the owner of its files; where the kernel gives none away, as another user of this machine.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self


class PostgresUnavailableError(Exception):
    """This machine has no PostgreSQL that could be started; the text says why."""


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """Where `initdb` and `postgres` are, and, where the packages were only unpacked, the tree that holds all of it."""

    folder: Path
    tree: Path | None = None

    @classmethod
    def find(cls, cache: Path) -> Self:
        """What `script/bootstrap` has chosen and put down in its folder `.cache/postgresql`."""
        folder = (cache / "bin").resolve()
        if not (folder / "initdb").is_file():
            try:
                reason = (cache / "tree.missing").read_text(encoding="utf-8", errors="replace").strip()
            except OSError:
                reason = "script/bootstrap looks for it"
            raise PostgresUnavailableError(f"there is no PostgreSQL server: {reason}")
        tree = (cache / "tree").resolve()
        return cls(folder, tree if folder.is_relative_to(tree) else None)

    @property
    def environment(self) -> dict[str, str]:
        """What the programs are run with: nothing of the settings that somebody has for databases of their own."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        if self.tree is not None:
            libraries = [*self.tree.glob("usr/lib/*-linux-*"), *self.tree.glob("lib/*-linux-*")]
            environment["LD_LIBRARY_PATH"] = os.pathsep.join(map(str, libraries))
        return environment

    def copy_to(self, target: Path) -> PostgresPrograms:
        """The same programs in another folder; PostgreSQL finds its other files from where its programs are."""
        if self.tree is None:
            raise PostgresUnavailableError(f"PostgreSQL in {self.folder} can only be run by root, which it refuses")
        shutil.copytree(self.tree, target, symlinks=True)
        return PostgresPrograms(target / self.folder.relative_to(self.tree), target)


@dataclass(frozen=True, slots=True)
class Way:
    """How a program is run as somebody whom PostgreSQL accepts, and who must own its files, where that is not us."""

    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None

    def can_run(self, *command: str, environment: dict[str, str]) -> bool:
        """Whether a command succeeds in this way."""
        # By a shell, because setpriv itself may still look into folders that only root can see.
        by_shell = ("sh", "-c", 'exec "$0" "$@"')
        done = subprocess.run([*self.prefix, *by_shell, *command], env=environment, capture_output=True, check=False)
        return done.returncode == 0


def find_way(environment: dict[str, str]) -> Way:
    """The first way that this machine allows."""
    if os.geteuid() != 0:
        return Way()
    # PostgreSQL asks for the name of who runs it, so it has to be somebody whom this machine knows.
    user = next(entry for entry in pwd.getpwall() if entry.pw_uid != 0)
    numbers = str(user.pw_uid), str(user.pw_gid)
    ways = (
        Way(("unshare", f"--map-user={numbers[0]}", f"--map-group={numbers[1]}")),
        Way(
            ("setpriv", f"--reuid={numbers[0]}", f"--regid={numbers[1]}", "--clear-groups"), (user.pw_uid, user.pw_gid)
        ),
    )
    for way in ways:
        if way.can_run("true", environment=environment):
            return way
    raise PostgresUnavailableError("PostgreSQL refuses to run as root, who here can become nobody else")
