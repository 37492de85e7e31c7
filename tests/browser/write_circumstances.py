"""Write runs that tell of their circumstances and mark moments: `write_circumstances.py LOGDIR`."""

import json
import sys
from pathlib import Path

from runlens import SummaryWriter
from runlens.wire import event, tensor
from runlens.wire.record import frame

DIFF = """diff --git a/model.py b/model.py
--- a/model.py
+++ b/model.py
@@ -1,2 +1,2 @@
 import torch
-depth = 4
+depth = {}
"""


def main(logdir: Path) -> None:
    """Two runs that differ in host, a package and their changes, and one that says nothing."""
    for number, run in enumerate("ab"):
        with SummaryWriter(logdir / run) as writer:
            for step in range(100):
                writer.add_scalar("loss", 1 / (step + 1 + number), step, walltime=1.7e9 + step)
            writer.add_event("lr drop", 50, 1.7e9 + 50, description="0.1 to 0.01")
            writer.add_event("only " + run, 20 + 60 * number, 1.7e9 + 20 + 60 * number)
        info = {
            "started": 1.7e9 + number,
            "command": ["python", "train.py", "--note", "two words"],
            "directory": "/home/ada/model",
            "host": f"gpu{number}",
            "platform": "Linux-6.8",
            "cpu": "EPYC",
            "cpu_count": 64,
            "gpus": ["H100", "H100"],
            "python": "3.12.1",
            "packages": {"numpy": "2.1.0", "torch": f"2.{12 + number}.0"} | {f"package{i}": "1.0" for i in range(40)},
            "git": {"root": "/home/ada/model", "commit": "c0ffee0123", "branch": "main", "is_dirty": True}
            | {"diff": DIFF.format(number + 6), "untracked": ["notes.txt"], "untracked_count": 1},
        }
        metadata = event.metadata("runlens_run_info", data_class=event.DATA_CLASS_TENSOR)
        value = event.tensor_value("__run_info__", tensor.of_strings([json.dumps(info).encode()], ()), metadata)
        (logdir / run / "events.out.tfevents.2").write_bytes(frame(event.event(1.7e9, 0, event.summary(value))))
    with SummaryWriter(logdir / "bare") as writer:
        writer.add_scalar("loss", 0.5, 0, walltime=1.7e9)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
