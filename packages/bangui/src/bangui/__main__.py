"""The program `bangui`, also as `python -m bangui`."""

from __future__ import annotations

import gc
import sys

from bangui.quick_start import import_late


def main() -> int:
    """Run this process's command line and return its exit status."""
    # Before anything else is imported: a process this short has no garbage to collect, and importing makes the
    # collector run dozens of times for nothing. Whoever starts an event loop switches it on again.
    gc.disable()
    import_late("inspect")
    from bangui.runtime import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
