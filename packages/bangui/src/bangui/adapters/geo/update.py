"""Replaces a user's own data after it has been checked, all of it or nothing.

What arrives is copied and checked in a folder of its own within the folder of the data. Only what has passed is moved
into place, by renames: whoever reads sees the old file or the new one. A failure at any moment leaves the old files,
and the next update removes what a crash has left behind. One update at a time: there is a lock on the folder.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bangui.adapters.geo.arrivals import Arrival, copy_file, take_download
from bangui.adapters.geo.checks import check
from bangui.adapters.geo.download import Limits, download, shown_url
from bangui.adapters.geo.errors import NOTHING_CHANGED
from bangui.adapters.geo.files import ASN_MMDB, ASN_TABLE, UNFINISHED
from bangui.domain.errors import BanGUIError, InvalidInput
from bangui.domain.places import ReplacedData

# Of these only one can be asked first: the one that came last.
_RIVALS = {ASN_TABLE: ASN_MMDB, ASN_MMDB: ASN_TABLE}


def replace_from_files(folder: Path, files: Sequence[Path]) -> ReplacedData:
    """Replace the data by what these files hold; more than one only for rows of text, one after the other.

    Raises `BanGUIError`: a file cannot be read or is not what it should be, or the folder cannot be written.
    """
    if not files:
        raise InvalidInput("there is no file to take the data from")

    def fetch(work: Path) -> list[Arrival]:
        return [copy_file(file, work / str(number)) for number, file in enumerate(files)]

    return _replace(folder, fetch)


def replace_from_url(folder: Path, url: str, limits: Limits | None = None) -> ReplacedData:
    """Replace the data by the file behind an address; raises as `replace_from_files` and `download` do."""

    def fetch(work: Path) -> list[Arrival]:
        with (work / "download").open("wb") as file:
            download(url, file, limits or Limits())
        name = shown_url(url).rpartition("/")[2] or "download"
        return [take_download(work / "download", work / "0", name)]

    return _replace(folder, fetch)


def _replace(folder: Path, fetch: Callable[[Path], list[Arrival]]) -> ReplacedData:
    with _locked(folder) as lock:
        for left_behind in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left_behind, ignore_errors=True)
        with TemporaryDirectory(prefix=UNFINISHED, dir=folder) as name:
            work = Path(name)
            checked = check(fetch(work), work)
            _put_in_place(checked.files, folder, work)
            # Not every file system can do it for a folder, and the new files are in place anyway.
            with suppress(OSError):
                os.fsync(lock)
    return checked.replaced


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    """Own the folder while the block runs, and tell the system's errors as ours; yields its descriptor."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield lock
        finally:
            os.close(lock)
    except BlockingIOError as error:
        raise BanGUIError("another update is running", "wait until it has ended") from error
    except OSError as error:
        raise BanGUIError(f"{error.filename or folder}: {error.strerror or error}", NOTHING_CHANGED) from error


def _put_in_place(files: Mapping[str, Path], folder: Path, work: Path) -> None:
    """Move new files into place, all or none of them, and take away what they stand for from now on."""
    ready = {name: _ready(path, work / f"ready-{name}") for name, path in files.items()}
    rivals = [rival for name in files if (rival := _RIVALS.get(name))]
    kept = {name: _keep(folder / name, work / f"kept-{name}") for name in (*files, *rivals)}
    try:
        for name, path in ready.items():
            path.replace(folder / name)
        for rival in rivals:
            (folder / rival).unlink(missing_ok=True)
    except OSError:
        for name, old in kept.items():
            _restore(folder / name, old)
        raise


def _ready(path: Path, copy: Path) -> Path:
    """Return a file that is safe on the disk; one that takes two places has two names until then."""
    os.link(path, copy)
    with copy.open("rb") as file:
        os.fchmod(file.fileno(), 0o644)
        os.fsync(file.fileno())
    return copy


def _keep(path: Path, copy: Path) -> Path | None:
    """Return a second name of a file that may have to come back, None where there is no file."""
    try:
        os.link(path, copy, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return copy


def _restore(path: Path, old: Path | None) -> None:
    with suppress(OSError):
        if old is None:
            path.unlink()
        else:
            old.replace(path)
