"""An array as it is, for scripts: `runlens.read` gives it back."""

import numpy as np

import runlens

with runlens.SummaryWriter("logs/add_tensor") as writer:
    writer.add_tensor("confusion", np.array([[50, 2], [5, 43]]), 0)

(logged,) = runlens.read("logs/add_tensor").tensors(".", "confusion")
print(logged.value)
