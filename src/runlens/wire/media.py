"""Values that hold an encoded image or sound -> bytes, by the field numbers of summary.proto."""

from runlens.wire.message import bytes_field, float_field, int_field, text_field


def image_value(tag: str, height: int, width: int, channels: int, encoded: bytes) -> bytes:
    """A value that is an image file: PNG, GIF, JPEG or whatever a browser shows.

    `channels` stands in `colorspace`: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
    """
    image = int_field(1, height) + int_field(2, width) + int_field(3, channels) + bytes_field(4, encoded)
    return text_field(1, tag) + bytes_field(4, image)


def audio_value(tag: str, sample_rate: float, channels: int, frames: int, encoded: bytes, content_type: str) -> bytes:
    """A value that is a sound file; a frame is one sample of each channel."""
    audio = float_field(1, sample_rate) + int_field(2, channels) + int_field(3, frames)
    audio += bytes_field(4, encoded) + text_field(5, content_type)
    return text_field(1, tag) + bytes_field(6, audio)
