"""The large history on disk: made once, and used again until something that it is made of changes.

Beside it lie the attacks of the week after, which the writer is measured with.
"""

from __future__ import annotations

import os
import pickle
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from bangui.adapters.sql import id_keys, lines, schema, words
from bangui.domain import history
from bangui.domain.history import Observation
from bench.history.attacks import Attacks
from bench.history.bulk import fill
from bench.history.observed import observation_of, places_of

DAYS = 365
_DAYS_AFTER = 7
_ROOM = 3
"""The history, a copy of it that the writer works on, and what SQLite needs to sort."""
_BYTES_AN_EVENT = 260


@dataclass(frozen=True, slots=True)
class Later:
    """What happens in the week after the history, in the order of time, and where everybody is."""

    observations: Sequence[Observation]
    places: Mapping[str, tuple[str | None, int | None]]


@dataclass(frozen=True, slots=True)
class Stored:
    """A history on disk; `seconds` is how long it took to make, None for one that was there."""

    path: Path
    later: Later
    seconds: float | None

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """Lend a copy that may be written to."""
        target = self.path.with_suffix(".copy")
        try:
            shutil.copyfile(self.path, target)
            # What the kernel has still to write would be written at the expense of whoever works on the copy.
            with target.open("rb") as file:
                os.fsync(file.fileno())
            yield target
        finally:
            for left in target.parent.glob(f"{target.name}*"):
                left.unlink()


def provide(folder: Path, events: int) -> Stored:
    """Return the history of a year with so many events; raises OSError where there is no room for it."""
    name = f"history-{events}"
    path = folder / f"{name}-{_mark()}.sqlite3"
    seconds = None
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{name}-*"):
            old.unlink()
        if shutil.disk_usage(folder).free < _ROOM * _BYTES_AN_EVENT * events:
            raise OSError(f"a history of {events:,} events needs {_ROOM * _BYTES_AN_EVENT * events / 1e9:.0f} GB there")
        started = time.perf_counter()
        _make(path, events)
        seconds = time.perf_counter() - started
    with _later(path).open("rb") as file:
        return Stored(path, pickle.load(file), seconds)


def _make(path: Path, events: int) -> None:
    days = DAYS + _DAYS_AFTER
    attacks = Attacks(events * days // DAYS, days)
    happened = iter(attacks)
    unfinished = path.with_suffix(".unfinished")
    fill(unfinished, attacks, islice(happened, DAYS))
    after = [one for day in happened for one in day]
    later = Later([observation_of(attacks, one) for one in after], places_of(attacks, after))
    _later(path).write_bytes(pickle.dumps(later, pickle.HIGHEST_PROTOCOL))
    unfinished.rename(path)


def _later(path: Path) -> Path:
    return path.with_suffix(".later")


def _mark() -> str:
    """Return what changes with the makers of the history, and with how the product keeps one."""
    product = [Path(str(module.__file__)) for module in (id_keys, lines, schema, words, history)]
    makers = sorted(file for file in Path(__file__).parent.glob("*.py") if file.stem != "questions")
    mark = blake2b(digest_size=6)
    for file in (*product, *makers):
        mark.update(file.read_bytes())
    return mark.hexdigest()
