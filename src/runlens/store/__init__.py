"""Event files -> an index one can ask. Knows shapes (scalar columns, entries on disk), not kinds."""
