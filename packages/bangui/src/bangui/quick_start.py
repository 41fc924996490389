"""Spares short commands a module that they import and never use.

`dataclasses` imports `inspect`, and with it Python's own tokenizer, parser tables and disassembler: a tenth of the time
of a short command. On Python 3.11 it needs them only for the docstring of a class that has none. So `inspect` is
imported when somebody first uses it. Where that is at once, as with newer Pythons and with asyncio, nothing is gained
and nothing is lost.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType


class LateModule(ModuleType):
    """Stands in `sys.modules` for a module that is imported when somebody first wants something from it."""

    def __getattr__(self, name: str) -> object:
        own_name = self.__name__
        if sys.modules.get(own_name) is self:
            del sys.modules[own_name]
        return getattr(import_module(own_name), name)


def import_late(name: str) -> None:
    """Let the next `import` of the module cost nothing until it is used; one that is imported already stays."""
    sys.modules.setdefault(name, LateModule(name))
