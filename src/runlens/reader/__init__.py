"""Logs in Python: `runlens.read(logdir)`."""
