"""Measurements against the peers, in the same run, on inputs made here. `make bench` prints the table."""
