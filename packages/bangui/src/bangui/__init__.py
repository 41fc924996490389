"""BanGUI: see and steer fail2ban, from the command line and in a browser."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
