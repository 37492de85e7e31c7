"""What the plugin pr_curves says of a tag, by the field numbers of its PrCurvePluginData."""

from runlens.wire.message import int_field


def content(num_thresholds: int) -> bytes:
    """A PrCurvePluginData of version 0."""
    return int_field(2, num_thresholds)
