"""`python -m bangui`: the same as `bangui`."""

from __future__ import annotations

import sys

from bangui.runtime import main

sys.exit(main())
