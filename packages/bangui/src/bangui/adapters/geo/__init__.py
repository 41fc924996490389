"""Where addresses are, from tables on this machine."""
