"""Public names that are imported when they are first asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def late_names(owner: str, names: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """Return a `__getattr__` for the module `owner` that finds `names`, listed by the module that holds them.

    Those modules are in this package. A name that was found is kept in `owner`, so that it is looked for once.
    """
    modules = {name: module for module, members in names.items() for name in members}

    def find(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {owner!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{__package__}.{modules[name]}"), name)
        setattr(sys.modules[owner], name, value)
        return value

    return find
