"""Write videos: `write_videos.py LOGDIR`. A whole file, a cut one, and one that only says that it is a video."""

import sys
from pathlib import Path

from runlens import SummaryWriter

LEVELS = Path(__file__).parents[1] / "data" / "video" / "levels.webm"


def main(logdir: Path) -> None:
    """Write them all."""
    whole = LEVELS.read_bytes()
    for name in ("a", "b"):
        with SummaryWriter(logdir / name) as writer:
            for step in (0, 5):
                writer.add_video("episode", whole, step)
    with SummaryWriter(logdir / "c") as writer:
        writer.add_video("broken", whole[:300], 0)
        writer.add_video("broken", b"\0\0\0\x18ftypmp42" + bytes(12) + b"<script>alert(1)</script>", 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
