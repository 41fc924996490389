"""`python -m bangui.demo`."""

import sys

from bangui.demo.standalone import main

sys.exit(main(sys.argv[1:]))
