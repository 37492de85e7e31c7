"""Log what only pretends to be an image, each as a tag of its own: `write_hostile_images.py LOGDIR`."""

import struct
import sys
import zlib
from pathlib import Path

from runlens.wire import event
from runlens.wire.media import image_value
from runlens.wire.record import frame


def chunk(name: bytes, content: bytes) -> bytes:
    """A part of a PNG file."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, rows: bytes) -> bytes:
    """A gray picture that says a size, whatever its rows are."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


HOSTILE = {
    "bomb": png(60_000, 60_000, bytes(50_000_000)),
    "html": b"<!doctype html><script>window.top.hit = 1</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.top.hit = 1'><path d='M0 0'/></svg>",
    "good": png(4, 2, b"\0\xff\xff\xff\xff" * 2),
}


def main(logdir: Path) -> None:
    """Each says of itself that it has 7 x 9 pixels."""
    (logdir / "bad").mkdir(parents=True)
    values = [image_value(tag, 9, 7, 3, content) for tag, content in HOSTILE.items()]
    (logdir / "bad" / "events.out.tfevents.1").write_bytes(frame(event.event(1.7e9, 0, event.summary(*values))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
