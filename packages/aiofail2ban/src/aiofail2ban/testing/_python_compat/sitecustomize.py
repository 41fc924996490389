"""Put back what Python took away since fail2ban 0.11 (Debian 11, Python 3.9), so that it runs unchanged on a newer one.

- `from collections import Mapping` and the like, gone since Python 3.10;
- flags for a whole regular expression that do not stand at its start, as in `LOGIN|(?i)PLAIN`, an error since 3.11.
  The stock filter `postfix` has them, and one regular expression that fails takes every jail down.

Python imports `sitecustomize` before any program of its own, so a folder with this file on PYTHONPATH is enough. It
belongs to the daemon's process, never to the one that started it, and changes nothing for newer versions of fail2ban.
"""

import collections
import collections.abc
import re
from typing import Any

for _name in collections.abc.__all__:
    if not hasattr(collections, _name):
        setattr(collections, _name, getattr(collections.abc, _name))

_compile = re.compile
_GLOBAL_FLAGS = _compile(r"\(\?[aiLmsux]+\)")


def _compile_as_before(pattern: Any, flags: int = 0) -> Any:
    try:
        return _compile(pattern, flags)
    except re.error as problem:
        if "global flags not at the start" not in str(problem):
            raise
    return _compile("".join(_GLOBAL_FLAGS.findall(pattern)) + _GLOBAL_FLAGS.sub("", pattern), flags)


vars(re)["compile"] = _compile_as_before
