"""The options of `script/bench`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.effort import FULL, QUICK, Effort
from bench.sections import ALL_SECTIONS

# Debian releases, the oldest first; their unpacked fail2ban packages are in `.cache/fail2ban`.
SUITES = ("bullseye", "bookworm", "trixie", "sid")


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure, on which versions of fail2ban, and where the tables go besides the terminal.

    `command` is what a person types to get the same.
    """

    sections: tuple[str, ...]
    suites: tuple[str, ...]
    effort: Effort
    markdown: Path | None
    command: str


def parse_options(arguments: Sequence[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description="Compare the client with others on a real fail2ban daemon, and hold it to its budgets.",
        epilog="Exit status: 0 when every budget that was measured is met, 1 when one is missed.",
    )
    parser.add_argument(
        "section", nargs="*", help=f"what to measure: {', '.join(ALL_SECTIONS)}; everything if not given"
    )
    parser.add_argument("--suite", default="bookworm", choices=[*SUITES, "all"], help="Debian release of the fail2ban")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a look, not a proof")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the tables there")
    given = parser.parse_args(arguments)
    for section in given.section:
        if section not in ALL_SECTIONS:
            parser.error(f"no section {section!r}; there are {', '.join(ALL_SECTIONS)}")
    return Options(
        sections=tuple(given.section) or ALL_SECTIONS,
        suites=SUITES if given.suite == "all" else (given.suite,),
        effort=QUICK if given.quick else FULL,
        markdown=given.markdown,
        command=" ".join(["script/bench", *arguments]),
    )
