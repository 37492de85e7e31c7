"""A figure of matplotlib as a picture."""

import matplotlib as mpl
import numpy as np

mpl.use("Agg")  # no window is needed
from matplotlib import pyplot as plt

from runlens import SummaryWriter

x = np.linspace(0, 10, 200)
with SummaryWriter("logs/add_figure") as writer:
    for step in range(5):
        figure, axes = plt.subplots(figsize=(5, 3))
        axes.plot(x, np.sin(x + step))
        axes.set_title(f"step {step}")
        writer.add_figure("sine", figure, step)  # the figure is closed afterwards
