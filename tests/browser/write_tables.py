"""Write texts as TensorBoard's own package does: `write_tables.py LOGDIR`. A tensor of rank 2, and code in Markdown."""

import sys

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.plugins.text.summary import text_pb
from tensorboard.summary.writer.event_file_writer import EventFileWriter

TEXTS = {
    "table": np.array([["one", "two"], ["three", "**bold** four"]]),
    "code": "```python\ndef double(x):\n    return 2 * x\n```",
}


def main(logdir: str) -> None:
    """Log each once in run `c`."""
    writer = EventFileWriter(f"{logdir}/c")
    for tag, data in TEXTS.items():
        writer.add_event(Event(step=0, wall_time=1.7e9, summary=text_pb(tag, data)))
    writer.close()


main(sys.argv[1])
