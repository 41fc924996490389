"""Put back what Python 3.10 took out of `collections`, for fail2ban older than 1.0 only.

fail2ban 0.11 (Debian 11, Python 3.9) says `from collections import Mapping`. Python imports `sitecustomize` before
any program of its own, so a folder with this file on PYTHONPATH lets that version run unchanged on a newer Python.
Nothing else imports this module: it belongs to the daemon's process, never to the one that started it.
"""

import collections
import collections.abc

for _name in collections.abc.__all__:
    if not hasattr(collections, _name):
        setattr(collections, _name, getattr(collections.abc, _name))
