"""Public names that are imported when they are first asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def late_names(package: str, names: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """Return a `__getattr__` for `package` that finds `names`, listed by the module that holds them.

    A name that was found is kept in the package, so that it is looked for once.
    """
    modules = {name: module for module, members in names.items() for name in members}

    def find(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{package}.{modules[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return find
