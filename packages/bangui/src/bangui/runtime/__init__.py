"""The composition root: the one place that knows every part, and owns every task.

What only some commands need is imported by the functions that need it: `bangui status` must be done in a blink, and
asyncio alone takes longer than that.
"""

from bangui.runtime.command import main, run_command

__all__ = ["main", "run_command"]
