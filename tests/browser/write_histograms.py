"""Writes histograms for the browser tests: `write_histograms.py <logdir>`.

Runs a and b log `weights` at steps 0, 10, … 90 (b is wider, and two of its values are no numbers), `many` at 200 steps,
`tailed` with one value far away.
"""

from __future__ import annotations

import sys

import numpy as np

from runlens import SummaryWriter


def main() -> None:
    for run, width in (("a", 1), ("b", 3)):
        generator = np.random.default_rng(width)
        with SummaryWriter(f"{sys.argv[1]}/{run}") as writer:
            for step in range(0, 100, 10):
                values = generator.normal(step / 50, width, 400)
                if run == "b":
                    values[:2] = np.nan, np.inf
                writer.add_histogram("weights", values, step)
                writer.add_histogram("tailed", np.append(values[2:], 1e4), step)
            for step in range(200):
                writer.add_histogram("many", [0.0, 10.0], step, bins=[0, 5, 10])


main()
