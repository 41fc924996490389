"""Entry point: `python -m bench`, which is what `script/bench` runs."""

from __future__ import annotations

import asyncio
import sys

from bench.options import parse_options
from bench.run import run

if __name__ == "__main__":
    sys.exit(asyncio.run(run(parse_options(sys.argv[1:]))))
