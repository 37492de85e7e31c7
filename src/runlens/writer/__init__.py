"""A training script -> event files."""
