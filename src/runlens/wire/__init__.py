"""Bytes <-> events: the only room that knows the format of event files."""
