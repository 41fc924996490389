"""Benchmarks of the client on real daemons, side by side in one run; `script/bench` runs them."""
