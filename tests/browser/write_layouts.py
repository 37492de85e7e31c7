"""Writes scalars and a layout of them: `write_layouts.py <logdir>`; run a has the layout, run b only scalars."""

from __future__ import annotations

import math
import sys

from runlens import SummaryWriter


def main() -> None:
    for run, shift in (("a", 0.0), ("b", 0.5)):
        with SummaryWriter(f"{sys.argv[1]}/{run}") as writer:
            for step in range(100):
                loss = math.exp(-step / 30) + shift
                writer.add_scalar("loss/train", loss, step)
                writer.add_scalar("loss/valid", 1.3 * loss, step)
                writer.add_scalar("mean/value", loss, step)
                writer.add_scalar("mean/lower", loss - 0.3, step)
                writer.add_scalar("mean/upper", loss + 0.3, step)
            writer.add_scalar("long/" + 60 * "a", 1.0)
            if run == "a":
                band = ["mean/value", "mean/lower", "mean/upper"]
                charts = {"both": ["Multiline", ["loss/.*"]], "band": ["Margin", band]}
                more = {"slow": ["Multiline", ["long/(a+)+!"]], "gone": ["Margin", ["mean/value", "x", "y"]]}
                writer.add_custom_scalars({"losses": charts, "hostile": more})


main()
