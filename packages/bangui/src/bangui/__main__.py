"""The program `bangui`, also as `python -m bangui`."""

from __future__ import annotations

import sys

from bangui.quick_start import import_late


def main() -> int:
    """Run this process's command line and return its exit status."""
    # Before anything else is imported: the runtime itself brings dataclasses.
    import_late("inspect")
    from bangui.runtime import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
